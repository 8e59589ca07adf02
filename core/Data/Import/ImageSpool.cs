using MedTransfer.Data.Formats;

namespace MedTransfer.Data.Import;

/// <summary>
/// The images of an import while it runs, in a file beside the one that is made of them: memory holds those alone that are being read. Safe for
/// several threads. The file goes with this.
/// </summary>
/// <param name="path">Of the file that is to be made.</param>
/// <param name="size">Pixels a side of every image.</param>
internal sealed class ImageSpool(string path, int size) : IDisposable
{
    private const int Colours = 3;

    private readonly FileStream file = Open(path);
    private readonly int plane = size * size;

    /// <summary>Keeps an image, one or three planes of bytes.</summary>
    public void Write(int place, ReadOnlySpan<byte> planes)
    {
        try
        {
            RandomAccess.Write(file.SafeFileHandle, planes, (long)place * Colours * plane);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"Cannot write beside {path}: {FileErrors.Reason(e)}; free the place or name another with --out.", e);
        }
    }

    /// <summary>Writes the images at these places as NPY: uint8 (N, S, S) in grey, (N, S, S, 3) in colour, where grey images get three equal values.</summary>
    /// <param name="isColour">Whether the image at a place has three planes.</param>
    public void WriteNpy(Stream stream, IReadOnlyList<int> places, bool inColour, Func<int, bool> isColour, CancellationToken cancellation)
    {
        NpyWriter.WriteHeader(stream, inColour ? [places.Count, size, size, Colours] : [places.Count, size, size]);
        var (planes, pixels) = (new byte[Colours * plane], new byte[Colours * plane]);
        foreach (var place in places)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = planes.AsSpan(0, isColour(place) ? Colours * plane : plane);
            RandomAccess.Read(file.SafeFileHandle, read, (long)place * Colours * plane);
            if (!inColour)
            {
                stream.Write(read);
                continue;
            }

            for (var pixel = 0; pixel < plane; pixel++)
            {
                for (var colour = 0; colour < Colours; colour++)
                    pixels[pixel * Colours + colour] = read.Length == plane ? read[pixel] : read[colour * plane + pixel];
            }

            stream.Write(pixels);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static FileStream Open(string path)
    {
        try
        {
            // what a process that was killed left; another one may be at work
            foreach (var left in Directory.GetFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.*.part").Where(left => File.GetLastWriteTimeUtc(left) < DateTime.UtcNow.AddDays(-1)))
                File.Delete(left);
            return new($"{path}.{Path.GetRandomFileName()}.part", new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
                Options = FileOptions.DeleteOnClose,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"Cannot write beside {path}: {FileErrors.Reason(e)}; name another place with --out.", e);
        }
    }
}
