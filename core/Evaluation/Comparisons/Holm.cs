namespace MedTransfer.Evaluation.Comparisons;

/// <summary>
/// P values of several comparisons, adjusted so that the chance of one false rejection among them all stays below the level (Holm 1979, Scand. J.
/// Stat. 6:65-70): the k-th smallest of m times m - k + 1, at least as large as the one before, 1 at most.
/// </summary>
public static class Holm
{
    /// <summary>In the order given; one that is undefined stays so, and is none of the m.</summary>
    public static IReadOnlyList<double?> Adjusted(IReadOnlyList<double?> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        var ascending = Enumerable.Range(0, pValues.Count).Where(i => pValues[i] is not null).OrderBy(i => pValues[i]).ToList();
        var adjusted = new double?[pValues.Count];
        double largest = 0;
        for (var rank = 0; rank < ascending.Count; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, (ascending.Count - rank) * pValues[ascending[rank]]!.Value));
            adjusted[ascending[rank]] = largest;
        }

        return adjusted;
    }
}
