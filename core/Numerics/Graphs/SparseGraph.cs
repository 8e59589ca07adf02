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

    /// <param name="edges">One that is given several times, from either end, is one edge; its weight is made of those given by <paramref name="merge"/>, which takes them in any order. Of a node to itself none is kept.</param>
    internal static SparseGraph Of(int nodes, IEnumerable<(int From, int To, double Weight)> edges, Func<double, double, double> merge)
    {
        var both = new List<(int From, int To, double Weight)>();
        foreach (var (from, to, weight) in edges)
        {
            if (from == to) continue;
            both.Add((from, to, weight));
            both.Add((to, from, weight));
        }

        var starts = new int[nodes + 1];
        foreach (var (from, _, _) in both) starts[from + 1]++;
        for (var node = 0; node < nodes; node++) starts[node + 1] += starts[node];
        var (ends, weights, next) = (new int[both.Count], new double[both.Count], starts[..^1]);
        foreach (var (from, to, weight) in both) (ends[next[from]], weights[next[from]++]) = (to, weight);

        var (kept, at) = (0, 0);
        var merged = new int[nodes + 1];
        for (var node = 0; node < nodes; node++)
        {
            var (start, count) = (starts[node], starts[node + 1] - starts[node]);
            ends.AsSpan(start, count).Sort(weights.AsSpan(start, count));
            merged[node] = kept;
            for (at = start; at < start + count; at++)
            {
                if (kept > merged[node] && ends[kept - 1] == ends[at]) weights[kept - 1] = merge(weights[kept - 1], weights[at]);
                else (ends[kept], weights[kept++]) = (ends[at], weights[at]);
            }
        }

        merged[nodes] = kept;
        return new(merged, ends[..kept], weights[..kept]);
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
        var component = new int[Nodes];
        Array.Fill(component, -1);
        var count = 0;
        var reached = new Stack<int>();
        for (var first = 0; first < Nodes; first++)
        {
            if (component[first] >= 0) continue;
            component[first] = count;
            reached.Push(first);
            while (reached.TryPop(out var node))
            {
                foreach (var end in Ends(node))
                {
                    if (component[end] >= 0) continue;
                    component[end] = count;
                    reached.Push(end);
                }
            }

            count++;
        }

        return (component, count);
    }
}
