using System.Text.Json.Serialization;
using MedTransfer.Models.Weights;

namespace MedTransfer.Models.Onnx;

/// <summary>An encoder of somebody's that an ONNX file holds: images to embeddings, which never trains here.</summary>
public sealed record OnnxOptions
{
    /// <summary>Where the file is; not part of a trial's name.</summary>
    [Whereabouts]
    public required string Path { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal digits: which encoder it is.</summary>
    public required string Digest { get; init; }

    /// <summary>Which of the file's outputs is the embedding; null, the default, where it has one alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Output { get; init; }

    /// <summary>What becomes of an output of several tokens an image (N, T, D); default their mean. Says nothing of other outputs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TokenPooling Tokens { get; init; }

    /// <summary>A file, identified, whatever it holds.</summary>
    /// <exception cref="MedTransferException">It can't be read.</exception>
    internal static OnnxOptions Of(string path) => new() { Path = System.IO.Path.GetFullPath(path), Digest = WeightFile.DigestOf(path) };

    /// <summary>
    /// The model of an encoder, read from its file: images are enlarged or shrunk to the size that the file wants, or to the one that is given where
    /// it takes any; grey images become three channels where it wants three.
    /// </summary>
    /// <param name="pixels">
    /// How its pixels are scaled, which no file says: one mean and deviation for all channels, or three; null for ImageNet's where it takes colour, for
    /// [-1, 1] where it takes grey.
    /// </param>
    /// <param name="imageSize">Pixels a side; null for the file's, or the data's where the file takes any.</param>
    /// <exception cref="MedTransferException">The file is no encoder of images, or its outputs are several and none is named; the message says what is wrong.</exception>
    public static ModelOptions Model(string path, PixelScale? pixels, int? imageSize = null, string? output = null, TokenPooling tokens = TokenPooling.Mean)
    {
        var file = OnnxFile.Read(path);
        var input = ImageInput.Of(file);
        var model = new ModelOptions
        {
            Architecture = Architecture.OnnxEncoder,
            Onnx = new() { Path = System.IO.Path.GetFullPath(path), Digest = file.Digest, Output = output, Tokens = tokens },
            Input = new() { ImageSize = imageSize ?? input.ImageSize, Pixels = pixels ?? (input.Channels == 1 ? PixelScale.Symmetric : PixelScale.ImageNet) },
        };
        input.Require(model.Input, path);
        EncoderGraph.OutputOf(file, model.Onnx);
        EncoderGraph.RequireRepeatable(file);
        return model.Checked();
    }
}

/// <summary>How several tokens of an image become one embedding.</summary>
public enum TokenPooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The first alone: the class token of a vision transformer.</summary>
    First,
}
