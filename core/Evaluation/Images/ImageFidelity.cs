using MedTransfer.Numerics;
using MedTransfer.Reduction;

namespace MedTransfer.Evaluation.Images;

/// <summary>How near reconstructions come to their images, over a set.</summary>
public sealed record ImageFidelity
{
    /// <summary>Number of images, at least 1.</summary>
    public required int Images { get; init; }

    /// <summary>Mean squared error over pixels, channels and images, in squared units of the data.</summary>
    public required double Mse { get; init; }

    /// <summary>
    /// Mean over images of each image's peak signal-to-noise ratio, in dB: the figure usually reported. Exact reconstructions, which have
    /// none, are left out; null where all are exact.
    /// </summary>
    public required double? Psnr { get; init; }

    /// <summary>
    /// 10 log10(range^2 / <see cref="Mse"/>) in dB, the ratio of all images as one: where none is exact at most <see cref="Psnr"/> (Jensen),
    /// and less where some images are much worse than others. Null where all are exact.
    /// </summary>
    public required double? PsnrOfMeanMse { get; init; }

    /// <summary>Mean over images of the structural similarity, -1 to 1 (exact): Gaussian window of 11 pixels, as published.</summary>
    public required double Ssim { get; init; }

    /// <summary>The same as metrics by name.</summary>
    public MetricValues ToValues() =>
        new([new(Metric.Mse, Mse), new(Metric.Psnr, Psnr), new(Metric.PsnrOfMeanMse, PsnrOfMeanMse), new(Metric.Ssim, Ssim)]);

    /// <summary>From metrics by name; null where they are of something else.</summary>
    public static ImageFidelity? OfValues(int images, MetricValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values[Metric.Mse] is { } mse && values[Metric.Ssim] is { } ssim
            ? new() { Images = images, Mse = mse, Psnr = values[Metric.Psnr], PsnrOfMeanMse = values[Metric.PsnrOfMeanMse], Ssim = ssim }
            : null;
    }

    /// <summary>The means over a set of images.</summary>
    /// <inheritdoc cref="OfEach" path="/param"/>
    public static ImageFidelity Of(float[,] images, float[,] reconstructions, ImageShape shape, double range = 1) =>
        Mean(OfEach(images, reconstructions, shape, range), range);

    /// <summary>The means over images of what <see cref="OfEach"/> found with the same range.</summary>
    public static ImageFidelity Mean(IReadOnlyList<ImageError> each, double range = 1)
    {
        ArgumentNullException.ThrowIfNull(each);
        if (each.Count == 0)
            throw new MedTransferException($"{Name} is a mean over images, and there are none: give some.");
        var mse = each.Average(error => error.Mse);
        return new ImageFidelity
        {
            Images = each.Count,
            Mse = mse,
            Psnr = each.Average(error => error.Psnr),
            PsnrOfMeanMse = ImageError.PsnrOf(mse, range),
            Ssim = each.Average(error => error.Ssim),
        };
    }

    /// <summary>The errors of each image.</summary>
    /// <param name="images">(N, C H W), finite.</param>
    /// <param name="reconstructions">(N, C H W), finite; may leave the range.</param>
    /// <param name="shape">What a row is; at least 11 pixels high and wide, for the window.</param>
    /// <param name="range">Largest less smallest value that a pixel can have: 1 for data in [0, 1].</param>
    /// <param name="threads">Most threads to use, 1 or more; null for every core. Never changes the result.</param>
    public static ImageError[] OfEach(float[,] images, float[,] reconstructions, ImageShape shape, double range = 1, int? threads = null)
    {
        Require(images, reconstructions, shape, range);
        var each = new ImageError[images.GetLength(0)];
        FixedOrder.ForEachPart((each.Length + Block - 1) / Block, threads, block =>
        {
            var similarity = new StructuralSimilarity(shape.Height, shape.Width, range);
            var left = PointMatrix.Values(images);
            var right = PointMatrix.Values(reconstructions);
            for (var i = block * Block; i < Math.Min((block + 1) * Block, each.Length); i++)
            {
                var start = i * shape.Pixels;
                each[i] = Of(left.Slice(start, shape.Pixels), right.Slice(start, shape.Pixels), shape, range, similarity);
            }
        });
        return each;
    }

    private const string Name = "Image fidelity";

    /// <summary>Images that share one set of buffers.</summary>
    private const int Block = 256;

    private static ImageError Of(
        ReadOnlySpan<float> image, ReadOnlySpan<float> reconstruction, ImageShape shape, double range, StructuralSimilarity similarity)
    {
        double squares = 0, similar = 0;
        for (var i = 0; i < image.Length; i++)
        {
            var difference = (double)image[i] - reconstruction[i];
            squares += difference * difference;
        }

        var plane = shape.Height * shape.Width;
        for (var start = 0; start < image.Length; start += plane)
            similar += similarity.Of(image.Slice(start, plane), reconstruction.Slice(start, plane));

        var mse = squares / image.Length;
        return new ImageError(mse, ImageError.PsnrOf(mse, range), similar / shape.Channels);
    }

    private static void Require(float[,] images, float[,] reconstructions, ImageShape shape, double range)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(reconstructions);
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Channels < 1 || Math.Min(shape.Height, shape.Width) < StructuralSimilarity.Window)
            throw new MedTransferException(
                $"{Name} compares windows of {StructuralSimilarity.Window} pixels, and the images have {shape.Channels} channels of " +
                $"{shape.Height} x {shape.Width}: enlarge them.");
        if (images.GetLength(0) != reconstructions.GetLength(0))
            throw new MedTransferException(
                $"{Name} got {images.GetLength(0)} images and {reconstructions.GetLength(0)} reconstructions: give one of each.");
        if (images.GetLength(1) != shape.Pixels || reconstructions.GetLength(1) != shape.Pixels)
            throw new MedTransferException(
                $"{Name} got images of {images.GetLength(1)} and reconstructions of {reconstructions.GetLength(1)} numbers, but " +
                $"{shape.Channels} x {shape.Height} x {shape.Width} pixels are {shape.Pixels}: give the shape of these images.");
        if (!(range > 0) || !double.IsFinite(range))
            throw new MedTransferException(FormattableString.Invariant($"{Name} needs the range of the data, above 0, not {range}: for data in [0, 1] it is 1."));
        PointMatrix.RequireFinite(images, Name);
        PointMatrix.RequireFinite(reconstructions, Name);
        RequireRange(images, range);
    }

    /// <summary>Pixels of 0 to 255 with a range of 1 would give a PSNR 48 dB too low, and nobody would see it.</summary>
    private static void RequireRange(float[,] images, double range)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var pixel in images)
            (low, high) = (Math.Min(low, pixel), Math.Max(high, pixel));
        if (high - low > range * (1 + 1e-6))
            throw new MedTransferException(FormattableString.Invariant($"{Name} got images from {low} to {high}, more than their range of {range}: give the range of the data."));
    }
}

/// <summary>How far one image is from its reconstruction.</summary>
/// <param name="Mse">Mean over pixels and channels of the squared difference, in squared units of the data.</param>
/// <param name="Psnr">Peak signal-to-noise ratio, 10 log10(range^2 / Mse), in dB; null for an exact reconstruction, which has no noise.</param>
/// <param name="Ssim">Structural similarity, -1 to 1 (exact), mean over channels.</param>
public readonly record struct ImageError(double Mse, double? Psnr, double Ssim)
{
    internal static double? PsnrOf(double mse, double range) => mse == 0 ? null : 10 * Math.Log10(range * range / mse);
}

/// <summary>How a row of pixels is an image: channel after channel, each row after row, as a network gives them.</summary>
/// <param name="Channels">1 for grey, 3 for colour.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
public sealed record ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Numbers a row holds.</summary>
    public int Pixels => Channels * Height * Width;
}
