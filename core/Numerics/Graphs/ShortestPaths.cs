namespace MedTransfer.Numerics.Graphs;

/// <summary>Lengths of shortest paths from a node to all (Dijkstra 1959), with a heap of four children; one thread's, source after source.</summary>
internal sealed class ShortestPaths(SparseGraph graph)
{
    private const int Children = 4;

    private readonly double[] _lengths = new double[graph.Nodes];
    private readonly int[] _heap = new int[graph.Nodes];

    /// <summary>Where a node is in the heap: -1 before it is reached, -2 once its length is known.</summary>
    private readonly int[] _places = new int[graph.Nodes];

    private int _count;

    /// <summary>Lengths from this node, infinite where no path leads; overwritten by the next call.</summary>
    internal ReadOnlySpan<double> From(int source)
    {
        Array.Fill(_lengths, double.PositiveInfinity);
        Array.Fill(_places, -1);
        _count = 0;
        _lengths[source] = 0;
        Raise(source, _count++);
        while (_count > 0)
        {
            var node = _heap[0];
            _places[node] = -2;
            var last = _heap[--_count];
            if (_count > 0) Sink(last);
            var ends = graph.Ends(node);
            var weights = graph.Weights(node);
            var length = _lengths[node];
            for (var e = 0; e < ends.Length; e++)
            {
                var end = ends[e];
                var through = length + weights[e];
                if (!(through < _lengths[end])) continue;
                _lengths[end] = through;
                Raise(end, _places[end] < 0 ? _count++ : _places[end]);
            }
        }

        return _lengths;
    }

    private void Raise(int node, int place)
    {
        var length = _lengths[node];
        while (place > 0)
        {
            var parent = (place - 1) / Children;
            if (_lengths[_heap[parent]] <= length) break;
            Put(_heap[parent], place);
            place = parent;
        }

        Put(node, place);
    }

    private void Sink(int node)
    {
        var (place, length) = (0, _lengths[node]);
        while (true)
        {
            var first = place * Children + 1;
            if (first >= _count) break;
            var least = first;
            for (var child = first + 1; child < Math.Min(first + Children, _count); child++)
            {
                if (_lengths[_heap[child]] < _lengths[_heap[least]]) least = child;
            }

            if (_lengths[_heap[least]] >= length) break;
            Put(_heap[least], place);
            place = least;
        }

        Put(node, place);
    }

    private void Put(int node, int place) => (_heap[place], _places[node]) = (node, place);
}
