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

    /// <summary>Bytes of a file of images of that shape.</summary>
    public static long FileBytes(params long[] shape) => HeaderOf(shape) is var header ? header.ToBytes().Length + header.DataBytes + ChecksumBytes : 0;

    /// <summary>Writes the images of a set, which takes the memory of a few of them. What an earlier try left of the file is compared, not written again.</summary>
    /// <param name="reached">Told how many bytes are there.</param>
    /// <exception cref="MedTransferException">The images can't be unpacked, or not be written; nothing is left of them.</exception>
    /// <exception cref="OperationCanceledException">What is written stays, to go on from.</exception>
    public static void Write(string path, PackedImages set, Action<long> reached, CancellationToken cancellation)
    {
        using var file = new ContinuedFile(path);
        try
        {
            var checksum = new XxHash128(Version);
            file.Write(HeaderOf(set.Shape).ToBytes());
            set.Streamed(bytes =>
            {
                cancellation.ThrowIfCancellationRequested();
                checksum.Append(bytes);
                file.Write(bytes);
                reached(file.Position);
            });
            file.Write(checksum.GetCurrentHash());
            file.Finish();
        }
        catch (MedTransferException)
        {
            file.Remove();
            throw;
        }
    }

    /// <summary>
    /// The images of a file as a tensor whose memory is the file's. What is written to it stays with this process, unless the file is larger
    /// than the machine's memory: nobody should. The file may be deleted under it (but on Windows).
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
            var all = All(path, length);
            var images = all.slice(0, start.Length, start.Length + header.DataBytes, 1);
            if (!ImageBytes.Of(all, 0, start.Length).SequenceEqual(start) || !ImageBytes.Of(all, length - ChecksumBytes, length).SequenceEqual(ChecksumOf(images)))
                return null;
            return images.reshape(shape).DetachFromDisposeScope();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ExternalException)
        {
            return null;
        }
    }

    private static Tensor All(string path, long length)
    {
        try
        {
            return from_file(path, shared: false, size: length, dtype: ScalarType.Byte);
        }
        catch (ExternalException)
        {
            // the system may refuse copies, which nobody makes, of more than it has memory; to share the file it has to be writable
            return from_file(path, shared: true, size: length, dtype: ScalarType.Byte);
        }
    }

    private static NpyHeader HeaderOf(long[] shape) => new(new(NpyKind.UnsignedInteger, 1, BigEndian: false), FortranOrder: false, shape);

    private static byte[] ChecksumOf(Tensor images)
    {
        var checksum = new XxHash128(Version);
        ImageBytes.ForEachBlock(images, checksum.Append);
        return checksum.GetCurrentHash();
    }
}
