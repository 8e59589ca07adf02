using MedTransfer.Data;
using MedTransfer.Data.Phantoms;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tasks;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Inference.Saliency;

/// <summary>The CNN, trained to tell phantoms with pneumonia, and test images that have it, with where it is.</summary>
public sealed class TrainedOnPhantoms : IDisposable
{
    private const int Count = 100;

    /// <summary>What changed a pixel by fewer grey levels is hard to see between noise of 1 to 3.</summary>
    private const int LeastGrey = 8;

    private static readonly Phantom Phantom = new(PhantomKind.Pneumonia, 28);

    private readonly Dataset data = Phantom.Load(threads: 1);
    private readonly int[] ill;

    public TrainedOnPhantoms()
    {
        ill = [.. Enumerable.Range(0, data.Test.Count).Where(image => data.Test.Labels[image, 0] == 1).Take(Count)];
        Model = Trained(seed: 1);
        Images = First(Count);
        Masks = new bool[Count, Phantom.ImageSize, Phantom.ImageSize];
        for (var image = 0; image < Count; image++)
        {
            var grey = Phantom.Masks(SplitName.Test, ill[image]);
            for (var row = 0; row < Phantom.ImageSize; row++)
            {
                for (var column = 0; column < Phantom.ImageSize; column++)
                    Masks[image, row, column] = grey[0, row, column] >= LeastGrey;
            }
        }
    }

    public LearningTask Task { get; } = LearningTask.Of(LabelTask.BinaryClass);

    public Classifier Model { get; }

    public ImageSet Images { get; }

    /// <summary>(100, S, S).</summary>
    public bool[,,] Masks { get; }

    public static Classifier Random() => Classifier.Create(new(), Phantom.Info, seed: 2);

    public Classifier Trained(long seed)
    {
        var model = Classifier.Create(new(), Phantom.Info, seed);
        Objective.Classification.Fit(model, new(new(data), new(), TransferPlan.Scratch, new() { Epochs = 8 }, seed, CPU));
        return model;
    }

    /// <summary>The first images alone; the caller disposes of them.</summary>
    public ImageSet First(int count)
    {
        using var few = data.Test.Subset(ill[..count]);
        return new(few, CPU);
    }

    public void Dispose()
    {
        Images.Dispose();
        Model.Dispose();
        data.Dispose();
    }
}
