using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.TwoViews;

/// <summary>The loss of projections (n, H) of two views of the same n images, at least 2: a scalar with a gradient.</summary>
internal delegate Tensor PairLoss(Tensor first, Tensor second);

/// <summary>Draws two views of each image and says what their projections lose.</summary>
/// <param name="Augmentation">Draws the views.</param>
internal sealed record ViewPairs(TwoViewEncoder Encoder, Augmentation Augmentation, PairLoss PairLoss)
{
    /// <summary>Losses that are compared, of epochs and of splits, are of the same views.</summary>
    private const ulong Seed = 0;

    /// <summary>Of images (n, C, S, S), both views in one pass: a scalar with a gradient. Of one image 0, as there is nothing to tell it apart from.</summary>
    /// <param name="draws">Generator on the images' device; null for that device's global one.</param>
    public Tensor Loss(Tensor images, Generator? draws = null)
    {
        var count = images.shape[0];
        var projections = Encoder.call(cat([Augmentation.Apply(images, draws), Augmentation.Apply(images, draws)]));
        return count < 2 ? projections.sum().mul(Scalars.Kept(0)) : PairLoss(projections.narrow(0, 0, count), projections.narrow(0, count, count));
    }

    /// <summary>
    /// Mean loss over images, without gradients, in evaluation mode and without a draw from any generator of others: batches of the same images and views every time, as many a batch as in training, as
    /// the loss depends on that.
    /// </summary>
    public double MeanLoss(ImageSet images, int batchSize)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var shuffling = new Generator(Seed);
        using var viewing = new Generator(Seed, images.Device);
        Encoder.eval();
        var order = NoneAlone(ILearner.Shuffled(images.Count, shuffling), batchSize).to(images.Device);
        var sum = 0.0;
        foreach (var indices in order.split(batchSize))
        {
            using var batch = NewDisposeScope();
            sum += Loss(images.Images(indices), viewing).item<float>() * (double)indices.shape[0];
        }

        return sum / order.shape[0];
    }

    /// <summary>The images in that order, int64 (N), without the last where it would be a batch by itself.</summary>
    public static Tensor NoneAlone(Tensor order, int batchSize)
    {
        var count = order.shape[0];
        return count > 1 && count % batchSize == 1 ? order.narrow(0, 0, count - 1) : order;
    }
}

/// <summary>The beginning of a split.</summary>
internal static class FirstImages
{
    /// <summary>Its first images on a device; the caller disposes of them.</summary>
    /// <param name="most">So many at most.</param>
    public static ImageSet First(this Split split, int most, Device device)
    {
        using var first = split.Subset([.. Enumerable.Range(0, Math.Min(most, split.Count))]);
        return new ImageSet(first, device);
    }
}
