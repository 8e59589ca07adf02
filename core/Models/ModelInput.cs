using System.Globalization;
using System.Text.Json.Serialization;
using MedTransfer.Data;
using MedTransfer.Models.Onnx.Export;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>What a network is given of an image: how large, and how its pixels are scaled. Default as the data has it, in [-1, 1].</summary>
public sealed record ModelInput
{
    /// <summary>Larger images than any published backbone has seen, and than fit in a batch.</summary>
    public const int LargestImageSize = 1024;

    /// <summary>
    /// Pixels a side, 8 to <see cref="LargestImageSize"/>: images are enlarged bilinearly, shrunk bilinearly with antialiasing (a triangle as wide
    /// as the pixels that become one); null, the default, as the data has them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ImageSize { get; init; }

    /// <summary>How pixels are scaled; null, the default, to [-1, 1].</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PixelScale? Pixels { get; init; }

    /// <summary>Pixels a side that the network sees of such data.</summary>
    public int SizeOn(DatasetInfo data) => ImageSize ?? data.ImageSize;

    /// <summary>Channels that the network sees of such data: three where each has a scale of its own, as grey images then count as red, green and blue.</summary>
    public int ChannelsOn(DatasetInfo data) => Pixels is { Mean.Count: > 1 } own ? own.Mean.Count : data.Channels;

    /// <summary>Images (N, C, S, S) in [-1, 1] as the network sees them.</summary>
    internal Tensor Of(Tensor images)
    {
        var sized = Sized(images);
        return Pixels is null || Pixels == PixelScale.Symmetric ? sized : Pixels.Of(sized);
    }

    /// <summary>Images (N, C, S, S) as large as the network sees them, their pixels as they are.</summary>
    internal Tensor Sized(Tensor images) => ImageSize is { } side && side != images.shape[3] ? Resized(images, side) : images;

    /// <summary>The same in a graph.</summary>
    internal GraphImages AddTo(OnnxGraph graph, GraphImages images)
    {
        var sized = ImageSize is { } side && side != images.Side ? graph.Resampled(images, "resizing", FixedResampling.Bilinear(images.Side, side)) : images;
        return Pixels is null || Pixels == PixelScale.Symmetric ? sized : Pixels.AddTo(graph, sized);
    }

    /// <summary>The input, if it lies in its ranges.</summary>
    /// <exception cref="MedTransferException">It does not; the message says what is wrong.</exception>
    public ModelInput Checked()
    {
        if (ImageSize is not (null or (>= 8 and <= LargestImageSize)))
            throw new MedTransferException($"The image size is {ImageSize}, but must be 8 to {LargestImageSize} pixels a side.") { IsUsage = true };
        Pixels?.Checked();
        return this;
    }

    // half-pixel centres, as PIL and PyTorch have them
    private static Tensor Resized(Tensor images, int side) =>
        nn.functional.interpolate(images, [side, side], mode: InterpolationMode.Bilinear, align_corners: false, antialias: side < images.shape[3]);
}

/// <summary>How pixels are scaled: from 0 to 1, black to white, less the mean, over the deviation.</summary>
/// <param name="Mean">One number for all channels, or three: red, green and blue.</param>
/// <param name="Deviation">As many, above 0.</param>
public sealed record PixelScale(IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation)
{
    /// <summary>To [-1, 1].</summary>
    public static PixelScale Symmetric { get; } = new([0.5], [0.5]);

    /// <summary>Left in [0, 1].</summary>
    public static PixelScale Unit { get; } = new([0], [1]);

    /// <summary>Mean and deviation of ImageNet's training images, as torchvision's weights expect them.</summary>
    public static PixelScale ImageNet { get; } = new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

    /// <summary>As it is typed, means before a slash and deviations behind: <c>0.485,0.456,0.406/0.229,0.224,0.225</c>.</summary>
    public override string ToString() => $"{Text(Mean)}/{Text(Deviation)}";

    /// <summary>The scale that is typed so; null where the text is none.</summary>
    public static PixelScale? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('/') is [var means, var deviations] && Numbers(means) is { } mean && Numbers(deviations) is { } deviation ? new(mean, deviation) : null;
    }

    /// <summary>Images (N, C, S, S) in [-1, 1], scaled: (N, 3, S, S) where each channel has a scale of its own.</summary>
    internal Tensor Of(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var factor = PerChannel(Factors, images.device);
        using var offset = PerChannel(Offsets, images.device);
        return images.mul(factor).add_(offset, Scalars.One).MoveToOuterDisposeScope();
    }

    /// <summary>The same in a graph.</summary>
    internal GraphImages AddTo(OnnxGraph graph, GraphImages images)
    {
        var scaled = graph.Node("Mul", [images.Name, graph.Floats("pixel factors", [1, Mean.Count, 1, 1], Factors)]);
        var moved = graph.Node("Add", [scaled, graph.Floats("pixel offsets", [1, Mean.Count, 1, 1], Offsets)]);
        return images with { Name = moved, Channels = Math.Max(images.Channels, Mean.Count) };
    }

    /// <inheritdoc/>
    public bool Equals(PixelScale? other) => other is not null && Mean.SequenceEqual(other.Mean) && Deviation.SequenceEqual(other.Deviation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mean.Count, Mean[0], Deviation[0]);

    internal void Checked()
    {
        if (Mean.Count is not (1 or 3) || Deviation.Count != Mean.Count)
            throw new MedTransferException($"The scale of pixels has {Mean.Count} means and {Deviation.Count} deviations, but must have one of each, or three.") { IsUsage = true };
        foreach (var mean in Mean.Where(mean => !double.IsFinite(mean)))
            throw new MedTransferException(FormattableString.Invariant($"The mean of pixels is {mean}, but must be a number.")) { IsUsage = true };
        foreach (var number in Mean.Concat(Deviation).Where(number => Math.Abs(number) > 1))
            throw new MedTransferException(FormattableString.Invariant($"The scale of pixels has {number}, but pixels are from 0 to 1, and so are their mean and deviation: divide what is of pixels from 0 to 255 by 255.")) { IsUsage = true };
        foreach (var deviation in Deviation.Where(deviation => deviation is not > 0))
            throw new MedTransferException(FormattableString.Invariant($"The deviation of pixels is {deviation}, but must be above 0.")) { IsUsage = true };
    }

    private static string Text(IEnumerable<double> numbers) => string.Join(',', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));

    private static double[]? Numbers(string text)
    {
        var numbers = text.Split(',', StringSplitOptions.TrimEntries).Select(number => double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var read) ? read : double.NaN).ToArray();
        return numbers.All(double.IsFinite) ? numbers : null;
    }

    // a pixel x of [-1, 1] is (x + 1) / 2 of [0, 1]
    private float[] Factors => [.. Deviation.Select(deviation => (float)(1 / (2 * deviation)))];

    private float[] Offsets => [.. Mean.Zip(Deviation, (mean, deviation) => (float)((0.5 - mean) / deviation))];

    // (1, C, 1, 1): a grey image of one channel becomes three beside it
    private static Tensor PerChannel(float[] values, Device device) => tensor(values, device: device).reshape(1, -1, 1, 1);
}
