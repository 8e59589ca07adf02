namespace MedTransfer.Bench;

internal static class Median
{
    /// <summary>Of at least one value; of an even number the mean of the middle two.</summary>
    internal static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
