using MedTransfer.Data;

namespace MedTransfer.Models.Onnx;

/// <summary>The one input of an encoder of images, as its file describes it: float32, one image or more of them.</summary>
/// <param name="Name">As the file calls it.</param>
/// <param name="Channels">1 (grey) or 3.</param>
/// <param name="ImageSize">Pixels a side; null where any will do.</param>
/// <param name="ChannelsLast">Whether a pixel's channels lie side by side, (N, S, S, C), else (N, C, S, S).</param>
internal sealed record ImageInput(string Name, int Channels, int? ImageSize, bool ChannelsLast)
{
    /// <summary>Reads it off.</summary>
    /// <exception cref="MedTransferException">The file's model takes something else.</exception>
    public static ImageInput Of(OnnxFile file)
    {
        var (model, path) = (file.Model, file.Path);
        if (model.Inputs is not [var input])
        {
            throw new MedTransferException(model.Inputs.Count == 0 ? $"{path}: its model takes no input: name an encoder of images."
                : $"{path}: its model takes {model.Inputs.Count} inputs ({OneLine.List([.. model.Inputs.Select(value => value.Name)])}): export the encoder of images alone.");
        }

        if (input.ElementType != OnnxTensor.Float32 || input.Shape is not [var batch, var first, var second, var third])
            throw new MedTransferException($"{path}: its input {OneLine.Quote(input.Name)} is no batch of float32 images (N, C, S, S) or (N, S, S, C): name an encoder of images, exported in single precision.");
        if (batch is > 1)
            throw new MedTransferException($"{path}: takes {batch} images at a time, neither one nor any number: export it with a free batch, or one of 1.");
        var (firsts, lasts) = (first is 1 or 3, third is 1 or 3);
        if (firsts && lasts)
            throw new MedTransferException($"{path}: its input {Text(input)} has channels first or last, which can't be told: export it for larger images.");
        // where nothing is said, channels come first, as PyTorch's exports have them, and the first convolution knows how many
        var last = lasts && !firsts;
        var channels = last ? third : firsts ? first : first is null ? FirstConvolution(model) : null;
        var (height, width) = last ? (first, second) : (second, third);
        if (channels is not (1 or 3))
            throw new MedTransferException($"{path}: its input {Text(input)} has neither 1 nor 3 channels, or does not say: export it for grey or RGB images.");
        if (height is { } rows && width is { } columns && rows != columns)
            throw new MedTransferException($"{path}: takes images of {rows} x {columns} pixels, but images are square here: export it for square ones.");
        return new(input.Name, (int)channels, (int?)(height ?? width), last);
    }

    /// <summary>Numbers of an image of so many pixels a side.</summary>
    public int PixelsOf(int side) => Channels * side * side;

    /// <summary>The shape of one image of so many pixels a side, or of several.</summary>
    public long[] ShapeOf(int side, int images = 1) => ChannelsLast ? [images, side, side, Channels] : [images, Channels, side, side];

    /// <summary>Fails where images can't be given as that.</summary>
    public void Require(ModelInput seen, string path)
    {
        if (ImageSize is { } fixedSize && seen.ImageSize is { } size && size != fixedSize)
            throw new MedTransferException($"{path}: takes images of {fixedSize} pixels a side alone, not of {size}: leave the image size out.") { IsUsage = true };
        if (Channels == 1 && seen.Pixels is { Mean.Count: > 1 })
            throw new MedTransferException($"{path}: takes grey images, which have one mean and one deviation: give one of each, not three.") { IsUsage = true };
    }

    /// <summary>What is given of such data: of the size and with the channels that it wants.</summary>
    /// <exception cref="MedTransferException">The data can't be given as that.</exception>
    public ModelInput On(DatasetInfo data, ModelInput seen, string path)
    {
        Require(seen, path);
        if (Channels == 1 && data.Channels != 1)
            throw new MedTransferException($"{path}: takes grey images, but those of {data.Name} have {data.Channels} channels: make them grey, or take an encoder of RGB images.");
        var scale = seen.Pixels ?? PixelScale.Symmetric;
        return new()
        {
            ImageSize = ImageSize ?? seen.ImageSize,
            Pixels = scale.Mean.Count == Channels ? scale : new([.. Enumerable.Repeat(scale.Mean[0], Channels)], [.. Enumerable.Repeat(scale.Deviation[0], Channels)]),
        };
    }

    private static long? FirstConvolution(OnnxModel model) => model.Nodes
        .Where(node => node.Operator == "Conv" && node.Inputs.Count > 1)
        .Select(node => model.Initialisers.GetValueOrDefault(node.Inputs[1])?.Shape)
        .FirstOrDefault() is { Length: > 1 } shape ? shape[1] : null;

    private static string Text(OnnxValue value) => $"{OneLine.Quote(value.Name)} ({string.Join(", ", value.Shape!.Select(length => length?.ToString() ?? "any"))})";
}
