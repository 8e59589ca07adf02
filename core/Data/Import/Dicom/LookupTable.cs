namespace MedTransfer.Data.Import.Dicom;

/// <summary>A table from whole numbers to whole numbers (PS3.3 C.11.1.1); what is less than its first, or more than its last, is as those.</summary>
/// <param name="First">The number that the first entry is for.</param>
/// <param name="Bits">Of its entries, 1 to 16.</param>
internal sealed record LookupTable(long First, int Bits, ushort[] Entries)
{
    /// <summary>What entries count up to.</summary>
    public double Most => (1 << Bits) - 1;

    public double At(double number) => Entries[(int)Math.Clamp(Math.Floor(number) - First, 0, Entries.Length - 1)];

    /// <summary>Modality and VOI tables: null where there is no descriptor or no data.</summary>
    /// <param name="isSigned">Whether its first number may be below 0, where the descriptor has no representation of its own.</param>
    public static LookupTable? Of(DataSet dataSet, bool isSigned) => Of(dataSet, DicomTag.LutDescriptor, DicomTag.LutData, isSigned);

    public static LookupTable? Of(DataSet dataSet, uint descriptor, uint data, bool isSigned)
    {
        if (dataSet.Words(descriptor) is not [var entries, var first, var bits, ..] || !dataSet.Has(data)) return null;
        var count = entries == 0 ? 1 << 16 : entries;
        if (bits is 0 or > 16) throw DicomException.Contradiction("has a lookup table with entries of no bits or more than 16");
        var hasSign = dataSet.Representation(descriptor) switch { "SS" => true, "US" => false, _ => isSigned };
        long start = hasSign ? (short)first : first;
        var bytes = dataSet.Bytes(data);
        if (bytes.Length >= 2 * count) return new LookupTable(start, bits, dataSet.Words(data)[..count]);
        // entries of eight bits may lie two in a word
        if (bits > 8 || bytes.Length < count) throw new DicomException("has a lookup table that is shorter than it says, it is damaged: copy or download it again");
        var packed = new ushort[count];
        for (var i = 0; i < count; i++) packed[i] = bytes[dataSet.IsBigEndian && dataSet.Representation(data) != "OB" && (i ^ 1) < bytes.Length ? i ^ 1 : i];
        return new LookupTable(start, bits, packed);
    }
}

/// <summary>A palette that is given in segments (PS3.3 C.7.9.2): runs of entries, lines between two, and segments that stand elsewhere in it.</summary>
internal static class SegmentedPalette
{
    private const ushort Discrete = 0;
    private const ushort Linear = 1;
    private const ushort Indirect = 2;

    /// <param name="colour">0 red, 1 green, 2 blue.</param>
    /// <param name="isSigned">Whether its first number may be below 0.</param>
    public static LookupTable? Of(DataSet dataSet, uint colour, bool isSigned)
    {
        if (dataSet.Words(DicomTag.PaletteDescriptor + colour) is not [var entries, var first, var bits, ..] || !dataSet.Has(DicomTag.SegmentedPaletteData + colour)) return null;
        // with 8 bits segments are of bytes, which no program is known to write
        if (bits != 16) throw new DicomException("has a palette in segments of bytes, which is not read: save it as RGB");
        var count = entries == 0 ? 1 << 16 : entries;
        var expanded = new List<ushort>(count);
        Expand(dataSet.Words(DicomTag.SegmentedPaletteData + colour), 0, int.MaxValue, count, expanded, mayRefer: true);
        return expanded.Count == count ? new LookupTable(isSigned ? (short)first : first, bits, [.. expanded]) : throw Damaged();
    }

    /// <summary>Expands so many segments from a place on, all that there are at most.</summary>
    /// <param name="mayRefer">Whether a segment may stand for others: those that it stands for may not.</param>
    private static void Expand(ushort[] data, int place, int segments, int most, List<ushort> entries, bool mayRefer)
    {
        for (; segments > 0 && place + 1 < data.Length; segments--)
        {
            var (kind, length) = (data[place], data[place + 1]);
            place += 2;
            switch (kind)
            {
                case Discrete when place + length <= data.Length && entries.Count + length <= most:
                    entries.AddRange(data.AsSpan(place, length));
                    place += length;
                    break;
                case Linear when place < data.Length && entries.Count > 0 && entries.Count + length <= most:
                    var (from, to) = ((double)entries[^1], data[place++]);
                    for (var i = 1; i <= length; i++) entries.Add((ushort)Math.Round(from + ((to - from) * i / length)));
                    break;
                case Indirect when mayRefer && place + 1 < data.Length && length > 0:
                    // where the segments begin, in bytes, the lower word first
                    var start = ((long)data[place + 1] << 16) | data[place];
                    place += 2;
                    if (start / 2 >= data.Length) throw Damaged();
                    Expand(data, (int)(start / 2), length, most, entries, mayRefer: false);
                    break;
                default:
                    throw Damaged();
            }
        }
    }

    private static DicomException Damaged() => new("has a palette whose segments are damaged: copy or download it again");
}
