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
