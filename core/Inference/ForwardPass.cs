using MedTransfer.Models;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>Passes images through a model in file order, without gradients and in evaluation mode, a batch at a time.</summary>
internal static class ForwardPass
{
    /// <summary>
    /// Joins what <paramref name="map"/> makes of each batch, float32 (n, C, S, S), in one tensor of all images.
    /// </summary>
    public static Tensor Map(FeatureLayers model, ImageSet images, Func<Tensor, Tensor> map)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor? all = null;
        var done = 0L;
        ForEach(model, model, images, batch => done += Put(ref all, images.Count, done, map(batch)));
        return all!.MoveToOuterDisposeScope();
    }

    /// <summary>The same of values that the first layers made of the images, (N, ...): batches of as many images, so that bits are those of a whole pass.</summary>
    public static Tensor Map(FeatureLayers model, ImageSet images, Tensor values, Func<Tensor, Tensor> map)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        model.eval();
        var size = model.BatchSize(images.Shape.Height);
        Tensor? all = null;
        for (var start = 0; start < images.Count; start += size)
        {
            using var batch = NewDisposeScope();
            Put(ref all, images.Count, start, map(values.slice(0, start, Math.Min(start + size, images.Count), 1)));
        }

        return all!.MoveToOuterDisposeScope();
    }

    /// <summary>Shows each batch to <paramref name="visit"/>, whose tensors are disposed of after it.</summary>
    /// <param name="model">Is left in evaluation mode.</param>
    /// <param name="features">The part of it that sees images, which says how many it takes at a time.</param>
    public static void ForEach(nn.Module model, FeatureLayers features, ImageSet images, Action<Tensor> visit)
    {
        using var noGradient = no_grad();
        model.eval();
        var size = features.BatchSize(images.Shape.Height);
        for (var start = 0; start < images.Count; start += size)
        {
            using var scope = NewDisposeScope();
            visit(images.Images(start, Math.Min(start + size, images.Count)));
        }
    }

    // into its place, so that no more memory is taken than the whole
    private static long Put(ref Tensor? all, int count, long start, Tensor part)
    {
        all ??= empty([count, .. part.shape[1..]], part.dtype, part.device).MoveToOuterDisposeScope();
        all.narrow(0, start, part.shape[0]).copy_(part);
        return part.shape[0];
    }
}
