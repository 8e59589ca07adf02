using FsCheck.Xunit;
using MedTransfer.Numerics;
using MedTransfer.Numerics.Graphs;

namespace MedTransfer.Tests.Numerics.Graphs;

public sealed class ShortestPathsTests
{
    [Fact]
    public void Lengths_are_those_of_the_shortest_paths()
    {
        // by hand: 0 - 1 - 2 is shorter than 0 - 2; 3 hangs on 2; 4 is alone
        var graph = SparseGraph.Of(5, [(0, 1, 1.0), (1, 2, 1.5), (0, 2, 4.0), (3, 2, 2.0)], Math.Min);
        Assert.Equal([0, 1, 2.5, 4.5, double.PositiveInfinity], new ShortestPaths(graph).From(0).ToArray());
        Assert.Equal([4.5, 3.5, 2, 0, double.PositiveInfinity], new ShortestPaths(graph).From(3).ToArray());
    }

    [Property(MaxTest = 60)]
    public bool Lengths_are_those_of_Floyd_and_Warshall(byte size, byte density, int seed)
    {
        var (nodes, random) = (2 + size % 30, new SplitMix64((ulong)seed));
        var edges = Enumerable.Range(0, 1 + density).Select(_ => (random.Below(nodes), random.Below(nodes), 1.0 + random.Below(9))).ToList();
        var lengths = new double[nodes, nodes];
        for (var i = 0; i < nodes; i++)
        {
            for (var j = 0; j < nodes; j++) lengths[i, j] = i == j ? 0 : double.PositiveInfinity;
        }

        foreach (var (from, to, weight) in edges.Where(edge => edge.Item1 != edge.Item2))
            lengths[from, to] = lengths[to, from] = Math.Min(lengths[from, to], weight);
        for (var k = 0; k < nodes; k++)
        {
            for (var i = 0; i < nodes; i++)
            {
                for (var j = 0; j < nodes; j++) lengths[i, j] = Math.Min(lengths[i, j], lengths[i, k] + lengths[k, j]);
            }
        }

        var paths = new ShortestPaths(SparseGraph.Of(nodes, edges, Math.Min));
        return Enumerable.Range(0, nodes).All(i => paths.From(i).ToArray().Index().All(found => found.Item == lengths[i, found.Index]));
    }

    [Fact]
    public void Edges_given_twice_are_one_and_those_to_oneself_none()
    {
        var graph = SparseGraph.Of(3, [(0, 1, 2.0), (1, 0, 3.0), (2, 2, 1.0), (1, 2, 5.0)], (a, b) => a + b);
        Assert.Equal(4, graph.Entries);
        Assert.Equal([0, 2], graph.Ends(1).ToArray());
        Assert.Equal([5, 5.0], graph.Weights(1).ToArray());
        Assert.Equal([1], graph.Ends(2).ToArray());
    }

    [Fact]
    public void Components_are_numbered_by_their_first_nodes()
    {
        var (component, count) = SparseGraph.Of(6, [(3, 5, 1.0), (4, 1, 1.0), (1, 0, 1.0)], Math.Min).Components();
        Assert.Equal(3, count);
        Assert.Equal([0, 0, 1, 2, 0, 2], component);
    }
}
