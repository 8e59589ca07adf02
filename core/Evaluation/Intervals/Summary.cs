using MathNet.Numerics.Statistics;

namespace MedTransfer.Evaluation.Intervals;

/// <summary>A figure over several runs, usually one a seed.</summary>
/// <param name="Count">Number of runs n that have the figure, at least 1.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="StandardDeviation">Of the sample, sqrt(sum (x - mean)^2 / (n - 1)), not negative; null for one run.</param>
public sealed record Summary(int Count, double Mean, double? StandardDeviation)
{
    /// <summary>
    /// Number of all runs, at least Count. Where it is more, the figure is undefined for some (an area under the ROC curve where a class is
    /// missing), and whoever shows the mean says of how many it is: "over 7 of 10".
    /// </summary>
    public int Total { get; init; } = Count;

    /// <summary>Of the mean, StandardDeviation / sqrt(n); null for one run.</summary>
    public double? StandardError => StandardDeviation / Math.Sqrt(Count);

    /// <summary>Summarises finite numbers; the order they come in matters for the last digit at most.</summary>
    public static Summary Of(IEnumerable<double> values)
    {
        var x = values.ToArray();
        if (x.Length == 0)
            throw new ArgumentException("There is nothing to summarise", nameof(values));
        foreach (var value in x)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException($"A value to summarise is {value}; leave out what is missing", nameof(values));
        }

        // Around the first value, so that equal values have exactly their mean and a deviation of exactly 0.
        var mean = x[0] + x.Sum(value => value - x[0]) / x.Length;
        double? deviation = x.Length == 1 ? null : Math.Sqrt(x.Sum(value => (value - mean) * (value - mean)) / (x.Length - 1));
        return new(x.Length, mean, deviation);
    }

    /// <summary>Summarises what is defined (not null), which has to be finite, and counts the rest; null where nothing is.</summary>
    public static Summary? OfDefined(IEnumerable<double?> values)
    {
        var all = values.ToArray();
        var defined = all.OfType<double>().ToArray();
        return defined.Length == 0 ? null : Of(defined) with { Total = all.Length };
    }
}

/// <summary>A figure over a few rounds, of which one may be disturbed.</summary>
/// <param name="Count">Number of rounds, at least 1.</param>
/// <param name="Median">Of an even number the mean of the two in the middle.</param>
public sealed record MedianAndRange(int Count, double Median, double Lowest, double Highest)
{
    /// <summary>Of finite numbers, in any order.</summary>
    public static MedianAndRange Of(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered.Length == 0
            ? throw new ArgumentException("There is nothing to take the median of", nameof(values))
            : new(ordered.Length, SortedArrayStatistics.Median(ordered), ordered[0], ordered[^1]);
    }
}

/// <summary>A confidence interval, ends included; Low is at most High.</summary>
public sealed record Interval(double Low, double High)
{
    /// <summary>Whether the value lies inside or on an end.</summary>
    public bool Contains(double value) => Low <= value && value <= High;
}
