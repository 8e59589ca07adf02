using MedTransfer.Reduction.NeighbourEmbedding;

namespace MedTransfer.Tests.Reduction.NeighbourEmbedding;

public sealed class SparseAffinitiesTests
{
    private static readonly float[,] _points = Inputs.Blobs(classes: 4, size: 51, width: 19).Points;

    private static readonly SparseAffinities _affinities = SparseAffinities.Of(_points, 12.5, null, TestContext.Current.CancellationToken);

    [Fact]
    public void Affinities_sum_to_one() => Assert.Equal(1, _affinities.Values.Sum(value => (double)value), 1e-6);

    [Fact]
    public void Affinities_are_symmetric_with_an_empty_diagonal()
    {
        var entries = Entries().ToDictionary(entry => (entry.Row, entry.Column), entry => entry.Value);
        Assert.All(entries, entry => Assert.Equal(entry.Value, entries[(entry.Key.Column, entry.Key.Row)]));
        Assert.DoesNotContain(entries.Keys, key => key.Row == key.Column);
    }

    [Fact]
    public void Affinities_join_exactly_the_nearest_neighbours()
    {
        const int K = 37; // 3 x 12.5, rounded down
        var expected = new HashSet<(int, int)>();
        for (var i = 0; i < _affinities.Count; i++)
        {
            foreach (var j in Enumerable.Range(0, _affinities.Count).Where(j => j != i).OrderBy(j => Squared(i, j)).Take(K))
                expected.UnionWith([(i, j), (j, i)]);
        }
        Assert.Equal(expected.Order(), Entries().Select(entry => (entry.Row, entry.Column)).Order());
    }

    [Fact]
    public void Affinities_of_a_ring_have_the_perplexity_asked_for()
    {
        // On a ring all points see the same distances, so P is symmetric before it is made so, and n p its rows: exp of their entropy is the perplexity.
        var ring = Inputs.Fill(120, 2, (i, j) => 10 * (j == 0 ? Math.Cos(i * Math.PI / 60) : Math.Sin(i * Math.PI / 60)));
        var affinities = SparseAffinities.Of(ring, 7.5, null, TestContext.Current.CancellationToken);
        var entropy = affinities.Values.Take(affinities.Starts[1]).Where(p => p > 0).Sum(p => -120.0 * p * Math.Log(120.0 * p));
        Assert.Equal(7.5, Math.Exp(entropy), 1e-3);
    }

    [Fact]
    public void Affinities_of_many_equally_near_points_are_equal()
    {
        // Every point has 19 duplicates, more than a perplexity of 4 asks for: no width reaches it, the limit is an equal share.
        var affinities = SparseAffinities.Of(Inputs.Fill(60, 2, (i, j) => i / 20 * (j + 1)), 4, null, TestContext.Current.CancellationToken);
        Assert.All(affinities.Values, value => Assert.True(value is 1f / (60 * 12) or 0.5f / (60 * 12)));
    }

    private static double Squared(int i, int j) =>
        Enumerable.Range(0, _points.GetLength(1)).Sum(c => Math.Pow((double)_points[i, c] - _points[j, c], 2));

    private static IEnumerable<(int Row, int Column, float Value)> Entries()
    {
        for (var i = 0; i < _affinities.Count; i++)
        {
            for (var e = _affinities.Starts[i]; e < _affinities.Starts[i + 1]; e++) yield return (i, _affinities.Columns[e], _affinities.Values[e]);
        }
    }
}
