using System.IO.Compression;

namespace MedTransfer.Data.Formats;

/// <summary>An NPZ archive of named arrays, opened for reading.</summary>
public sealed class NpzFile : IDisposable
{
    private const string Extension = ".npy";

    // A small archive can unpack to terabytes of zeros. Images never pack so well; blank test data does, but it is small.
    private const long AlwaysUnpacked = 64L << 20;
    private const long BestRatio = 250;

    private readonly ZipArchive archive;
    private readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);

    private NpzFile(string path, ZipArchive archive)
    {
        (Path, this.archive) = (path, archive);
        foreach (var entry in archive.Entries)
        {
            if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal)) continue;
            var key = entry.FullName[..^Extension.Length];
            if (!entries.TryAdd(key, entry))
                throw new MedTransferException($"{path}: holds {OneLine.Quote(key)} twice; write the archive again with one array a name");
        }
    }

    public string Path { get; }

    /// <summary>Names of the arrays, in ordinal order.</summary>
    public IReadOnlyList<string> Keys => [.. entries.Keys.Order(StringComparer.Ordinal)];

    public static NpzFile Open(string path)
    {
        var file = FileErrors.Open(path);
        try
        {
            return FileErrors.Reading(path, () => new NpzFile(path, new ZipArchive(file, ZipArchiveMode.Read)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public bool Contains(string key) => entries.ContainsKey(key);

    /// <summary>Type and shape of an array, none of whose elements are read.</summary>
    public NpyHeader Header(string key) => Open(key, (reader, _) => reader.Header);

    /// <summary>An array of integers or booleans, in C order.</summary>
    public long[] ReadInt64(string key) => Read(key, reader =>
    {
        var type = reader.Header.Type;
        return type.Kind == NpyKind.FloatingPoint || type.IsText
            ? throw new MedTransferException($"{Where(key)}: {type} where whole numbers are needed; save it with an integer type")
            : reader.Read((element, _) => type.ToInt64(element));
    });

    /// <summary>An array of any number type, in C order.</summary>
    public double[] ReadDouble(string key) => Read(key, reader =>
    {
        var type = reader.Header.Type;
        return type.IsText
            ? throw new MedTransferException($"{Where(key)}: {type} where numbers are needed; save it with a type of numbers")
            : reader.Read((element, _) => type.ToDouble(element));
    });

    /// <summary>Hands an array's elements to <paramref name="read"/>, which must take them all, then checks end and checksum.</summary>
    internal T Read<T>(string key, Func<NpyReader, T> read) => Open(key, (reader, stream) =>
    {
        var result = read(reader);
        stream.CheckEnd();
        return result;
    });

    /// <summary>File and key, as messages name them.</summary>
    internal string Where(string key) => $"{Path}: {key}";

    public void Dispose() => archive.Dispose();

    private T Open<T>(string key, Func<NpyReader, ZipEntryStream, T> use) => FileErrors.Reading(Where(key), () =>
    {
        var entry = entries[key];
        if (entry.IsEncrypted)
            throw new MedTransferException($"{Where(key)}: is encrypted; write the archive again without a password");
        if (entry.Length > AlwaysUnpacked && entry.Length / BestRatio > entry.CompressedLength)
        {
            throw new MedTransferException($"{Where(key)}: {entry.CompressedLength} bytes would unpack to {entry.Length}, more than "
                + $"{BestRatio} times as many: no image data packs so well, the file is damaged or made to do harm");
        }
        using var stream = new ZipEntryStream(entry);
        return use(new NpyReader(stream, entry.Length, Where(key), ArrayRoles.Of(key)), stream);
    });
}
