namespace MedTransfer.Evaluation.Verdicts;

/// <summary>When something happened or, where it had not by then, how long it was waited for (right-censored): then it takes longer than that.</summary>
/// <param name="At">In any unit, epochs for one.</param>
/// <param name="IsCensored">Whether it had not happened at <paramref name="At"/>.</param>
public sealed record CensoredTime(double At, bool IsCensored)
{
    /// <summary>The first place, from 1, of a value that reaches the level; where none does, more than all of them.</summary>
    /// <param name="values">One an epoch; one that is undefined reaches nothing.</param>
    public static CensoredTime ToReach(double level, IEnumerable<double?> values)
    {
        var all = values.ToList();
        var index = all.FindIndex(value => value >= level);
        return index < 0 ? new(all.Count, true) : new(index + 1, false);
    }

    /// <summary>
    /// The median; of an even number the mean of the two in the middle. Censored, so that it is at least that, where it rests on a time
    /// that is.
    /// </summary>
    /// <param name="times">At least one.</param>
    public static CensoredTime Median(IEnumerable<CensoredTime> times)
    {
        // what has not happened at that time happens after what has
        var ordered = times.OrderBy(time => time.At).ThenBy(time => time.IsCensored).ToList();
        if (ordered.Count == 0)
            throw new ArgumentException("There is nothing to take the median of", nameof(times));
        var (lower, upper) = ((ordered.Count - 1) / 2, ordered.Count / 2);
        return new((ordered[lower].At + ordered[upper].At) / 2, ordered.Take(upper + 1).Any(time => time.IsCensored));
    }

    /// <summary>1 where this is later than the other, -1 where it is sooner, 0 where they are the same; null where censoring hides it.</summary>
    public int? SignAgainst(CensoredTime other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (IsCensored, other.IsCensored) switch
        {
            (false, false) => Math.Sign(At - other.At),
            (true, false) => At >= other.At ? 1 : null,
            (false, true) => At <= other.At ? -1 : null,
            _ => null,
        };
    }
}
