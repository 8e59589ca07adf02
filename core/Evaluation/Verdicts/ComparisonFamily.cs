using MedTransfer.Evaluation.Comparisons;

namespace MedTransfer.Evaluation.Verdicts;

/// <summary>A way that is compared with the reference of its family.</summary>
/// <param name="Comparison">The way less the reference; null where the score is undefined for one of them throughout.</param>
/// <param name="IsPrimary">Whether it was named beforehand, so that it stands alone.</param>
/// <param name="AdjustedP">Adjusted for the other ways of the family, by Holm's method; null for the primary one, and where there is no p.</param>
public sealed record JudgedWay(string Way, Comparison? Comparison, bool IsPrimary, double? AdjustedP, WayVerdict Verdict)
{
    /// <summary>Whether it would be better or worse by itself, so that the ways it stands beside matter.</summary>
    public bool IsAdjusted { get; init; }
}

/// <summary>
/// Ways that are compared with one reference, by one score, on the same training images: better and worse hold for all of them together, but for
/// the one that was named beforehand.
/// </summary>
public static class ComparisonFamily
{
    /// <summary>Judges each way, in the order given.</summary>
    /// <param name="primary">The way that was named beforehand; null where it is none of these.</param>
    /// <inheritdoc cref="ComparisonVerdict.Of(Comparison, double, double?)" path="/param[@name='margin']"/>
    public static IReadOnlyList<JudgedWay> Judge(IReadOnlyList<(string Way, Comparison? Comparison)> ways, string? primary, double margin)
    {
        ArgumentNullException.ThrowIfNull(ways);
        var adjusted = Holm.Adjusted([.. ways.Select(way => way.Way == primary ? null : way.Comparison?.PValue)]);
        return [.. ways.Zip(adjusted, (way, p) => new JudgedWay(way.Way, way.Comparison, way.Way == primary, p, ComparisonVerdict.Of(way.Comparison, margin, p))
        {
            IsAdjusted = p is not null && adjusted.Count(other => other is not null) > 1 && way.Comparison?.PValue < ComparisonVerdict.Level,
        })];
    }
}
