using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Numerics;
using MedTransfer.Trials.Artefacts;
using static TorchSharp.torch;

namespace MedTransfer.Trials;

/// <summary>
/// The pixels of the images that a trial saw, in place of embeddings: what a regression on pixels works on. From the dataset, as a trial's
/// folder would have to hold four times what that takes.
/// </summary>
public static class RawPixels
{
    /// <summary>Images that are floats at a time.</summary>
    private const int Block = 256;

    /// <summary>Pixels a side that images of so many have here.</summary>
    public static int SideOf(int imageSize) => AveragedPixels.SideOf(imageSize);

    /// <summary>The pixels of a split, a row an image, in [-1, 1] as models see them, with the class of each: of train, 10,000 images at most.</summary>
    /// <param name="whole">The dataset that <paramref name="data"/> names, before its sample is drawn.</param>
    /// <param name="data">Which of its images.</param>
    public static LabelledEmbeddings Of(Dataset whole, DataReference data, SplitName split) => Of(whole, data, split, AveragedPixels.Of);

    /// <summary>The same of what becomes of some images, (N, C, S, S) in [-1, 1], by <paramref name="represent"/>: (N, D).</summary>
    internal static LabelledEmbeddings Of(Dataset whole, DataReference data, SplitName split, Func<Tensor, Tensor> represent)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var drawn = data.Draw(whole);
        var labels = drawn[split].Labels;
        var count = split == SplitName.Train ? Math.Min(labels.Count, TrialFolder.MostTrainEmbeddings) : labels.Count;
        return LabelledEmbeddings.Of(Points(drawn[split], count, represent), labels);
    }

    private static float[,] Points(Split split, int count, Func<Tensor, Tensor> represent)
    {
        using var scope = NewDisposeScope();
        using var images = new ImageSet(split, CPU);
        var parts = new List<Tensor>();
        for (var start = 0; start < count; start += Block)
        {
            using var block = NewDisposeScope();
            parts.Add(represent(images.Images(start, Math.Min(start + Block, count))).MoveToOuterDisposeScope());
        }

        return cat(parts).ToMatrix();
    }
}
