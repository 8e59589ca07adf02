using MedTransfer.Numerics;

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
        var strata = units.Max(unit => unit.Strata[^1].Stratum) + 1;
        var totals = new int[strata];
        foreach (var (stratum, count) in units.SelectMany(unit => unit.Strata)) totals[stratum] += count;
        var dealt = new int[k, strata];
        var sizes = new int[k];
        var parts = new int[units.Count];
        foreach (var place in order.OrderByDescending(place => units[place].Images.Length).ThenBy(place => units[place].Stratum))
        {
            var unit = units[place];
            var part = Enumerable.Range(0, k).MinBy(part => (Cost(unit, part), sizes[part]));
            parts[place] = part;
            sizes[part] += unit.Images.Length;
            foreach (var (stratum, count) in unit.Strata) dealt[part, stratum] += count;
        }
        return parts;

        // adding u images to n of a total of N raises the sum of squared shares by (2 n u + u^2) / N^2, of which u^2 is the same everywhere
        double Cost(Unit unit, int part)
        {
            var cost = 0.0;
            foreach (var (stratum, count) in unit.Strata) cost += (double)dealt[part, stratum] * count / ((double)totals[stratum] * totals[stratum]);
            return cost;
        }
    }
}

/// <summary>What lies on one side whole: an image, or all images of a patient.</summary>
/// <param name="Images">Their places in the set, ascending.</param>
/// <param name="Strata">How many of them belong to each stratum, the strata that do not occur left out; ascending.</param>
/// <param name="Stratum">The stratum that is rarest in the set among those that occur here: what the unit counts as where it can count as one only.</param>
internal sealed record Unit(int[] Images, (int Stratum, int Count)[] Strata, int Stratum);

/// <summary>A set taken apart into its units.</summary>
internal static class Units
{
    /// <summary>The units in the order of their first images.</summary>
    /// <param name="strata">The stratum of each image.</param>
    /// <param name="groups">The patient of each image; null where every image stands for itself.</param>
    public static IReadOnlyList<Unit> Of(IReadOnlyList<int> strata, IReadOnlyList<long>? groups)
    {
        var images = Enumerable.Range(0, strata.Count);
        if (groups is null)
            return [.. images.Select(image => new Unit([image], [(strata[image], 1)], strata[image]))];
        var sizes = strata.CountBy(stratum => stratum).ToDictionary();
        return [.. images.GroupBy(image => groups[image]).Select(group => UnitOf([.. group]))];

        Unit UnitOf(int[] members)
        {
            (int Stratum, int Count)[] counts = [.. members.CountBy(image => strata[image]).OrderBy(count => count.Key).Select(count => (count.Key, count.Value))];
            return new(members, counts, counts.MinBy(count => (sizes[count.Stratum], count.Stratum)).Stratum);
        }
    }
}
