using MedTransfer.Data;
using MedTransfer.Data.Import.Pixels;
using static MedTransfer.Models.Onnx.Export.GraphNumbers;

namespace MedTransfer.Models.Onnx.Export;

/// <summary>
/// What makes a model's images of raw ones in a graph: bytes (N, H, W, C) of any size become floats in [-1, 1] (N, C, S, S), by way of the very
/// bytes that the import makes of them (<see cref="PixelPipeline"/>, of images of eight bits). Images of the size that is wanted stay as they are.
/// </summary>
internal sealed class ImageFront
{
    private readonly OnnxGraph graph;
    private readonly GraphNumbers height, width, side, pixels, none;

    private ImageFront(OnnxGraph graph, string images, int imageSize)
    {
        this.graph = graph;
        var shape = graph.Node("Shape", [images]);
        (height, width) = (Length(1), Length(2));
        side = height.Constant(imageSize);
        none = height.Constant(0);
        pixels = new(graph, graph.Doubles("pixels", [imageSize, 1], [.. Enumerable.Range(0, imageSize).Select(pixel => (double)pixel)]));

        GraphNumbers Length(int dimension) => new(graph, To(OnnxGraph.Float64, graph.Node("Gather", [shape, graph.Index(dimension)])));
    }

    /// <summary>Adds it.</summary>
    /// <param name="images">uint8 (N, H, W, C), of the data's channels.</param>
    /// <param name="fit">What becomes of images that are not square.</param>
    public static GraphImages Add(OnnxGraph graph, string images, DatasetInfo data, Fit fit)
    {
        var front = new ImageFront(graph, images, data.ImageSize);
        var (down, across) = front.Axes(fit);
        var planes = front.To(OnnxGraph.Float32, graph.Node("Transpose", [images], OnnxAttribute.Of("perm", [0, 3, 1, 2])));
        return new(front.ToModel(front.Levels(planes, down, across)), data.Channels, data.ImageSize);
    }

    // Sums of whole numbers, and so exact: along columns they stay below 2^24, along both sides below 2^53. They are divided once and rounded once.
    private GraphNumbers Levels(string planes, GraphAxis down, GraphAxis across)
    {
        var rows = graph.Node("MatMul", [To(OnnxGraph.Float32, down.Weights.Name), planes]);
        var columns = graph.Node("Transpose", [across.Weights.Name], OnnxAttribute.Of("perm", [1, 0]));
        var sums = new GraphNumbers(graph, graph.Node("MatMul", [To(OnnxGraph.Float64, rows), columns]));
        return Round(sums / (down.Denominator * across.Denominator));
    }

    // the product and the difference of floats that a model's images have in training
    private string ToModel(GraphNumbers levels)
    {
        var scaled = graph.Node("Mul", [To(OnnxGraph.Float32, levels.Name), graph.Floats("two 255ths", [], [(float)(2.0 / 255)])]);
        return graph.Node("Sub", [scaled, graph.Floats("one", [], [1])]);
    }

    private (GraphAxis Down, GraphAxis Across) Axes(Fit fit)
    {
        switch (fit)
        {
            case Fit.Crop:
                var shorter = Min(height, width);
                return (Cropped(height), Cropped(width));
                GraphAxis Cropped(GraphNumbers length) => GraphAxis.Of(length, shorter, Floor((length - shorter) / 2), pixels, side, none);
            case Fit.Pad:
                var longer = Max(height, width);
                return (Padded(height), Padded(width));
                GraphAxis Padded(GraphNumbers length)
                {
                    // to the nearest pixel, halves up, at least one
                    var scaled = Max(length.Constant(1), Floor((2 * length * side + longer) / (2 * longer)));
                    return GraphAxis.Of(length, length, none, pixels, scaled, Floor((side - scaled) / 2));
                }
            default:
                return (Squashed(height), Squashed(width));
                GraphAxis Squashed(GraphNumbers length) => GraphAxis.Of(length, length, none, pixels, side, none);
        }
    }

    private string To(int type, string values) => graph.Node("Cast", [values], OnnxAttribute.Of("to", type));
}

/// <summary>Images in a graph: float32 (N, C, S, S).</summary>
/// <param name="Name">Of the values.</param>
/// <param name="Channels">C.</param>
/// <param name="Side">S, pixels.</param>
internal readonly record struct GraphImages(string Name, int Channels, int Side);
