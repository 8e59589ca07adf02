using MedTransfer.Numerics;

namespace MedTransfer.Data.Phantoms;

/// <summary>A stream of random numbers of its own for each purpose, so that what is drawn for one never moves another.</summary>
internal sealed class Draws(ulong seed)
{
    private readonly SplitMix64 random = new(seed);

    /// <summary>The stream of a purpose that these numbers name.</summary>
    public static Draws For(params ReadOnlySpan<long> purpose) => new(Key(purpose));

    /// <summary>A seed that depends on every number and on their order.</summary>
    public static ulong Key(params ReadOnlySpan<long> purpose)
    {
        var key = 0UL;
        foreach (var number in purpose) key = new SplitMix64(key ^ unchecked((ulong)number)).Next();
        return key;
    }

    public ulong Seed() => random.Next();

    public int Below(int bound) => random.Below(bound);

    public double Between(double low, double high) => low + (high - low) * Unit();

    /// <summary>Nearly normal (the sum of four uniform numbers), never farther than 3.5 deviations from the mean.</summary>
    public double Around(double mean, double deviation) => mean + deviation * Math.Sqrt(3) * (Unit() + Unit() + Unit() + Unit() - 2);

    public bool Chance(double probability) => Unit() < probability;

    /// <summary>-1, the patient's right, which is left in the picture, or 1.</summary>
    public int Side() => Chance(0.5) ? -1 : 1;

    /// <summary>Exchanges the values until every order is as likely (Fisher-Yates).</summary>
    public void Shuffle<T>(T[] values)
    {
        for (var place = 0; place < values.Length - 1; place++)
        {
            var other = place + Below(values.Length - place);
            (values[place], values[other]) = (values[other], values[place]);
        }
    }

    private double Unit() => (random.Next() >> 11) * (1.0 / (1UL << 53));
}
