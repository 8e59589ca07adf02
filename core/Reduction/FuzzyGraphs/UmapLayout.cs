using MedTransfer.Numerics;
using MedTransfer.Numerics.Graphs;

namespace MedTransfer.Reduction.FuzzyGraphs;

/// <summary>
/// Epochs of pulls along the edges that are due, each of both its ends, and of pushes from points drawn at random, from where those were before the epoch. Points
/// are in <see cref="Blocks"/>; edges between two of these are one part of the work, and parts that share no block are done at once (Gemulla et al., "Large-scale
/// matrix factorization with distributed stochastic gradient descent", KDD 2011), so that their order, and with it the map, is the same on any number of threads.
/// </summary>
internal sealed class UmapLayout
{
    /// <summary>Even; half as many parts are done at once.</summary>
    private const int Blocks = 16;

    private const int EpochsBetweenReports = 10;

    private readonly UmapOptions _options;
    private readonly int _points;

    /// <summary>Of each round the parts that share no block.</summary>
    private readonly Edges[][] _rounds;

    /// <param name="graph">Read here alone.</param>
    internal UmapLayout(SparseGraph graph, UmapOptions options)
    {
        (_options, _points) = (options, graph.Nodes);
        var largest = 0.0;
        var parts = new Edges[Blocks, Blocks];
        for (var a = 0; a < Blocks; a++)
        {
            for (var b = a; b < Blocks; b++) parts[a, b] = parts[b, a] = new();
        }

        for (var i = 0; i < graph.Nodes; i++)
        {
            foreach (var weight in graph.Weights(i)) largest = Math.Max(largest, weight);
        }

        for (var i = 0; i < graph.Nodes; i++)
        {
            var (ends, weights) = (graph.Ends(i).ToArray(), graph.Weights(i).ToArray());
            for (var e = 0; e < ends.Length; e++) parts[i % Blocks, ends[e] % Blocks].Add(i, ends[e], (float)(weights[e] / largest));
        }

        _rounds = [[.. Enumerable.Range(0, Blocks).Select(block => parts[block, block])], .. Enumerable.Range(0, Blocks - 1).Select(round => Pairs(round).Select(pair => parts[pair.A, pair.B]).ToArray())];
    }

    /// <summary>(n, components)</summary>
    internal float[,] Run(float[,] start, IProgress<ReductionProgress>? progress, CancellationToken cancellation)
    {
        var columns = start.GetLength(1);
        var epochs = _options.EpochsOf(_points);
        var forces = new UmapForces(UmapCurve.Of(_options.MinDistance, _options.Spread), columns, _options.NegativeSamples);
        var (places, before) = (new float[start.Length], new float[start.Length]);
        Buffer.BlockCopy(start, 0, places, 0, places.Length * sizeof(float));
        for (var epoch = 1; epoch < epochs; epoch++)
        {
            var now = epoch;
            var rate = (float)(_options.LearningRate * (1 - (double)epoch / epochs));
            places.CopyTo(before.AsSpan());
            foreach (var round in _rounds)
                FixedOrder.ForEachPart(round.Length, _options.MaxThreads, part => Move(round[part], now, rate, forces, places, before), cancellation);
            if (epoch % EpochsBetweenReports == 0) progress?.Report(new ReductionProgress(epoch, epochs, null));
        }

        progress?.Report(new ReductionProgress(epochs, epochs, null));
        var map = new float[_points, columns];
        Buffer.BlockCopy(places, 0, map, 0, places.Length * sizeof(float));
        return map;
    }

    private void Move(Edges edges, int epoch, float rate, UmapForces forces, float[] places, float[] before)
    {
        for (var e = 0; e < edges.Count; e++)
        {
            var (head, tail, often) = edges[e];
            if (!UmapForces.IsDue(epoch, often)) continue;
            forces.PullBoth(places, head, tail, rate);
            forces.Push(places, head, before, rate, UmapForces.Draw(_options.Seed, head, epoch, tail), head);
        }
    }

    /// <summary>Every block with one other, each with another one in each round (the circle method of tournaments).</summary>
    private static IEnumerable<(int A, int B)> Pairs(int round)
    {
        const int Turning = Blocks - 1;
        yield return (Turning, round);
        for (var step = 1; step < Blocks / 2; step++) yield return ((round + step) % Turning, (round - step + Turning) % Turning);
    }

    /// <summary>Each from both of its ends; and how often it is due.</summary>
    private sealed class Edges
    {
        private readonly List<(int Head, int Tail, float Often)> _all = [];

        internal int Count => _all.Count;

        internal (int Head, int Tail, float Often) this[int place] => _all[place];

        internal void Add(int head, int tail, float often) => _all.Add((head, tail, often));
    }
}
