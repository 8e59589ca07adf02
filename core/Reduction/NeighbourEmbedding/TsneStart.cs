using MedTransfer.Numerics;
using MedTransfer.Reduction.Linear;

namespace MedTransfer.Reduction.NeighbourEmbedding;

/// <summary>
/// Where the descent starts: the first principal components, scaled until the first has a standard deviation of 1e-4, which
/// keeps the map's large-scale layout that of the data (Kobak and Linderman, Nature Biotechnology 39, 2021); or random places as
/// near to each other; or those that are given.
/// </summary>
internal static class TsneStart
{
    private const double Deviation = 1e-4;

    /// <summary>Below this share of the first component's deviation, a component is rounding, not data.</summary>
    private const double Negligible = 1e-6;

    /// <summary>(n, components)</summary>
    internal static float[,] Of(float[,] points, TsneOptions options, CancellationToken cancellation) =>
        options.Start is { } start ? start
        : options.RandomSeed is { } seed ? Random(points.GetLength(0), options.Components, seed)
        : Principal(points, options.Components, options.MaxThreads, cancellation);

    /// <summary>Refuses given places that are not those of so many points.</summary>
    internal static void Require(TsneOptions options, int points)
    {
        if (options.Start is not { } start) return;
        if (start.GetLength(0) != points || start.GetLength(1) != options.Components)
            throw new MedTransferException(
                $"t-SNE's Start is ({start.GetLength(0)}, {start.GetLength(1)}) for {points} points: give one place of {options.Components} columns a point.");
        PointMatrix.RequireFinite(start, "t-SNE's Start");
    }

    /// <summary>Normal to all purposes: sums of twelve numbers that are uniform, less their mean.</summary>
    private static float[,] Random(int n, int components, int seed)
    {
        var start = new float[n, components];
        for (var i = 0; i < n; i++)
        {
            for (var axis = 0; axis < components; axis++)
            {
                var sum = 0.0;
                for (var k = 0; k < 12; k++) sum += Scatter((ulong)(uint)seed << 32 ^ (ulong)(12 * ((long)components * i + axis) + k)) / 2;
                start[i, axis] = (float)(Deviation * sum);
            }
        }
        return start;
    }

    private static float[,] Principal(float[,] points, int components, int? threads, CancellationToken cancellation)
    {
        var most = Math.Min(points.GetLength(0), points.GetLength(1));
        var pca = new Pca(new PcaOptions { Components = Math.Min(components, most), MaxThreads = threads }).Fit(points, null, cancellation);
        return From(pca, components);
    }

    /// <summary>(n, components): the columns of an embedding by PCA, tiny; where it has fewer, or they hardly vary, irregular places.</summary>
    internal static float[,] From(PcaMap pca, int components)
    {
        var n = pca.Embedding.GetLength(0);
        var first = Math.Sqrt(pca.ExplainedVariance[0]);
        var start = new float[n, components];
        for (var axis = 0; axis < components; axis++)
        {
            var varies = axis < pca.ExplainedVariance.Count && pca.SingularValues[axis] > Negligible * pca.SingularValues[0];
            for (var i = 0; i < n; i++)
                start[i, axis] = (float)(Deviation * (varies ? pca.Embedding[i, axis] / first : Scatter((ulong)((long)components * i + axis))));
        }
        return start;
    }

    /// <summary>
    /// -1 to 1, irregular but always the same for the same number: points on a line would never leave it, for no force points off it.
    /// </summary>
    private static double Scatter(ulong number) => SplitMix64.At(0, number + 1) / (double)ulong.MaxValue * 2 - 1;
}
