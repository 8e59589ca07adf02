using MedTransfer.Numerics;

namespace MedTransfer.Data.Resampling;

/// <summary>Deals units into train, validation and test by shares, so that each stratum has its share in each.</summary>
internal static class SplitDeal
{
    /// <summary>
    /// The split of each unit. Iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011), units taking the place of images: of the
    /// rarest stratum first, in it the largest units first, equal ones shuffled; each goes to the split that lacks most images of that stratum, of equal ones to
    /// that which lacks most in all.
    /// </summary>
    /// <param name="units">One or more.</param>
    /// <param name="shares">Of train, validation and test, 0 or more, 1 together; a split with a share of 0 gets nothing.</param>
    public static SplitName[] Deal(IReadOnlyList<Unit> units, IReadOnlyList<double> shares, long seed)
    {
        var random = new SplitMix64(unchecked((ulong)seed));
        var order = Enumerable.Range(0, units.Count).ToArray();
        random.Shuffle(order, order.Length);
        var totals = new Dictionary<int, int>();
        foreach (var (stratum, count) in units.SelectMany(unit => unit.Strata))
            totals[stratum] = totals.GetValueOrDefault(stratum) + count;
        var images = units.Sum(unit => unit.Images.Length);
        var lacking = totals.ToDictionary(total => total.Key, total => shares.Select(share => share * total.Value).ToArray());
        double[] lackingInAll = [.. shares.Select(share => share * images)];
        var splits = new SplitName[units.Count];
        var open = SplitNames.All.Where(split => shares[(int)split] > 0).ToList();
        foreach (var place in order.OrderBy(place => (totals[units[place].Stratum], units[place].Stratum)).ThenByDescending(place => units[place].Images.Length))
        {
            var unit = units[place];
            var split = open.MaxBy(split => (Rounded(lacking[unit.Stratum][(int)split]), Rounded(lackingInAll[(int)split])));
            splits[place] = split;
            lackingInAll[(int)split] -= unit.Images.Length;
            foreach (var (stratum, count) in unit.Strata)
                lacking[stratum][(int)split] -= count;
        }

        return splits;
    }

    // what a sum of shares leaves in the last bits decides nothing
    private static double Rounded(double images) => Math.Round(images, 6);
}
