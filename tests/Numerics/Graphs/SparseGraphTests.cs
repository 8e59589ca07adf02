using MedTransfer.Numerics.Graphs;

namespace MedTransfer.Tests.Numerics.Graphs;

public sealed class SparseGraphTests
{
    [Fact]
    public void An_edge_given_twice_is_one_from_both_its_ends_in_the_order_of_the_others()
    {
        var graph = SparseGraph.Of(4, [(2, 0, 1), (3, 0, 2), (0, 2, 4), (1, 1, 9), (0, 1, 8)], (a, b) => a + b);
        Assert.Equal([1, 2, 3], graph.Ends(0).ToArray());
        Assert.Equal([8, 5, 2], graph.Weights(0).ToArray());
        Assert.Equal([0], graph.Ends(2).ToArray());
        Assert.Equal([5], graph.Weights(2).ToArray());
        Assert.Equal(6, graph.Entries);
    }

    [Fact]
    public void Lists_that_name_each_other_weigh_one_and_others_half()
    {
        var graph = SparseGraph.OfLists([[3, 1], [0], [0], [2]], 2);
        Assert.Equal([1, 2, 3], graph.Ends(0).ToArray());
        Assert.Equal([1, 0.5, 0.5], graph.Weights(0).ToArray());
        Assert.Equal([0, 3], graph.Ends(2).ToArray());
        Assert.Equal([0.5, 0.5], graph.Weights(2).ToArray());
    }

    [Fact]
    public void A_part_has_the_edges_between_its_nodes_alone()
    {
        var graph = SparseGraph.Of(5, [(0, 2, 1), (2, 4, 2), (4, 1, 3), (3, 4, 4)], (a, _) => a).Part([0, 2, 4]);
        Assert.Equal(3, graph.Nodes);
        Assert.Equal([0, 2], graph.Ends(1).ToArray());
        Assert.Equal([1, 2], graph.Weights(1).ToArray());
        Assert.Equal([1], graph.Ends(2).ToArray());
    }
}
