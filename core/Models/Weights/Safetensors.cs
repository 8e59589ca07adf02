using System.Buffers.Binary;
using MedTransfer.Runtime;

namespace MedTransfer.Models.Weights;

/// <summary>
/// Weights as files that other tools open: Hugging Face's safetensors format. Eight bytes, the header's length (little-endian);
/// the header, JSON; then the arrays' bytes one after the other.
/// </summary>
public static class Safetensors
{
    /// <summary>The format's own limit on a header, in bytes.</summary>
    private const long MaxHeaderLength = 100_000_000;

    /// <summary>
    /// Writes arrays whole or not at all. They are put in the format's order, larger elements first (so that all are aligned) and then by
    /// name: the same arrays give the same bytes, in whatever order they come.
    /// </summary>
    /// <param name="tensors">Arrays by name; every name once, none of them "__metadata__".</param>
    /// <param name="metadata">Texts to note in the header, or null.</param>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, SafeTensor>> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        var sorted = tensors
            .OrderByDescending(tensor => tensor.Value.Type)
            .ThenBy(tensor => tensor.Key, StringComparer.Ordinal)
            .ToArray();
        var noted = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, text) in (metadata ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            noted.Add(key, text);

        var header = new SafetensorsHeader(EntriesOf(sorted), noted).ToJson();
        WholeFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, tensor) in sorted)
                stream.Write(tensor.Data.Span);
        });
    }

    /// <summary>
    /// Reads a whole file, after checking everything its header claims: no more memory is asked for than the file is long, but for a
    /// small multiple of the header.
    /// </summary>
    /// <param name="only">Names of the arrays that are wanted, the others being passed over; null, the default, for all.</param>
    public static SafetensorsContent Read(string path, IReadOnlyCollection<string>? only = null) => Reading(path, stream => Read(stream, only));

    /// <summary>Reads and checks the header alone.</summary>
    internal static SafetensorsHeader ReadHeader(string path) => Reading(path, ReadHeader);

    private static T Reading<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return read(stream);
        }
        catch (FormatException e)
        {
            throw new MedTransferException(
                OtherFormats.Refusal(path) ?? $"{path} is not a sound safetensors file: {e.Message}; fetch or write it again", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MedTransferException($"There is no file {path}: check the name", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"Cannot read {path}: {e.Message.TrimEnd('.')}; check that it is a file you may read", e);
        }
    }

    private static SafetensorsContent Read(FileStream stream, IReadOnlyCollection<string>? only)
    {
        var header = ReadHeader(stream);
        var tensors = new OrderedDictionary<string, SafeTensor>(StringComparer.Ordinal);
        foreach (var entry in header.Entries)
        {
            if (only is not null && !only.Contains(entry.Name))
            {
                stream.Seek(entry.End - entry.Begin, SeekOrigin.Current);
                continue;
            }

            if (entry.End - entry.Begin > Array.MaxLength)
                throw new FormatException($"{SafetensorsHeader.Show(entry.Name)} is larger than 2 GB, which cannot be read here");
            var data = new byte[entry.End - entry.Begin];
            stream.ReadExactly(data);
            tensors.Add(entry.Name, new(entry.Type, entry.Shape, data));
        }

        return new(tensors, header.Metadata);
    }

    private static SafetensorsHeader ReadHeader(FileStream stream)
    {
        if (stream.Length < sizeof(long))
            throw new FormatException($"it ends after {stream.Length} bytes");

        Span<byte> length = stackalloc byte[sizeof(long)];
        stream.ReadExactly(length);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(length);
        var rest = (ulong)stream.Length - sizeof(long);
        if (headerLength > Math.Min(rest, MaxHeaderLength))
            throw new FormatException($"its header claims {headerLength} bytes, of {rest} that follow and {MaxHeaderLength} at most");

        var json = new byte[headerLength];
        stream.ReadExactly(json);
        return SafetensorsHeader.FromJson(json, dataLength: (long)(rest - headerLength));
    }

    private static List<SafetensorsHeader.Entry> EntriesOf(IEnumerable<KeyValuePair<string, SafeTensor>> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<SafetensorsHeader.Entry>();
        long begin = 0;
        foreach (var (name, tensor) in tensors)
        {
            if (name == SafetensorsHeader.MetadataKey || !names.Add(name))
                throw new ArgumentException($"A tensor cannot be named {SafetensorsHeader.Show(name)}, reserved or taken", nameof(tensors));
            var end = begin + tensor.Data.Length;
            entries.Add(new(name, tensor.Type, tensor.Shape, begin, end));
            begin = end;
        }

        return entries;
    }
}

/// <summary>What a safetensors file holds.</summary>
/// <param name="Tensors">Arrays by name, in the order of their data in the file.</param>
/// <param name="Metadata">What the writer noted, texts by key in the order of the header; empty where nothing was.</param>
public sealed record SafetensorsContent(
    OrderedDictionary<string, SafeTensor> Tensors, OrderedDictionary<string, string> Metadata);
