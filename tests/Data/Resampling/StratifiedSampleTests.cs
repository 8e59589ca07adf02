using FsCheck;
using FsCheck.Xunit;
using MedTransfer.Data.Resampling;

namespace MedTransfer.Tests.Data.Resampling;

public sealed class StratifiedSampleTests
{
    // 100 elements: class 0 has 60, class 1 has 30, class 2 has 9, class 3 has 1.
    private static readonly int[] Classes = [.. Enumerable.Range(0, 100).Select(index => index < 60 ? 0 : index < 90 ? 1 : index < 99 ? 2 : 3)];

    [Theory]
    [InlineData(100, new[] { 60, 30, 9, 1 })]
    [InlineData(50, new[] { 29, 15, 5, 1 })] // shares 30, 15, 4.5, .5: the remainder goes to class 2, class 0 gives one up
    [InlineData(10, new[] { 5, 3, 1, 1 })]
    [InlineData(4, new[] { 1, 1, 1, 1 })]
    public void Classes_have_their_shares_by_largest_remainder_and_at_least_one(int n, int[] expected)
    {
        var drawn = StratifiedSample.Draw(Classes, n, seed: 5);

        Assert.Equal(expected, Enumerable.Range(0, 4).Select(k => drawn.Count(index => Classes[index] == k)));
    }

    [Property(MaxTest = 200, Replay = "20230607,11")]
    public void Sample_has_n_distinct_ascending_indices_with_shares_off_by_less_than_one(NonEmptyArray<byte> values, PositiveInt size, long seed)
    {
        var classes = Array.ConvertAll(values.Get, value => value % 5);
        var distinct = classes.Distinct().Count();
        var n = distinct + size.Get % (classes.Length - distinct + 1);

        var drawn = StratifiedSample.Draw(classes, n, seed);

        Assert.Equal(n, drawn.Length);
        Assert.Equal(drawn.Distinct().Order(), drawn);
        Assert.All(drawn, index => Assert.InRange(index, 0, classes.Length - 1));
        var byClass = classes.CountBy(k => k)
            .Select(k => (Share: (double)n * k.Value / classes.Length, Drawn: drawn.Count(index => classes[index] == k.Key))).ToList();
        Assert.All(byClass, k => Assert.True(k.Drawn >= 1));
        if (byClass.TrueForAll(k => k.Share >= 1)) Assert.All(byClass, k => Assert.True(Math.Abs(k.Drawn - k.Share) < 1));
    }

    // The same algorithm written again in Python 3.11 from its description: whole numbers of any size, no .NET.
    [Theory]
    [InlineData(42, new[] { 8, 12, 14, 41, 71, 76, 97, 99 })]
    [InlineData(-1, new[] { 27, 48, 58, 59, 84, 89, 90, 99 })]
    public void Same_seed_gives_the_same_sample_for_ever(long seed, int[] expected) =>
        Assert.Equal(expected, StratifiedSample.Draw(Classes, 8, seed));

    [Fact]
    public void Other_seeds_give_other_samples()
    {
        var samples = Enumerable.Range(0, 100).Select(seed => string.Join(' ', StratifiedSample.Draw(Classes, 20, seed)));

        Assert.Equal(100, samples.Distinct().Count());
    }

    [Fact]
    public void Every_element_is_as_likely_as_the_others_of_its_class()
    {
        var drawn = new int[100];
        for (var seed = 0; seed < 4000; seed++)
        {
            foreach (var index in StratifiedSample.Draw(Classes, 50, seed)) drawn[index]++;
        }

        // 29 of the 60 of class 0: 1,933 times each, standard deviation 31.6; five of those either way.
        Assert.All(drawn[..60], times => Assert.InRange(times, 1775, 2091));
        // 15 of the 30 of class 1: 2,000 times each.
        Assert.All(drawn[60..90], times => Assert.InRange(times, 1842, 2158));
    }

    [Fact]
    public void Larger_sample_of_the_same_seed_contains_the_smaller()
    {
        var balanced = Enumerable.Range(0, 100).Select(index => index % 2).ToArray();

        Assert.Empty(StratifiedSample.Draw(balanced, 20, seed: 3).Except(StratifiedSample.Draw(balanced, 40, seed: 3)));
    }

    [Theory]
    [InlineData(101)]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(-1)]
    public void Sample_larger_than_the_split_or_smaller_than_its_classes_is_refused(int n)
    {
        var error = Assert.Throws<MedTransferException>(() => StratifiedSample.Draw(Classes, n, seed: 1));

        Assert.Contains("take 4 to 100", error.Message, StringComparison.Ordinal);
    }
}
