namespace MedTransfer.Data.Resampling;

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
