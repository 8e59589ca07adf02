using System.IO.Compression;
using System.Text;

namespace MedTransfer.Models.Weights;

/// <summary>What a file is that someone named as weights and that is not safetensors, told by its first bytes, or else by its name: what to do with it.</summary>
internal static class OtherFormats
{
    private const int MostBytes = 512;

    /// <summary>Why the file is not read and what to do, a line; null where it is none of these.</summary>
    public static string? Refusal(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var start = new byte[MostBytes];
            var length = file.ReadAtLeast(start, MostBytes, throwOnEndOfStream: false);
            return length == 0 ? null : ByContent(path, start.AsSpan(0, length), file) ?? ByName(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;   // whoever asks knows why it can't be read
        }
    }

    /// <summary>The three lines of Python that turn a pickle into safetensors, on one; they let nothing but arrays into the file.</summary>
    public static string Conversion(string path) =>
        "import torch, safetensors.torch; "
        + $"state = torch.load({Python(path)}, map_location=\"cpu\", weights_only=True); "
        + "safetensors.torch.save_file({name: value.clone().contiguous() for name, value in state.get(\"state_dict\", state).items()}, "
        + $"{Python(Converted(path))})";

    // never the file itself, whatever its name promises
    private static string Converted(string path) =>
        Path.ChangeExtension(path, Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase) ? ".converted.safetensors" : ".safetensors");

    private static string? ByContent(string path, ReadOnlySpan<byte> start, FileStream file) =>
        IsPickle(start) ? Pickle(path)
        : start is [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..] ? OfZip(path, start, file)
        : start is [0x89, (byte)'H', (byte)'D', (byte)'F', ..] ? Hdf5(path)
        // a protobuf whose first fields are the version and the producer's name
        : start is [8, < 32, 0x12, > 0, ..] ? Onnx(path)
        : start.StartsWith("version https://git-lfs"u8) ? $"{path} is a pointer of Git LFS, not the file that it stands for: fetch that (git lfs pull)"
        : start is [(byte)'<', (byte)'!' or (byte)'?' or (byte)'h' or (byte)'H', ..] ? $"{path} is a web page, not a file of weights: download the file itself"
        : null;

    private static string? ByName(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".pt" or ".pth" or ".bin" or ".ckpt" or ".pkl" => Pickle(path),
        ".h5" or ".hdf5" or ".keras" => Hdf5(path),
        ".onnx" => Onnx(path),
        _ => null,
    };

    // a safetensors file begins with its header's length, whose third byte is 0 below 65,536; a pickle has an instruction there
    private static bool IsPickle(ReadOnlySpan<byte> start) => start is [0x80, >= 2 and <= 5, not 0, ..] && (start.Length <= 8 || start[8] != (byte)'{');

    private static string OfZip(string path, ReadOnlySpan<byte> start, FileStream file)
    {
        const string PickleInside = "data.pkl";
        if (Encoding.ASCII.GetString(start).Contains(PickleInside, StringComparison.Ordinal))
            return Pickle(path);
        try
        {
            file.Position = 0;
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Any(entry => entry.Name == PickleInside))
                return Pickle(path);
        }
        catch (InvalidDataException)
        {
            // cut short: what is left of it says no more
        }

        return ByName(path) ?? $"{path} is a zip archive, not a file of weights: name the .safetensors file";
    }

    private static string Pickle(string path) =>
        $"{path} is a pickle of PyTorch's, which can run any program when it is read, and is not read here. Where you trust it, turn it into safetensors with Python: {Conversion(path)}";

    private static string Hdf5(string path) =>
        $"{path} is a file of Keras (HDF5), whose weights are not those of PyTorch's networks: name a state dict as .safetensors";

    private static string Onnx(string path) => $"{path} is an ONNX graph, not a state dict: name it as a backbone instead (--backbone)";

    private static string Python(string path) => $"\"{path.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
