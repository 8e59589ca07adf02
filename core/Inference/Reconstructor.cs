using MedTransfer.Evaluation.Classification;
using MedTransfer.Evaluation.Images;
using MedTransfer.Models;
using MedTransfer.Numerics;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>What an autoencoder makes of a set of images, in file order, without gradients and in evaluation mode. Pixels count from 0 to 1.</summary>
/// <param name="Model">The model; its mode is left as evaluation.</param>
public sealed record Reconstructor(Autoencoder Model)
{
    /// <summary>Threads that compare images, at least 1: those of a training unless set. Their number changes no result.</summary>
    public int Threads { get; init; } = ComputeDevice.Threads;

    /// <summary>The window of the structural similarity is so wide.</summary>
    internal const int LeastImageSize = StructuralSimilarity.Window;

    /// <summary>Mean squared error of images (N, C, S, S) in [-1, 1] drawn again, both taken to [0, 1]: a scalar tensor.</summary>
    public static Tensor Loss(Autoencoder model, Tensor images) => nn.functional.mse_loss(model.forward(images), ToUnit(images));

    /// <summary>Mean squared error over pixels and images.</summary>
    public double Loss(ImageSet images)
    {
        var sum = 0.0;
        ForwardPass.ForEach(Model, Model.Layers, images, batch => sum += Loss(Model, batch).item<float>() * (double)batch.shape[0]);
        return sum / images.Count;
    }

    /// <summary>How near the reconstructions come to the images, where the data range is 1, with embeddings and reconstructions of the first, from one pass.</summary>
    /// <param name="mostEmbeddings">So many embeddings at most; 0 for none.</param>
    /// <param name="mostReconstructions">So many reconstructions at most, rounded from [0, 1] to 0 to 255; 0 for none.</param>
    public SplitOutput Pass(ImageSet images, int mostEmbeddings = 0, int mostReconstructions = 0)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = NewDisposeScope();
        var (errors, embedded, drawn) = (new List<ImageError>(images.Count), new List<Tensor>(), new List<Tensor>());
        ForwardPass.ForEach(Model, Model.Layers, images, batch =>
        {
            var embeddings = Model.Features.call(batch);
            var reconstructions = Model.Decoder.call(embeddings);
            if (errors.Count < mostEmbeddings)
                embedded.Add(First(embeddings, mostEmbeddings - errors.Count));
            if (errors.Count < mostReconstructions)
                drawn.Add(First(reconstructions.mul(Scalars.Kept(255)).round_().to(ScalarType.Byte), mostReconstructions - errors.Count));
            errors.AddRange(ImageFidelity.OfEach(ToUnit(batch).flatten(1).ToMatrix(), reconstructions.flatten(1).ToMatrix(), images.Shape, threads: Threads));
        });
        var fidelity = ImageFidelity.Mean(errors);
        return new(fidelity.Mse, new Scores { Images = fidelity.Images, Values = fidelity.ToValues() }, new float[images.Count, 0], embedded.Count > 0 ? cat(embedded).ToMatrix() : null)
        {
            Reconstructions = drawn.Count > 0 ? cat(drawn).ToImages() : null,
        };
    }

    private static Tensor First(Tensor values, int most) => values.slice(0, 0, Math.Min(most, values.shape[0]), 1).clone().MoveToOuterDisposeScope();

    private static Tensor ToUnit(Tensor images) => images.add(Scalars.One, Scalars.One).mul_(Scalars.Kept(0.5));
}
