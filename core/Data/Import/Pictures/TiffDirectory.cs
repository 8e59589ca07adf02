namespace MedTransfer.Data.Import.Pictures;

/// <summary>A directory of tags in a TIFF or BigTIFF file (TIFF 6.0, section 2), or in the EXIF data of another, which is made as one.</summary>
internal sealed class TiffDirectory
{
    // Many times what files have: directories that lead back into each other would never end, and those that overlap would fill memory.
    private const int MostDirectories = 1000;
    private const int MostTags = 1000;

    private const ushort OrientationTag = 274;

    private readonly FileWindow file;
    private readonly Layout layout;
    private readonly Dictionary<ushort, long> entries = [];

    private TiffDirectory(FileWindow file, Layout layout, long place)
    {
        (this.file, this.layout) = (file, layout);
        var count = layout.IsBig ? file.UInt64(place, layout.IsBigEndian) : file.UInt16(place, layout.IsBigEndian);
        if (count > MostTags) throw file.Damage($"more than {MostTags} tags");
        var entry = place + (layout.IsBig ? 8 : 2);
        for (var read = 0UL; read < count; read++, entry += layout.EntrySize) entries.TryAdd(file.UInt16(entry, layout.IsBigEndian), entry);
        Next = layout.Pointer(file, entry);
    }

    // Where places count from, and how wide they are.
    private readonly record struct Layout(long Base, bool IsBigEndian, bool IsBig)
    {
        public int EntrySize => IsBig ? 20 : 12;

        public long Pointer(FileWindow file, long place) =>
            IsBig ? (long)Math.Min(file.UInt64(place, IsBigEndian), long.MaxValue) : file.UInt32(place, IsBigEndian);
    }

    private long Next { get; }

    public static bool IsTiff(ReadOnlySpan<byte> head) =>
        head.Length >= 4 && (head[..4].SequenceEqual("II*\0"u8) || head[..4].SequenceEqual("MM\0*"u8) || head[..4].SequenceEqual("II+\0"u8) || head[..4].SequenceEqual("MM\0+"u8));

    /// <summary>The directories one after the other, as they are asked for.</summary>
    /// <param name="start">Where the TIFF data begins in the file.</param>
    public static IEnumerable<TiffDirectory> Read(FileWindow file, long start)
    {
        var isBigEndian = file.Byte(start) == (byte)'M';
        var layout = new Layout(start, isBigEndian, file.UInt16(start + 2, isBigEndian) == 43);
        var next = layout.Pointer(file, start + (layout.IsBig ? 8 : 4));
        for (var read = 0; next != 0; read++)
        {
            if (read == MostDirectories) throw file.Refusal($"has more than {MostDirectories} pages: save those that count as files of their own");
            var directory = new TiffDirectory(file, layout, start + next);
            yield return directory;
            next = directory.Next;
        }
    }

    /// <summary>The orientation that EXIF data says, 1 to 8; 1, as it is stored, where they are damaged or say none.</summary>
    public static int Orientation(FileWindow file, long start)
    {
        try
        {
            return IsTiff(file.At(start, 4)) && Read(file, start).FirstOrDefault()?.Orientation() is { } orientation ? orientation : 1;
        }
        catch (Exception error) when (error is EndOfStreamException or MedTransferException)
        {
            return 1;
        }
    }

    /// <summary>The orientation that the directory says, 1 to 8; 1 where it says none.</summary>
    public int Orientation() => Number(OrientationTag) is >= 1 and <= 8 and var orientation ? (int)orientation : 1;

    public bool Has(ushort tag) => entries.ContainsKey(tag);

    /// <summary>The first whole number of a tag; null where there is none.</summary>
    public long? Number(ushort tag) => Numbers(tag) is [var first, ..] ? first : null;

    /// <summary>The whole numbers of a tag (BYTE, SHORT, LONG, LONG8); empty where there are none.</summary>
    public long[] Numbers(ushort tag)
    {
        if (!entries.TryGetValue(tag, out var entry)) return [];
        var size = file.UInt16(entry + 2, layout.IsBigEndian) switch { 1 => 1, 3 => 2, 4 => 4, 16 => 8, _ => 0 };
        if (size == 0) return [];
        var count = layout.Pointer(file, entry + 4);
        var place = entry + (layout.IsBig ? 12 : 8);
        if (count > file.Length / size) throw new EndOfStreamException();
        if (count * size > (layout.IsBig ? 8 : 4)) place = layout.Base + layout.Pointer(file, place);
        if (place < 0 || place > file.Length - count * size) throw new EndOfStreamException();

        var numbers = new long[count];
        for (var i = 0; i < numbers.Length; i++, place += size)
        {
            numbers[i] = size switch
            {
                1 => file.Byte(place),
                2 => file.UInt16(place, layout.IsBigEndian),
                4 => file.UInt32(place, layout.IsBigEndian),
                _ => (long)Math.Min(file.UInt64(place, layout.IsBigEndian), long.MaxValue),
            };
        }
        return numbers;
    }
}
