using System.IO.Hashing;
using System.Runtime.InteropServices;
using MedTransfer.Data.Formats;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Data.Images;

/// <summary>
/// Unpacked images as a file that any number of processes map into their memory, where it is one copy for all: an NPY array of uint8
/// (N, C, S, S), which NumPy opens too, and the XXH128 of its elements after it.
/// </summary>
internal static class MappedImages
{
    // seeds the checksum: raised by hand where the same archive would give other pixels than before
    private const int Version = 1;

    private const int ChecksumBytes = 16;

    private const int Block = 1 << 26;

    /// <summary>Bytes of a file of images of that shape.</summary>
    public static long FileBytes(params long[] shape) => HeaderOf(shape) is var header ? header.ToBytes().Length + header.DataBytes + ChecksumBytes : 0;

    /// <summary>Writes images one part after the other; the file appears whole or not at all.</summary>
    /// <param name="parts">uint8 (n, C, S, S) each, the same C and S.</param>
    /// <exception cref="MedTransferException">It can't be written.</exception>
    public static void Write(string path, IReadOnlyList<Tensor> parts) => WholeFile.Write(path, file =>
    {
        var shape = parts[0].shape;
        file.Write(HeaderOf([parts.Sum(part => part.shape[0]), .. shape[1..]]).ToBytes());
        var checksum = new XxHash128(Version);
        foreach (var part in parts)
        {
            ForEachBlock(part, bytes =>
            {
                checksum.Append(bytes);
                file.Write(bytes);
            });
        }
        file.Write(checksum.GetCurrentHash());
    });

    /// <summary>
    /// The images of a file as a tensor whose memory is the file's. What is written to it stays with this process, and the file may be
    /// deleted under it (but on Windows).
    /// </summary>
    /// <param name="shape">(N, C, S, S), what the images must be.</param>
    /// <returns>Null where there is no such file, it can't be mapped, or it is not one of these images, whole and unchanged.</returns>
    public static Tensor? TryMap(string path, params long[] shape)
    {
        var header = HeaderOf(shape);
        var start = header.ToBytes();
        var length = start.Length + header.DataBytes + ChecksumBytes;
        using var scope = NewDisposeScope();
        try
        {
            if (new FileInfo(path) is not { Exists: true } file || file.Length != length) return null;
            var all = from_file(path, shared: false, size: length, dtype: ScalarType.Byte);
            var images = all.slice(0, start.Length, start.Length + header.DataBytes, 1);
            if (!Bytes(all, 0, start.Length).SequenceEqual(start) || !Bytes(all, length - ChecksumBytes, length).SequenceEqual(ChecksumOf(images)))
                return null;
            return images.reshape(shape).DetachFromDisposeScope();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ExternalException)
        {
            return null;
        }
    }

    private static NpyHeader HeaderOf(long[] shape) => new(new(NpyKind.UnsignedInteger, 1, BigEndian: false), FortranOrder: false, shape);

    private static byte[] ChecksumOf(Tensor images)
    {
        var checksum = new XxHash128(Version);
        ForEachBlock(images, checksum.Append);
        return checksum.GetCurrentHash();
    }

    private static Span<byte> Bytes(Tensor all, long start, long end)
    {
        using var part = all.slice(0, start, end, 1);
        return part.bytes;   // of the memory of `all`
    }

    // a span has no more bytes than an int counts
    private static void ForEachBlock(Tensor images, Action<ReadOnlySpan<byte>> use)
    {
        using var flat = images.reshape(-1);
        for (long start = 0, length = flat.shape[0]; start < length; start += Block)
            use(Bytes(flat, start, Math.Min(start + Block, length)));
    }
}
