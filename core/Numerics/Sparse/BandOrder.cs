using MedTransfer.Numerics.Graphs;

namespace MedTransfer.Numerics.Sparse;

/// <summary>An order of a graph's nodes in which the ends of edges are near each other: reverse Cuthill-McKee (George and Liu, "Computer solution of large sparse positive definite systems", 1981).</summary>
internal static class BandOrder
{
    /// <summary>Searches for a node far from all others; few find one that is far enough.</summary>
    private const int MostSearches = 8;

    /// <summary>Nodes in their new order.</summary>
    internal static int[] Of(SparseGraph graph)
    {
        var order = new int[graph.Nodes];
        var level = new int[graph.Nodes];
        Array.Fill(level, -1);
        var placed = 0;
        for (var first = 0; first < graph.Nodes; first++)
        {
            if (level[first] >= 0) continue;
            placed += Spread(graph, Peripheral(graph, first, level, order.AsSpan(placed)), level, order.AsSpan(placed)).Count;
        }

        Array.Reverse(order);
        return order;
    }

    /// <summary>A node of the component of <paramref name="first"/> with about the longest way to others; levels are left as they were.</summary>
    private static int Peripheral(SparseGraph graph, int first, int[] level, Span<int> order)
    {
        var (root, height) = (first, -1);
        for (var search = 0; search < MostSearches; search++)
        {
            var (count, last) = Spread(graph, root, level, order);
            var farthest = order[count - 1];
            for (var at = count - 1; at >= 0 && level[order[at]] == last; at--)
            {
                if (graph.Ends(order[at]).Length <= graph.Ends(farthest).Length) farthest = order[at];
            }

            for (var at = 0; at < count; at++) level[order[at]] = -1;
            if (last <= height) break;
            (root, height) = (farthest, last);
        }

        return root;
    }

    /// <summary>Breadth first, of equal ones those with fewer edges first: nodes reached, and the last level.</summary>
    private static (int Count, int Last) Spread(SparseGraph graph, int root, int[] level, Span<int> order)
    {
        (order[0], level[root]) = (root, 0);
        var count = 1;
        for (var at = 0; at < count; at++)
        {
            var before = count;
            foreach (var end in graph.Ends(order[at]))
            {
                if (level[end] >= 0) continue;
                level[end] = level[order[at]] + 1;
                order[count++] = end;
            }

            order[before..count].Sort((a, b) => (graph.Ends(a).Length, a).CompareTo((graph.Ends(b).Length, b)));
        }

        return (count, level[order[count - 1]]);
    }
}
