namespace MedTransfer.Numerics;

/// <summary>
/// Where a column of numbers lies. Single precision is finest near 0: a column that lies far from it, for how much it varies, has to be
/// moved there before it is narrowed, or what tells its values apart is rounded away.
/// </summary>
internal static class ColumnOrigin
{
    /// <summary>Rows that are enough to tell: the origin only has to be near most values.</summary>
    internal const int EnoughRows = 101;

    /// <summary>Up to this distance from 0, in spreads, single precision keeps a spread to one part in 2^17, and the column stays as it is.</summary>
    private const double Far = 64;

    /// <summary>
    /// One of the values, to be taken from all: their median where it is far from 0, in units of the median deviation from it (of the largest,
    /// where most are equal); else 0. Outliers, such as 0 for "missing", do not drag it along as they would a mean.
    /// </summary>
    /// <param name="sample">Values of the column, finite, at least one; sorted afterwards.</param>
    internal static double Of(Span<double> sample)
    {
        sample.Sort();
        var median = sample[sample.Length / 2];
        var deviations = new double[sample.Length];
        for (var i = 0; i < deviations.Length; i++) deviations[i] = Math.Abs(sample[i] - median);
        Array.Sort(deviations);
        var spread = deviations[deviations.Length / 2] is > 0 and var usual ? usual : deviations[^1];
        return Math.Abs(median) > Far * spread ? median : 0;
    }

    /// <summary>The rows of a sample of <paramref name="size"/> among <paramref name="count"/>, evenly spread.</summary>
    internal static int[] SampleRows(int count, int size) =>
        [.. Enumerable.Range(0, Math.Min(count, size)).Select(i => (int)((long)i * count / Math.Min(count, size)))];
}
