using static MedTransfer.Models.Onnx.Export.GraphNumbers;

namespace MedTransfer.Models.Onnx.Export;

/// <summary>
/// How the pixels along one side of an image of any size become those of a picture of one size, computed when the graph runs: the whole-numbered
/// weights that the import resamples by (<see cref="Data.Images.AxisResampling"/>), as a matrix.
/// </summary>
/// <param name="Weights">Side of the picture x length of the image: rows of padding are 0.</param>
/// <param name="Denominator">What the weights of each other row add up to.</param>
internal readonly record struct GraphAxis(GraphNumbers Weights, GraphNumbers Denominator)
{
    /// <summary>The weights that make <paramref name="target"/> pixels of <paramref name="source"/>.</summary>
    /// <param name="length">Pixels of the image.</param>
    /// <param name="first">The first of them that counts.</param>
    /// <param name="pixels">Those of the picture, 0, 1, ..., below each other.</param>
    /// <param name="padding">So many of them come first, black.</param>
    public static GraphAxis Of(GraphNumbers length, GraphNumbers source, GraphNumbers first, GraphNumbers pixels, GraphNumbers target, GraphNumbers padding)
    {
        var pixel = pixels - padding;
        var old = Range(length) - first;
        return new(
            WhereGreater(source, target, Averaging(pixel, old, source, target), Interpolating(pixel, old, source, target)),
            WhereGreater(source, target, source, 2 * target));
    }

    // in units of 1 / target of an old pixel: new pixel i covers i x source to (i + 1) x source, old pixel j covers j x target to (j + 1) x target
    private static GraphNumbers Averaging(GraphNumbers pixel, GraphNumbers old, GraphNumbers source, GraphNumbers target) =>
        Max(source.Constant(0), Min((pixel + 1) * source, (old + 1) * target) - Max(pixel * source, old * target));

    // in units of 1 / (2 x target) of an old pixel: the centre of new pixel i lies (2i + 1) x source - target after that of old pixel 0
    private static GraphNumbers Interpolating(GraphNumbers pixel, GraphNumbers old, GraphNumbers source, GraphNumbers target)
    {
        var (none, unit) = (source.Constant(0), 2 * target);
        var place = Clamp((2 * pixel + 1) * source - target, none, (source - 1) * unit);
        // beyond the edge the outermost pixel goes on, but not into the padding: there is none of it before pixel 0 and after the last
        var isThere = Clamp(Min(pixel + 1, target - pixel), none, source.Constant(1));
        return isThere * Max(none, unit - Abs(place - old * unit));
    }
}
