using System.Security.Cryptography;
using Google.Protobuf;
using MedTransfer.Data;
using MedTransfer.Data.Formats;

namespace MedTransfer.Models.Onnx;

/// <summary>An ONNX file, read whole: one that keeps weights in other files is refused, so that its digest says what the model is.</summary>
/// <param name="Path">Where it was.</param>
/// <param name="Content">All of its bytes.</param>
internal sealed record OnnxFile(string Path, byte[] Content)
{
    /// <summary>What it says of its model.</summary>
    public required OnnxModel Model { get; init; }

    /// <summary>SHA-256 of its bytes, lower-case hexadecimal digits.</summary>
    public required string Digest { get; init; }

    /// <summary>Reads it.</summary>
    /// <param name="digest">Of the file that is meant, checked before anything in it is used; null for whichever it is.</param>
    /// <param name="remedy">What to do where it is another.</param>
    /// <exception cref="MedTransferException">It is not there, is damaged, is another, something else, or not all of its model.</exception>
    public static OnnxFile Read(string path, string? digest = null, string remedy = "put it back, or name the new one")
    {
        var content = ReadBytes(path);
        var own = Convert.ToHexStringLower(SHA256.HashData(content));
        if (digest is not null && own != digest)
            throw new MedTransferException($"{path}: is not the file that was meant (its SHA-256 is another): {remedy}.");
        var model = Parsed(path, content);
        var apart = model.Initialisers.Values.Concat(model.Nodes.SelectMany(node => node.Constants)).FirstOrDefault(tensor => tensor.File is not null);
        return apart is null ? new(path, content) { Model = model, Digest = own } : throw new MedTransferException(
            $"{path}: keeps weights in {OneLine.Quote(apart.File!)} (external data), so that it is not the whole model: export it as one file.");
    }

    private static byte[] ReadBytes(string path)
    {
        using var file = FileErrors.Open(path);
        if (file.Length > Array.MaxLength)
            throw new MedTransferException($"{path}: is larger than 2 GB, which no ONNX file is: name the model's file, not its weights'.");
        return FileErrors.Reading(path, () =>
        {
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        });
    }

    private static OnnxModel Parsed(string path, byte[] content)
    {
        try
        {
            return OnnxModel.Parse(content);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException or ArgumentException or OverflowException)
        {
            throw BeginsAsOnnx(content)
                ? new MedTransferException($"{path}: ends early, the file is truncated or damaged: copy or export it again.", e)
                : new MedTransferException($"{path}: is no ONNX file: export the model to ONNX, or name another file (a state dict with --weights).", e);
        }
    }

    // the version of the format, then, as all writers have it, who made it or the versions of the operators
    private static bool BeginsAsOnnx(byte[] content) => content is [0x08, > 0 and < 0x80, 0x12 or 0x1A or 0x22 or 0x3A or 0x42, ..];
}
