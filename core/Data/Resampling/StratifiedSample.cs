using MedTransfer.Numerics;

namespace MedTransfer.Data.Resampling;

/// <summary>Samples in which each class has its share.</summary>
public static class StratifiedSample
{
    /// <summary>
    /// Indices of <paramref name="n"/> elements, ascending. Class k of c_k elements gets n c_k / N of them, rounded by largest
    /// remainder (ties go to the lower class) and never to none. Within a class the choice is the start of a shuffle (Fisher-Yates) that
    /// depends on the seed alone, so that a larger sample of the same seed contains the smaller one but for rounding.
    /// </summary>
    /// <param name="classes">The class of each element.</param>
    /// <param name="n">From the number of distinct classes to the number of elements.</param>
    public static int[] Draw(IReadOnlyList<int> classes, int n, long seed)
    {
        var members = Enumerable.Range(0, classes.Count).GroupBy(index => classes[index]).OrderBy(group => group.Key)
            .Select(group => group.ToArray()).ToArray();
        if (n < Math.Max(1, members.Length) || n > classes.Count)
        {
            throw new MedTransferException($"a sample of {n} cannot be drawn from {classes.Count} images of {members.Length} classes: "
                + $"take {members.Length} to {classes.Count}");
        }

        var sizes = Shares(Array.ConvertAll(members, member => member.Length), n);
        var seeds = new SplitMix64(unchecked((ulong)seed));
        var drawn = new List<int>(n);
        foreach (var (member, size) in members.Zip(sizes))
        {
            new SplitMix64(seeds.Next()).Shuffle(member, size);   // its first places do not depend on how many there are
            drawn.AddRange(member.AsSpan(0, size));
        }
        drawn.Sort();
        return [.. drawn];
    }

    private static int[] Shares(int[] counts, int n)
    {
        long total = counts.Sum();
        var shares = Array.ConvertAll(counts, count => (int)((long)n * count / total));
        var byRemainder = Enumerable.Range(0, counts.Length).OrderByDescending(k => (long)n * counts[k] % total);
        foreach (var k in byRemainder.Take(n - shares.Sum())) shares[k]++;
        for (int none; (none = Array.IndexOf(shares, 0)) >= 0;)
        {
            shares[Array.IndexOf(shares, shares.Max())]--;
            shares[none]++;
        }
        return shares;
    }
}

/// <summary>What is to keep its share when a split is sampled or cut: its classes; of several findings, having any that is known or none; without labels, one stratum.</summary>
/// <param name="Values">The stratum of each image.</param>
/// <param name="AreFindings">Whether 0 is "no finding" and 1 is "any", not a class.</param>
/// <param name="Names">Names of the classes; null where they have none.</param>
internal sealed record Strata(IReadOnlyList<int> Values, bool AreFindings, IReadOnlyList<string>? Names = null)
{
    public static Strata Of(Labels labels, IReadOnlyList<string>? names = null)
    {
        var values = new int[labels.Count];
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = labels.Columns == 1 ? labels[row, 0] : labels.AnyPresent(row) ? 1 : 0;
        }
        return new(values, labels.Columns > 1, names);
    }

    /// <summary>A stratum as an error names it.</summary>
    public string NameOf(int value) => !AreFindings ? OneLine.Class(Names?.ElementAtOrDefault(value) ?? $"{value}") : value == 0 ? "without findings" : "with findings";
}
