namespace MedTransfer.Numerics;

/// <summary>
/// A stream of random 64-bit numbers (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). Ours, because
/// what <see cref="Random"/> draws from a seed may change with .NET.
/// </summary>
public sealed class SplitMix64(ulong seed)
{
    /// <summary>The odd number nearest to 2^64 over the golden ratio: the state goes through all of its 2^64 values.</summary>
    private const ulong Increment = 0x9E3779B97F4A7C15;

    private ulong state = seed;

    /// <summary>The number at <paramref name="place"/>, from 1, of the stream of a seed, without those before it: a hash of both, one to one in each.</summary>
    public static ulong At(ulong seed, ulong place) => Mix(seed + place * Increment);

    public ulong Next() => Mix(state += Increment);

    /// <summary>A number from 0 to <paramref name="bound"/> - 1, each as likely as the others.</summary>
    public int Below(int bound)
    {
        // The lowest 2^64 mod bound draws would make small numbers likelier.
        var unfair = (0 - (ulong)bound) % (ulong)bound;
        ulong drawn;
        do drawn = Next(); while (drawn < unfair);
        return (int)(drawn % (ulong)bound);
    }

    /// <summary>Draws the first <paramref name="places"/> values of a shuffle (Fisher-Yates); the others are what is left, in some order.</summary>
    public void Shuffle(int[] values, int places)
    {
        for (var place = 0; place < places; place++)
        {
            var other = place + Below(values.Length - place);
            (values[place], values[other]) = (values[other], values[place]);
        }
    }

    /// <summary>A number from 0 to below 1, of 53 random bits.</summary>
    public double Fraction() => (Next() >> 11) * Math.ScaleB(1, -53);

    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
