namespace MedTransfer.Data.Resampling;

/// <summary>Deals units into k parts of equal size in which each stratum has its share.</summary>
internal static class KFoldDeal
{
    /// <summary>
    /// The part of each unit, 0 to <paramref name="k"/> - 1. Largest units first (equal ones by stratum, then shuffled), each to the part
    /// that keeps the sum over strata of the variance of their shares smallest, of equal ones to that with the fewest images. Units of one
    /// image are thus dealt so that parts differ by one image at most, in each stratum and in all; no part stays empty while units last.
    /// </summary>
    public static int[] Deal(IReadOnlyList<Unit> units, int k, SplitMix64 random)
    {
        var order = Enumerable.Range(0, units.Count).ToArray();
        random.Shuffle(order, order.Length);
        var totals = units.SelectMany(unit => unit.Strata).GroupBy(stratum => stratum.Stratum)
            .ToDictionary(group => group.Key, group => (double)group.Sum(stratum => stratum.Count));
        var dealt = Enumerable.Range(0, k).Select(_ => totals.Keys.ToDictionary(stratum => stratum, _ => 0)).ToArray();
        var sizes = new int[k];
        var parts = new int[units.Count];
        foreach (var place in order.OrderByDescending(place => units[place].Images.Count).ThenBy(place => units[place].Stratum))
        {
            var unit = units[place];
            // adding u images to n of a total of N raises the sum of squared shares by (2 n u + u^2) / N^2, of which u^2 is the same everywhere
            var part = Enumerable.Range(0, k).MinBy(part => (unit.Strata.Sum(own => dealt[part][own.Stratum] * own.Count / Math.Pow(totals[own.Stratum], 2)), sizes[part]));
            parts[place] = part;
            sizes[part] += unit.Images.Count;
            foreach (var (stratum, count) in unit.Strata) dealt[part][stratum] += count;
        }
        return parts;
    }
}
