using System.IO.Compression;
using MedTransfer.Runtime;

namespace MedTransfer.Data.Formats;

/// <summary>Writes named arrays into one NPZ archive, as <c>numpy.savez</c> and <c>numpy.savez_compressed</c> do.</summary>
public static class NpzWriter
{
    // The same arrays give the same bytes at any time of day.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The file appears whole or not at all.</summary>
    /// <param name="arrays">Names and arrays in the order of writing; see <see cref="NpyWriter.Write(Stream, Array)"/> for the types.</param>
    /// <param name="compressed">Deflated entries where true, stored ones otherwise.</param>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Array>> arrays, bool compressed = true) =>
        WriteEach(path, arrays.Select(array => KeyValuePair.Create<string, Action<Stream>>(array.Key, stream => NpyWriter.Write(stream, array.Value))), compressed);

    /// <summary>As above, of arrays that need not be in memory: each is written by its own action, as NPY, one after the other.</summary>
    internal static void WriteEach(string path, IEnumerable<KeyValuePair<string, Action<Stream>>> arrays, bool compressed = true) =>
        WholeFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (key, write) in arrays)
            {
                var entry = archive.CreateEntry($"{key}.npy", compressed ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
                entry.LastWriteTime = EntryTime;
                using var entryStream = entry.Open();
                write(entryStream);
            }
        });
}
