using MedTransfer.Models;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Inference.Saliency;

/// <summary>
/// Occlusion (Zeiler and Fergus 2014): how much the probability of a class or finding falls when a square patch of the image is greyed out, for
/// models of any kind, at a pass for every place of the patch. The grey is the mean of the image's own border, channel by channel: of a medical image
/// mostly what is beside the body. The mean of the whole image is brighter than lungs, and a patch of it there is an opacity that was not: of a CNN
/// such maps point at phantoms' pneumonia no more often than a random place does, those of the border's four times as often.
/// </summary>
/// <param name="Model">The model; its mode is left as evaluation.</param>
/// <param name="Task">What its logits mean.</param>
public sealed record Occlusion(Classifier Model, LearningTask Task)
{
    /// <summary>Pixels a side of the patch, 1 to those of the image; null, the default, for a seventh of the image's, rounded.</summary>
    public int? Patch { get; init; }

    /// <summary>Pixels from one place of the patch to the next, at least 1; null, the default, for half the patch's side: about 170 passes an image.</summary>
    public int? Stride { get; init; }

    /// <summary>
    /// A map an image, (n, S, S) in [0, 1]: of each pixel the mean, over the patches that hide it, of how much the probability falls, divided by the
    /// highest; 0 where it rises.
    /// </summary>
    /// <param name="output">The class or finding, 0 to K - 1.</param>
    /// <exception cref="MedTransferException">The model has no such output, or a length is out of its range.</exception>
    public float[,,] Of(ImageSet images, int output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        Outputs.Require(Model, output);
        var side = images.Shape.Height;
        var patch = Patch ?? Math.Max(1, (int)Math.Round(side / 7.0));
        var stride = Stride ?? Math.Max(1, patch / 2);
        if (patch < 1 || patch > side)
            throw new MedTransferException($"The patch is {patch} pixels a side, but must be 1 to {side}, those of the images.") { IsUsage = true };
        if (stride < 1)
            throw new MedTransferException($"The stride is {stride} pixels, but must be at least 1.") { IsUsage = true };
        using var noGradient = no_grad();
        Model.eval();
        var (starts, maps) = (Starts(side, patch, stride), new float[images.Count, side, side]);
        for (var image = 0; image < images.Count; image++)
        {
            using var scope = NewDisposeScope();
            var falls = Falls(images.Images(image, image + 1), starts, patch, output, cancellation);
            Spread(falls, starts, patch, side, UnitRange.MapOf(maps, image));
        }

        UnitRange.Scale(maps);
        return maps;
    }

    /// <summary>Where patches begin, along rows as along columns: every stride, and at the far edge, so that each pixel is hidden.</summary>
    internal static int[] Starts(int side, int patch, int stride)
    {
        var last = side - patch;
        return [.. Enumerable.Range(0, (last + stride - 1) / stride).Select(place => place * stride), last];
    }

    // for each place of the patch, row after row
    private double[] Falls(Tensor image, int[] starts, int patch, int output, CancellationToken cancellation)
    {
        var (whole, grey) = (Probabilities(image, output)[0], BorderMean(image));
        var places = starts.SelectMany(top => starts.Select(left => (Top: top, Left: left)));
        var falls = new List<double>(starts.Length * starts.Length);
        foreach (var some in places.Chunk(Model.Layers.BatchSize((int)image.shape[2])))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var hidden = image.repeat(some.Length, 1, 1, 1);
            for (var place = 0; place < some.Length; place++)
                hidden.narrow(0, place, 1).narrow(2, some[place].Top, patch).narrow(3, some[place].Left, patch).copy_(grey);
            falls.AddRange(Probabilities(hidden, output).Select(probability => whole - probability));
        }

        return [.. falls];
    }

    // (1, C, 1, 1)
    private static Tensor BorderMean(Tensor image)
    {
        var last = image.shape[2] - 1;
        return cat([image.select(2, 0), image.select(2, last), image.select(3, 0), image.select(3, last)], 2).mean([2], keepdim: true).unsqueeze(3);
    }

    // of logits as doubles: a probability near 1 has no digits left in single precision
    private double[] Probabilities(Tensor images, int output) =>
        Task.Probabilities(Model.forward(images).to(ScalarType.Float64)).select(1, output).cpu().contiguous().data<double>().ToArray();

    private static void Spread(double[] falls, int[] starts, int patch, int side, Span<float> map)
    {
        var (sums, counts) = (new double[side * side], new int[side * side]);
        for (var place = 0; place < falls.Length; place++)
        {
            var (top, left) = (starts[place / starts.Length], starts[place % starts.Length]);
            for (var row = top; row < top + patch; row++)
            {
                for (var pixel = row * side + left; pixel < row * side + left + patch; pixel++)
                {
                    sums[pixel] += falls[place];
                    counts[pixel]++;
                }
            }
        }

        for (var pixel = 0; pixel < map.Length; pixel++)
            map[pixel] = (float)(sums[pixel] / counts[pixel]);
    }
}
