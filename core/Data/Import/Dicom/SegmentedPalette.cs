namespace MedTransfer.Data.Import.Dicom;

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
