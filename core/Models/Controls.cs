using MedTransfer.Models.Onnx.Export;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>
/// The pixels themselves, of larger images averaged to 28 pixels a side, so that a regression on them has hundreds of columns and not tens of
/// thousands: images (N, C, S, S) in [-1, 1] to (N, C min(S, 28)^2).
/// </summary>
internal sealed class AveragedPixels() : FeatureLayers(nameof(AveragedPixels), new())
{
    /// <summary>Pixels a side at most: those of MedMNIST's own images.</summary>
    public const int MostSide = 28;

    public static Architecture Entry() => new((_, _) => new AveragedPixels())
    {
        Name = "pixelRegression",
        Title = "pixel regression",
        Description = $"a linear model on the pixels, of larger images averaged to {MostSide} a side",
        IsControl = true,
        EmbeddingWidth = (_, data) => data.Channels * SideOf(data.ImageSize) * SideOf(data.ImageSize),
    };

    /// <summary>Pixels a side that images of so many have here.</summary>
    public static int SideOf(int imageSize) => Math.Min(imageSize, MostSide);

    protected override Tensor Pass(Tensor values, int from, int to) => Of(values);

    protected override string AddLayers(OnnxGraph graph, GraphImages images) =>
        graph.Flat((images.Side > MostSide ? graph.Resampled(images, "averaging", FixedResampling.Windows(images.Side, MostSide)) : images).Name);

    /// <summary>The averaged pixels, a row an image.</summary>
    public static Tensor Of(Tensor images) =>
        (images.shape[2] > MostSide ? nn.functional.adaptive_avg_pool2d(images, [MostSide, MostSide]) : images).flatten(1);
}

/// <summary>Sees nothing: every image (N, C, S, S) becomes the same embedding, one zero, so that a head on it can only learn its bias.</summary>
internal sealed class NoFeatures() : FeatureLayers(nameof(NoFeatures), new())
{
    public static Architecture Entry() => new((_, _) => new NoFeatures())
    {
        Name = "majorityClass",
        Title = "majority class",
        Description = "nothing of the image: how frequent each class is",
        IsControl = true,
        EmbeddingWidth = (_, _) => 1,
    };

    protected override Tensor Pass(Tensor values, int from, int to) =>
        zeros([values.shape[0], 1], dtype: ScalarType.Float32, device: values.device);

    // one value an image, times nothing
    protected override string AddLayers(OnnxGraph graph, GraphImages images) =>
        graph.Node("Mul", [MeanBrightness.Mean(graph, images), graph.Floats("nothing", [], [0])]);
}

/// <summary>Sees how bright an image is and nothing else: images (N, C, S, S) in [-1, 1] to their mean over pixels and channels, (N, 1).</summary>
internal sealed class MeanBrightness() : FeatureLayers(nameof(MeanBrightness), new())
{
    public static Architecture Entry() => new((_, _) => new MeanBrightness())
    {
        Name = "meanBrightness",
        Title = "mean brightness",
        Description = "one number of an image, its brightness",
        IsControl = true,
        EmbeddingWidth = (_, _) => 1,
    };

    protected override Tensor Pass(Tensor values, int from, int to) => values.flatten(1).mean([1], keepdim: true);

    protected override string AddLayers(OnnxGraph graph, GraphImages images) => Mean(graph, images);

    /// <summary>The mean in a graph: (N, 1).</summary>
    public static string Mean(OnnxGraph graph, GraphImages images)
    {
        var ofChannels = graph.MeanOverPlaces(images.Name);
        // all channels have as many pixels
        return graph.Node("MatMul", [ofChannels, graph.Floats("mean of channels", [images.Channels, 1], [.. Enumerable.Repeat(1f / images.Channels, images.Channels)])]);
    }
}
