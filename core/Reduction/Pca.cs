using MedTransfer.Numerics;

namespace MedTransfer.Reduction;

/// <summary>Options of <see cref="Pca"/>.</summary>
public sealed record PcaOptions
{
    /// <summary>Directions to keep, 1 to min(n, d); 2 unless set.</summary>
    public int Components { get; init; } = 2;

    /// <summary>
    /// Divides each column of the embedding by its standard deviation, so that all vary alike (a column that does not vary stays 0);
    /// false unless set.
    /// </summary>
    public bool Whiten { get; init; }

    /// <summary>Most threads to use, 1 or more; null (the default) for every core. Never changes the result.</summary>
    public int? MaxThreads { get; init; }
}

/// <summary>
/// Principal component analysis: the orthogonal directions of largest variance (Jolliffe, Principal Component Analysis, 2002).
/// Exact, by the eigenvectors of the smaller of X^T X (d x d) and X X^T (n x n), X centred, summed in double. A direction's sign is
/// such that its largest loading by size is positive (the first of several), whatever the solver gave.
/// </summary>
public sealed class Pca(PcaOptions options) : IReducer
{
    private const string Name = "PCA";

    /// <summary>With every option at its default.</summary>
    public Pca() : this(new PcaOptions()) { }

    /// <inheritdoc cref="IReducer.Fit"/>
    /// <param name="progress">Told once, at the end.</param>
    public PcaMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        PointMatrix.RequireFittable(points, Name);
        var (n, d, k) = (points.GetLength(0), points.GetLength(1), options.Components);
        RequireShape(n, d);

        var mean = Mean(points, options.MaxThreads);
        var matrix = d <= n
            ? GramMatrix.Of(d, n, options.MaxThreads, (start, count, stride, block) =>
            {
                for (var p = 0; p < count; p++)
                    DoubleVectors.Subtract(PointMatrix.Row(points, start + p), mean, block.AsSpan(p * stride, stride));
            }, cancellation)
            : GramMatrix.Of(n, d, options.MaxThreads, (start, count, stride, block) =>
            {
                for (var i = 0; i < n; i++)
                {
                    for (var p = 0; p < count; p++) block[p * stride + i] = points[i, start + p] - mean[start + p];
                }
            }, cancellation);

        var total = 0.0;
        for (var i = 0; i < matrix.GetLength(0); i++) total += matrix[i, i];
        var (values, vectors) = SymmetricEigen.Largest(matrix, k, cancellation);
        var components = d <= n ? vectors : Directions(points, mean, vectors);
        Orthonormal.Complete(components, d);
        foreach (var component in components) FixSign(component);

        var map = new PcaMap(points, mean, components, values, total, options);
        progress?.Report(new ReductionProgress(1, 1, null));
        return map;
    }

    /// <inheritdoc/>
    public void RequireShape(int points, int columns)
    {
        PointMatrix.RequireShape(points, columns, Name);
        ThreadOption.Require(options.MaxThreads, nameof(PcaOptions.MaxThreads));
        var most = Math.Min(points, columns);
        if (options.Components < 1 || options.Components > most)
            throw new MedTransferException(
                $"{Name} can keep 1 to {most} components of {points} points of {columns} columns, not {options.Components}: set Components within.");
    }

    IFittedMap IReducer.Fit(float[,] points, IProgress<ReductionProgress>? progress, CancellationToken cancellation) =>
        Fit(points, progress, cancellation);

    private static double[] Mean(float[,] points, int? threads)
    {
        const int Parts = 16;
        var (n, d) = (points.GetLength(0), points.GetLength(1));
        var sums = new double[Parts][];
        // A sum of far values is rounded by more than near ones differ.
        var origins = PointMatrix.Origins(points) ?? new double[d];
        FixedOrder.ForEachPart(Parts, threads, part =>
        {
            sums[part] = new double[d];
            var moved = new double[d];
            var (start, end) = FixedOrder.Range(n, part, Parts);
            for (var i = start; i < end; i++)
            {
                DoubleVectors.Subtract(PointMatrix.Row(points, i), origins, moved);
                DoubleVectors.Add(sums[part], 1, moved);
            }
        });
        var mean = new double[d];
        foreach (var sum in sums) DoubleVectors.Add(mean, 1.0 / n, sum);
        DoubleVectors.Add(mean, 1, origins);
        return mean;
    }

    /// <summary>X^T u for each eigenvector u of X X^T: the directions, not yet of length 1.</summary>
    private static double[][] Directions(float[,] points, double[] mean, double[][] vectors)
    {
        var directions = new double[vectors.Length][];
        for (var k = 0; k < vectors.Length; k++)
        {
            var direction = directions[k] = new double[mean.Length];
            for (var i = 0; i < vectors[k].Length; i++)
            {
                for (var j = 0; j < mean.Length; j++) direction[j] += vectors[k][i] * (points[i, j] - mean[j]);
            }
        }
        return directions;
    }

    private static void FixSign(double[] component)
    {
        var largest = 0;
        for (var j = 1; j < component.Length; j++)
        {
            if (Math.Abs(component[j]) > Math.Abs(component[largest])) largest = j;
        }
        if (component[largest] < 0) DoubleVectors.Scale(component, -1);
    }
}
