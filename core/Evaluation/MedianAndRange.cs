namespace MedTransfer.Evaluation;

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
            : new(ordered.Length, (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2, ordered[0], ordered[^1]);
    }
}
