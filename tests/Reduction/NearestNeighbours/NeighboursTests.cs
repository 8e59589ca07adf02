using FsCheck.Xunit;
using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Tests.Reduction.NearestNeighbours;

public sealed class NeighboursTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, float[,]> Kinds => new()
    {
        { "few points", Inputs.Blobs(classes: 3, size: 50, width: 5).Points },
        { "clusters, filtered by a few columns", Inputs.Blobs(classes: 6, size: 400, width: 60).Points },
        { "points that fill their space", Inputs.Blobs(classes: 1, size: 2300, width: 40).Points },
        { "a plane", Inputs.Blobs(classes: 9, size: 300, width: 2).Points },
        { "far from the origin", Inputs.Fill(2100, 30, (i, j) => 1000 + Math.Sin(i * (j + 1))) },
    };

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Neighbours_are_those_of_all_pairs(string kind, float[,] points)
    {
        var found = Neighbours.Among(points, 20, null, Token);
        for (var i = 0; i < points.GetLength(0); i += 37)
        {
            var distances = Enumerable.Range(0, points.GetLength(0)).Select(j => j == i ? double.MaxValue : Squared(points, i, j)).ToArray();
            var limit = distances.Order().ElementAt(19) * (1 + 1e-5);
            var row = Enumerable.Range(0, 20).Select(j => found.Index[i, j]).ToArray();
            Assert.Equal(20, row.Distinct().Count());
            Assert.All(row, j => Assert.True(distances[j] <= limit, $"{kind}: {j} is no neighbour of {i}"));
        }
    }

    [Fact]
    public void Equally_near_points_come_by_row_number()
    {
        // 2400 points on 24 places, each place a hundred times.
        var found = Neighbours.Among(Inputs.Fill(2400, 30, (i, j) => i % 24 * (j + 1)), 50, null, Token);
        Assert.Equal(Enumerable.Range(1, 50).Select(j => 24 * j), Enumerable.Range(0, 50).Select(j => found.Index[0, j]));
        Assert.All(found.SquaredDistance.Cast<float>(), distance => Assert.Equal(0, distance));
    }

    [Fact]
    public void Queries_find_what_the_points_themselves_would()
    {
        var points = Inputs.Blobs(classes: 6, size: 400, width: 60).Points;
        var (among, of) = (Neighbours.Among(points, 5, null, Token), Neighbours.Of(points, new NeighbourIndex(points, 6), 6));
        for (var i = 0; i < 2400; i++)
        {
            Assert.Equal(i, of.Index[i, 0]);
            for (var j = 0; j < 5; j++)
                Assert.Equal((among.Index[i, j], among.SquaredDistance[i, j]), (of.Index[i, j + 1], of.SquaredDistance[i, j + 1]));
        }
    }

    [Property(MaxTest = 50)]
    public bool Keys_order_as_their_values_do(float a, float b) =>
        float.IsNaN(a) || float.IsNaN(b) || (a < b ? NeighbourKey.Of(a, 2) < NeighbourKey.Of(b, 1) : NeighbourKey.Of(b, 1) < NeighbourKey.Of(a, 2));

    private static double Squared(float[,] points, int i, int j) =>
        Enumerable.Range(0, points.GetLength(1)).Sum(c => Math.Pow((double)points[i, c] - points[j, c], 2));
}
