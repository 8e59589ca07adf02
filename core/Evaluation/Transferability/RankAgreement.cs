using MedTransfer.Evaluation.Intervals;
using MedTransfer.Numerics;

namespace MedTransfer.Evaluation.Transferability;

/// <summary>How far one list of numbers is in the order of another, and whether chance explains it.</summary>
/// <param name="Value">-1 (the opposite order) to 1 (the same).</param>
/// <param name="Interval95">
/// Of which items happen to be in the lists, see <see cref="BootstrapInterval"/>; null below <see cref="RankAgreement.FewestForInterval"/> items, and where it is the same in nearly all
/// resamples, as of one order: how it varies is then not known to be nothing, it was not seen.
/// </param>
/// <param name="PValue">Two-sided, of "any order of the second list is as likely": the share of orders in which the value is as far from 0, or farther.</param>
public sealed record RankCorrelation(double Value, Interval? Interval95, double PValue);

/// <summary>
/// Whether two lists rank the same items alike, as a guess of how well sources transfer and how well they then do. Ties are no agreement in either direction. Time is quadratic in the
/// number of items.
/// </summary>
/// <param name="Kendall">tau-b: pairs in the same order less pairs in opposite ones, over the root of the pairs not tied in one list times those not tied in the other (Kendall 1945, Biometrika 33:239-251).</param>
/// <param name="Spearman">rho: Pearson's correlation of the ranks, ties having the mean of their ranks.</param>
public sealed record RankAgreement(RankCorrelation Kendall, RankCorrelation Spearman)
{
    /// <summary>Items from which on there is an interval.</summary>
    public const int FewestForInterval = 6;

    private const string Name = "Rank agreement";

    /// <summary>Items up to which P values are of all orders, 40,320 of them; of more, of <see cref="Draws"/> random ones and that at hand (Phipson and Smyth 2010).</summary>
    public const int MostForAllOrders = 8;

    /// <summary>Random orders of more.</summary>
    public const int Draws = 10_000;

    private const int Fewest = 3;

    /// <summary>Of two lists that are not constant.</summary>
    /// <param name="first">Finite numbers, one an item, of 3 items or more.</param>
    /// <param name="second">The same items in the same order.</param>
    /// <param name="resamples">For the intervals, 40 or more.</param>
    /// <param name="seed">Of resamples and of random orders: the same gives the same.</param>
    /// <exception cref="MedTransferException">Lists differ in length, are shorter than 3, hold a number that is not finite, or one number only.</exception>
    public static RankAgreement Of(IReadOnlyList<double> first, IReadOnlyList<double> second, int resamples = 2000, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count)
            throw new MedTransferException($"{Name} got lists of {first.Count} and {second.Count} numbers: give both of the same items.");
        if (first.Count < Fewest)
            throw new MedTransferException($"{Name} takes {Fewest} items, not {first.Count}: give more.");
        Require(first, "first");
        Require(second, "second");

        var ranks = (First: Ranks(first), Second: Ranks(second));
        return new(Correlation(AgreeingPairs), Correlation(AgreeingRanks));

        RankCorrelation Correlation(Func<int[], int[], long> product) => new(
            Value(ranks.First, ranks.Second, product)!.Value,
            first.Count < FewestForInterval ? null : Seen(BootstrapInterval.Of(first.Count, resamples, seed, drawn => Value(Drawn(first, drawn), Drawn(second, drawn), product))),
            PValue(ranks.First, ranks.Second, product, seed));
    }

    private static void Require(IReadOnlyList<double> values, string list)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (!double.IsFinite(values[i]))
                throw new MedTransferException(FormattableString.Invariant($"{Name} got {values[i]} as number {i} (from 0) of the {list} list: leave such items out."));
        }

        if (values.All(value => value == values[0]))
            throw new MedTransferException($"{Name} got a {list} list of one number {values.Count} times, which ranks nothing: give numbers that differ.");
    }

    /// <summary>Items below less items above, each twice its rank less the mean rank: whole numbers, so that orders that agree as well are found to.</summary>
    private static int[] Ranks(IReadOnlyList<double> values) => [.. values.Select(value => values.Sum(value.CompareTo))];

    private static int[] Drawn(IReadOnlyList<double> values, int[] drawn) => Ranks(Array.ConvertAll(drawn, item => values[item]));

    /// <summary>Kendall's: pairs of items in the same order less those in opposite ones.</summary>
    private static long AgreeingPairs(int[] first, int[] second)
    {
        long sum = 0;
        for (var i = 0; i < first.Length; i++)
        {
            for (var j = 0; j < i; j++) sum += Math.Sign(first[i] - first[j]) * Math.Sign(second[i] - second[j]);
        }

        return sum;
    }

    /// <summary>Spearman's: 4 times the sum of products of ranks less their mean.</summary>
    private static long AgreeingRanks(int[] first, int[] second)
    {
        long sum = 0;
        for (var i = 0; i < first.Length; i++) sum += (long)first[i] * second[i];
        return sum;
    }

    /// <summary>The product over the root of those of each list with itself; null where a list is constant.</summary>
    private static double? Value(int[] first, int[] second, Func<int[], int[], long> product) =>
        (product(first, first), product(second, second)) is ( > 0 and var own, > 0 and var other)
            ? product(first, second) / Math.Sqrt((double)own * other)
            : null;

    private static Interval? Seen(Interval? interval) => interval is { } seen && seen.Low < seen.High ? seen : null;

    private static double PValue(int[] first, int[] second, Func<int[], int[], long> product, long seed)
    {
        var observed = Math.Abs(product(first, second));
        bool IsAsFar(int[] order) => Math.Abs(product(first, order)) >= observed;
        if (first.Length <= MostForAllOrders)
        {
            var (all, far) = (0, 0);
            ForEachOrder([.. second], 0, order =>
            {
                all++;
                if (IsAsFar(order)) far++;
            });
            return (double)far / all;
        }

        var random = new SplitMix64(unchecked((ulong)seed));
        var (drawn, asFar) = (second.ToArray(), 1);
        for (var draw = 0; draw < Draws; draw++)
        {
            random.Shuffle(drawn, drawn.Length);
            if (IsAsFar(drawn)) asFar++;
        }

        return (double)asFar / (Draws + 1);
    }

    /// <summary>Each order of the values from a place on, those before it staying.</summary>
    private static void ForEachOrder(int[] values, int place, Action<int[]> visit)
    {
        if (place == values.Length) visit(values);
        for (var other = place; other < values.Length; other++)
        {
            (values[place], values[other]) = (values[other], values[place]);
            ForEachOrder(values, place + 1, visit);
            (values[place], values[other]) = (values[other], values[place]);
        }
    }
}
