using System.Runtime.CompilerServices;

namespace MedTransfer.Data.Import.Pixels;

/// <summary>
/// Percentiles of many single-precision values, exactly, in two passes of counting: floats in the order of their value are integers in the order of their
/// bits, once the sign is turned round, so that the upper half of the bits finds the bin and the lower half the value.
/// </summary>
internal static class Percentiles
{
    /// <summary>
    /// The two percentiles, between neighbours by linear interpolation (NumPy's default, Hyndman and Fan's seventh), and the extremes; null where no value
    /// is left. Values that are not finite are left out.
    /// </summary>
    /// <param name="padding">Left out, too.</param>
    public static (double Low, double High, double Least, double Greatest)? Of(ReadOnlySpan<float> values, float? padding, double low, double high)
    {
        var coarse = new int[1 << 16];
        var (count, least, greatest) = (0, float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values)
        {
            if (!IsCounted(value, padding)) continue;
            coarse[Key(value) >> 16]++;
            count++;
            if (value < least) least = value;
            if (value > greatest) greatest = value;
        }
        if (count == 0) return null;

        var (lowRank, highRank) = (low / 100 * (count - 1), high / 100 * (count - 1));
        var found = Select(values, padding, coarse, [(int)lowRank, Math.Min((int)lowRank + 1, count - 1), (int)highRank, Math.Min((int)highRank + 1, count - 1)]);
        return (Between(found[0], found[1], lowRank), Between(found[2], found[3], highRank), least, greatest);
    }

    private static double Between(double below, double above, double rank) => below + (above - below) * (rank - Math.Floor(rank));

    // The values of a few ranks: those of their bins are counted in one pass, each bin in a slot of its own.
    private static float[] Select(ReadOnlySpan<float> values, float? padding, int[] coarse, ReadOnlySpan<int> ranks)
    {
        var slots = new byte[1 << 16];
        var fine = new List<int[]>();
        var places = new (int Bin, int Within)[ranks.Length];
        for (var i = 0; i < ranks.Length; i++)
        {
            var (bin, rest) = (0, ranks[i]);
            while (rest >= coarse[bin]) rest -= coarse[bin++];
            places[i] = (bin, rest);
            if (slots[bin] != 0) continue;
            fine.Add(new int[1 << 16]);
            slots[bin] = (byte)fine.Count;
        }
        foreach (var value in values)
        {
            if (!IsCounted(value, padding)) continue;
            var key = Key(value);
            if (slots[key >> 16] is not 0 and var slot) fine[slot - 1][key & 0xFFFF]++;
        }

        return [.. places.Select(place =>
        {
            var (low, rest, counts) = (0, place.Within, fine[slots[place.Bin] - 1]);
            while (rest >= counts[low]) rest -= counts[low++];
            return Value((uint)place.Bin << 16 | (uint)low);
        })];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsCounted(float value, float? padding) => float.IsFinite(value) && value != padding;

    private static uint Key(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value + 0f); // no negative zero
        return (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
    }

    private static float Value(uint key) => BitConverter.UInt32BitsToSingle((key & 0x80000000) != 0 ? key & 0x7FFFFFFF : ~key);
}
