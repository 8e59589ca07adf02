namespace MedTransfer.Numerics.Graphs;

/// <summary>An undirected graph of weighted edges: each is there from both of its ends, those of a node in the order of their other ends.</summary>
internal sealed class SparseGraph
{
    private readonly int[] _starts;
    private readonly int[] _ends;
    private readonly double[] _weights;

    private SparseGraph(int[] starts, int[] ends, double[] weights) => (_starts, _ends, _weights) = (starts, ends, weights);

    internal int Nodes => _starts.Length - 1;

    /// <summary>Edges, each from both ends.</summary>
    internal int Entries => _ends.Length;

    /// <summary>Where a node's edges lead.</summary>
    internal ReadOnlySpan<int> Ends(int node) => _ends.AsSpan(_starts[node].._starts[node + 1]);

    /// <summary>Of a node's edges, in the same order.</summary>
    internal Span<double> Weights(int node) => _weights.AsSpan(_starts[node].._starts[node + 1]);

    /// <param name="edges">One that is given several times, from either end, is one edge; its weight is made of those given by <paramref name="merge"/>, one after the other. Of a node to itself none is kept.</param>
    internal static SparseGraph Of(int nodes, IEnumerable<(int From, int To, double Weight)> edges, Func<double, double, double> merge)
    {
        var given = new List<(int From, int To, double Weight)>();
        var starts = new int[nodes + 1];
        foreach (var edge in edges)
        {
            if (edge.From == edge.To) continue;
            given.Add(edge);
            starts[edge.From + 1]++;
            starts[edge.To + 1]++;
        }

        for (var node = 0; node < nodes; node++) starts[node + 1] += starts[node];
        // in the order of their ends, then, keeping it, of the nodes they are of
        var byEnd = ByEnd(starts, given);
        var (ends, weights, next) = (new int[byEnd.Length], new double[byEnd.Length], starts[..^1]);
        for (var end = 0; end < nodes; end++)
        {
            for (var e = starts[end]; e < starts[end + 1]; e++)
            {
                var at = next[byEnd[e].Node]++;
                (ends[at], weights[at]) = (end, byEnd[e].Weight);
            }
        }

        return Merged(starts, ends, weights, merge);
    }

    /// <summary>The nodes that edges come from, those of one end after those of the other.</summary>
    private static (int Node, double Weight)[] ByEnd(int[] starts, List<(int From, int To, double Weight)> edges)
    {
        var (byEnd, next) = (new (int Node, double Weight)[2 * edges.Count], starts[..^1]);
        foreach (var (from, to, weight) in edges)
        {
            byEnd[next[to]++] = (from, weight);
            byEnd[next[from]++] = (to, weight);
        }

        return byEnd;
    }

    private static SparseGraph Merged(int[] starts, int[] ends, double[] weights, Func<double, double, double> merge)
    {
        var kept = 0;
        var merged = new int[starts.Length];
        for (var node = 0; node < starts.Length - 1; node++)
        {
            for (var at = starts[node]; at < starts[node + 1]; at++)
            {
                if (kept > merged[node] && ends[kept - 1] == ends[at]) weights[kept - 1] = merge(weights[kept - 1], weights[at]);
                else (ends[kept], weights[kept++]) = (ends[at], weights[at]);
            }

            merged[node + 1] = kept;
        }

        return new(merged, ends[..kept], weights[..kept]);
    }

    /// <summary>Every node joined to those of its list, by edges of weight 1 where each is in the other's, 1/2 where one alone is.</summary>
    /// <param name="lists">Of each node others, none twice; put in rising order.</param>
    internal static SparseGraph OfLists(int[][] lists, int? threads)
    {
        var nodes = lists.Length;
        var named = new int[nodes + 1];
        foreach (var list in lists)
        {
            foreach (var end in list) named[end + 1]++;
        }

        for (var node = 0; node < nodes; node++) named[node + 1] += named[node];
        var (by, next) = (new int[named[nodes]], named[..^1]);
        for (var node = 0; node < nodes; node++)
        {
            foreach (var end in lists[node]) by[next[end]++] = node;
        }

        var starts = new int[nodes + 1];
        FixedOrder.ForEachPart(nodes, threads, node =>
        {
            Array.Sort(lists[node]);
            starts[node + 1] = Union(lists[node], by.AsSpan(named[node]..named[node + 1]), [], []);
        });
        for (var node = 0; node < nodes; node++) starts[node + 1] += starts[node];
        var (ends, weights) = (new int[starts[nodes]], new double[starts[nodes]]);
        FixedOrder.ForEachPart(nodes, threads, node =>
        {
            var own = starts[node]..starts[node + 1];
            Union(lists[node], by.AsSpan(named[node]..named[node + 1]), ends.AsSpan(own), weights.AsSpan(own));
        });
        return new(starts, ends, weights);
    }

    /// <summary>What is in either of two rising lists, with 1/2 for each that it is in, where there is room for it; how much it is.</summary>
    private static int Union(int[] list, ReadOnlySpan<int> other, Span<int> ends, Span<double> weights)
    {
        var (a, b, count) = (0, 0, 0);
        for (; a < list.Length || b < other.Length; count++)
        {
            var end = a == list.Length ? other[b] : b == other.Length ? list[a] : Math.Min(list[a], other[b]);
            var weight = 0.0;
            if (a < list.Length && list[a] == end) (weight, a) = (0.5, a + 1);
            if (b < other.Length && other[b] == end) (weight, b) = (weight + 0.5, b + 1);
            if (ends.Length > 0) (ends[count], weights[count]) = (end, weight);
        }

        return count;
    }

    /// <summary>The graph of these nodes alone, in their order, and of the edges between them.</summary>
    /// <param name="nodes">Rising.</param>
    internal SparseGraph Part(IReadOnlyList<int> nodes)
    {
        var place = new int[Nodes];
        Array.Fill(place, -1);
        for (var at = 0; at < nodes.Count; at++) place[nodes[at]] = at;
        var (starts, ends, weights) = (new int[nodes.Count + 1], new List<int>(), new List<double>());
        for (var at = 0; at < nodes.Count; at++)
        {
            for (var e = _starts[nodes[at]]; e < _starts[nodes[at] + 1]; e++)
            {
                if (place[_ends[e]] < 0) continue;
                ends.Add(place[_ends[e]]);
                weights.Add(_weights[e]);
            }

            starts[at + 1] = ends.Count;
        }

        return new(starts, [.. ends], [.. weights]);
    }

    /// <summary>The component that each node belongs to, numbered by their first nodes, and how many there are.</summary>
    internal (int[] Component, int Count) Components()
    {
        var sets = new DisjointSets(Nodes);
        for (var node = 0; node < Nodes; node++)
        {
            foreach (var end in Ends(node)) sets.Join(node, end);
        }

        return sets.Numbered();
    }
}
