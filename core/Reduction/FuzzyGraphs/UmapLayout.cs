using MedTransfer.Numerics;
using MedTransfer.Numerics.Graphs;

namespace MedTransfer.Reduction.FuzzyGraphs;

/// <summary>Epochs of pulls along the edges that are due, and of pushes from points drawn at random: every point moves on from where the others were before the epoch.</summary>
internal sealed class UmapLayout
{
    private const int EpochsBetweenReports = 10;

    private readonly SparseGraph _graph;
    private readonly float[][] _rates;
    private readonly UmapOptions _options;

    /// <param name="graph">Its ends are kept, its weights read here alone.</param>
    internal UmapLayout(SparseGraph graph, UmapOptions options)
    {
        (_graph, _options) = (graph, options);
        var largest = 0.0;
        for (var i = 0; i < graph.Nodes; i++)
        {
            foreach (var weight in graph.Weights(i)) largest = Math.Max(largest, weight);
        }

        _rates = new float[graph.Nodes][];
        for (var i = 0; i < graph.Nodes; i++)
        {
            var weights = graph.Weights(i);
            _rates[i] = new float[weights.Length];
            for (var e = 0; e < weights.Length; e++) _rates[i][e] = (float)(weights[e] / largest);
        }
    }

    /// <summary>(n, components)</summary>
    internal float[,] Run(float[,] start, IProgress<ReductionProgress>? progress, CancellationToken cancellation)
    {
        var (n, columns) = (start.GetLength(0), start.GetLength(1));
        var epochs = _options.EpochsOf(n);
        var forces = new UmapForces(UmapCurve.Of(_options.MinDistance, _options.Spread), columns, _options.NegativeSamples);
        var (before, after) = (new float[n * columns], new float[n * columns]);
        Buffer.BlockCopy(start, 0, before, 0, before.Length * sizeof(float));
        for (var epoch = 1; epoch < epochs; epoch++)
        {
            var (from, to, now) = (before, after, epoch);
            var rate = (float)(_options.LearningRate * (1 - (double)epoch / epochs));
            FixedOrder.ForEachRange(n, _options.MaxThreads, (first, end) =>
            {
                for (var i = first; i < end; i++) Move(i, now, rate, forces, from, to.AsSpan(i * columns, columns));
            }, cancellation);
            (before, after) = (after, before);
            if (epoch % EpochsBetweenReports == 0) progress?.Report(new ReductionProgress(epoch, epochs, null));
        }

        progress?.Report(new ReductionProgress(epochs, epochs, null));
        var map = new float[n, columns];
        Buffer.BlockCopy(before, 0, map, 0, before.Length * sizeof(float));
        return map;
    }

    private void Move(int i, int epoch, float rate, UmapForces forces, float[] from, Span<float> place)
    {
        from.AsSpan(i * place.Length, place.Length).CopyTo(place);
        var ends = _graph.Ends(i);
        var rates = _rates[i];
        for (var e = 0; e < ends.Length; e++)
        {
            // as often as its rate says, as evenly as whole epochs allow
            if ((int)(epoch * rates[e]) == (int)((epoch - 1) * rates[e])) continue;
            // twice: an edge is pulled from both of its ends
            forces.Move(place, from, ends[e], 2, rate, Draws.Of(_options.Seed, i, epoch, e), i);
        }
    }
}
