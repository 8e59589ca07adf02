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
        ForwardPass.ForEach(Model, images, batch => sum += Loss(Model, batch).item<float>() * (double)batch.shape[0]);
        return sum / images.Count;
    }

    /// <summary>How near the reconstructions come to the images; the data range is 1.</summary>
    public ImageFidelity Assess(ImageSet images)
    {
        var errors = new List<ImageError>(images.Count);
        ForwardPass.ForEach(Model, images, batch => errors.AddRange(ImageFidelity.OfEach(
            ToUnit(batch).flatten(1).ToMatrix(), Model.forward(batch).flatten(1).ToMatrix(), images.Shape, threads: Threads)));
        return ImageFidelity.Mean(errors);
    }

    /// <summary>The first <paramref name="limit"/> images drawn again, all without a limit: uint8 (n, C, S, S), rounded from [0, 1] to 0 to 255.</summary>
    public Tensor Reconstructions(ImageSet images, int? limit = null) =>
        ForwardPass.Map(Model, images, batch => Model.forward(batch).mul_(Scalars.Kept(255)).round_().to(ScalarType.Byte), limit);

    /// <summary>Embeddings of the first <paramref name="limit"/> images, of all without a limit: float32 (n, D).</summary>
    public Tensor Embeddings(ImageSet images, int? limit = null) => ForwardPass.Map(Model, images, Model.Features.call, limit);

    private static Tensor ToUnit(Tensor images) => images.add(Scalars.One, Scalars.One).mul_(Scalars.Kept(0.5));
}
