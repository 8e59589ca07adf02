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
        var count = 0;
        foreach (var value in values)
        {
            if (!IsCounted(value, padding)) continue;
            coarse[Key(value) >> 16]++;
            count++;
        }
        if (count == 0) return null;

        var (lowRank, highRank) = (low / 100 * (count - 1), high / 100 * (count - 1));
        Span<int> ranks = [0, (int)lowRank, Math.Min((int)lowRank + 1, count - 1), (int)highRank, Math.Min((int)highRank + 1, count - 1), count - 1];
        Span<float> found = stackalloc float[6];
        Select(values, padding, coarse, ranks, found);
        return (Between(found[1], found[2], lowRank), Between(found[3], found[4], highRank), found[0], found[5]);
    }

    private static double Between(double below, double above, double rank) => below + (above - below) * (rank - Math.Floor(rank));

    // The values of ascending ranks: bin by bin, as most ranks share theirs.
    private static void Select(ReadOnlySpan<float> values, float? padding, int[] coarse, ReadOnlySpan<int> ranks, Span<float> found)
    {
        var fine = new int[1 << 16];
        var (bin, before, filled) = (0, 0, -1);
        for (var i = 0; i < ranks.Length; i++)
        {
            while (before + coarse[bin] <= ranks[i]) before += coarse[bin++];
            if (filled != bin)
            {
                Array.Clear(fine);
                foreach (var value in values)
                {
                    if (IsCounted(value, padding) && Key(value) is var key && key >> 16 == bin) fine[key & 0xFFFF]++;
                }
                filled = bin;
            }
            var (rest, low) = (ranks[i] - before, 0);
            while (rest >= fine[low]) rest -= fine[low++];
            found[i] = Value((uint)bin << 16 | (uint)low);
        }
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
