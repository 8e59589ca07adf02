using MedTransfer.Numerics;
using MedTransfer.Numerics.Eigenpairs;

namespace MedTransfer.Reduction.Linear;

/// <summary>Options of <see cref="LinearDiscriminants"/>.</summary>
public sealed record LinearDiscriminantsOptions
{
    /// <summary>Classes of the points, one each, in their order; below 0 for none: such points are placed but not learned from. At least two classes, and more labelled points than classes.</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>Directions to keep, 1 to min(classes - 1, d); null (the default) for these, but 2 at most.</summary>
    public int? Components { get; init; }

    /// <summary>
    /// How far correlations within classes are shrunk towards none, 0 (not at all) to 1; null (the default) for the best by Ledoit and Wolf ("A
    /// well-conditioned estimator for large-dimensional covariance matrices", J. Multivar. Anal. 2004) where columns are as many as labelled points less classes,
    /// or more, and 0 else.
    /// </summary>
    public double? Shrinkage { get; init; }

    /// <summary>Most threads to use, 1 or more; null (the default) for every core. Never changes the result.</summary>
    public int? MaxThreads { get; init; }
}

/// <summary>
/// Linear discriminant analysis (Fisher 1936; Rao 1948): the directions along which means of classes lie farthest apart for how far points of a class
/// do. It is told the classes, so that it shows the points it was fitted on better parted than new ones are: judge it by points that were held out. A class weighs
/// as many points as it has; along each direction the variance within classes is 1 (unshrunk). Columns that vary in no class take no part, nor does, without
/// shrinkage, what is a sum of others. Memory: d x d, or n x n where shrunk and smaller.
/// </summary>
public sealed class LinearDiscriminants(LinearDiscriminantsOptions options) : IReducer
{
    private const string Name = "LDA";

    /// <summary>Variance, of columns in units of their deviation, that is rounding.</summary>
    private const double Negligible = 1e-8;

    /// <inheritdoc cref="IReducer.Fit"/>
    /// <param name="progress">Told once, at the end.</param>
    public LinearDiscriminantsMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        PointMatrix.RequireFittable(points, Name);
        RequireShape(points.GetLength(0), points.GetLength(1));
        var scatter = new ClassScatter(points, options.Labels, options.MaxThreads);
        var between = scatter.Between();
        var (solved, shrinkage) = WithinInverse(scatter, between, cancellation);

        // M W^-1 M^T has the eigenvalues of W^-1 M^T M, one a class at most
        var classes = between.Length;
        var ratios = new double[classes, classes];
        var total = 0.0;
        for (var a = 0; a < classes; a++)
        {
            for (var b = 0; b <= a; b++) ratios[a, b] = ratios[b, a] = DoubleVectors.Dot(between[a], solved[b]);
            total += ratios[a, a];
        }

        var (values, vectors) = SymmetricEigen.Largest(ratios, Components(classes, scatter.Width), cancellation);
        var directions = new double[values.Length][];
        for (var k = 0; k < directions.Length; k++)
        {
            var direction = directions[k] = new double[scatter.Width];
            if (!(values[k] > Negligible * Math.Max(total, 1e-300))) continue;   // means that do not differ have no direction
            for (var a = 0; a < classes; a++) DoubleVectors.Add(direction, vectors[k][a] / Math.Sqrt(values[k]), solved[a]);
            for (var j = 0; j < direction.Length; j++) direction[j] /= scatter.Units[j];
            Signs.Fix(direction);
        }

        var shares = values.Select(value => total > 0 ? Math.Max(value, 0) / total : 0);
        var map = new LinearDiscriminantsMap(points, scatter.Mean, directions, [.. shares], shrinkage, options.MaxThreads);
        progress?.Report(new ReductionProgress(1, 1, null));
        return map;
    }

    /// <inheritdoc/>
    public void RequireShape(int points, int columns)
    {
        PointMatrix.RequireShape(points, columns, Name);
        ThreadOption.Require(options.MaxThreads, nameof(LinearDiscriminantsOptions.MaxThreads));
        var labels = options.Labels;
        if (labels.Count != points) throw new MedTransferException($"{Name} got {labels.Count} labels for {points} points: give one a point, below 0 for none.");
        var classes = labels.Where(label => label >= 0).Distinct().Count();
        if (classes < 2) throw new MedTransferException($"{Name} parts classes, but the labels have {classes}: give points of two classes or more.");
        var labelled = labels.Count(label => label >= 0);
        if (labelled <= classes) throw new MedTransferException($"{Name} got {labelled} labelled points of {classes} classes: give classes of more than one point.");
        if (options.Shrinkage is { } shrinkage && !(shrinkage is >= 0 and <= 1))
            throw new MedTransferException(FormattableString.Invariant($"{Name}'s Shrinkage is {shrinkage}: set it to 0 to 1."));
        var most = Math.Min(classes - 1, columns);
        if (options.Components is { } components && (components < 1 || components > most))
            throw new MedTransferException($"{Name} can keep 1 to {most} components of {classes} classes in {columns} columns, not {components}: set Components within.");
    }

    IFittedMap IReducer.Fit(float[,] points, IProgress<ReductionProgress>? progress, CancellationToken cancellation) =>
        Fit(points, progress, cancellation);

    private int Components(int classes, int columns) => options.Components ?? Math.Min(2, Math.Min(classes - 1, columns));

    /// <summary>W^-1 m of each row m, W being the covariance within classes in units of the columns' deviations, shrunk by as much as is returned.</summary>
    private (double[][] Solved, double Shrinkage) WithinInverse(ClassScatter scatter, double[][] rows, CancellationToken cancellation)
    {
        var freedom = scatter.Points - scatter.Counts.Length;
        var isWide = scatter.Width >= freedom;
        if (isWide && options.Shrinkage != 0) return ByPoints(scatter, rows, freedom, cancellation);

        var gram = scatter.Gram(cancellation);
        var shrinkage = options.Shrinkage ?? 0;
        for (var i = 0; i < scatter.Width; i++)
        {
            for (var j = 0; j < scatter.Width; j++) gram[i, j] *= (1 - shrinkage) / freedom;
            gram[i, i] += double.IsFinite(scatter.Units[i]) ? shrinkage : 1;   // a column of zeros is 0 in every row
        }

        return (Cholesky.TryOf(gram, Negligible) is { } factor ? [.. rows.Select(row => factor.Solve(row))] : BySpectrum(gram, rows, cancellation), shrinkage);
    }

    /// <summary>Along those eigenvectors of the covariance that points vary along.</summary>
    private static double[][] BySpectrum(double[,] covariance, double[][] rows, CancellationToken cancellation)
    {
        var (values, vectors) = SymmetricEigen.Largest(covariance, covariance.GetLength(0), cancellation);
        var solved = new double[rows.Length][];
        for (var r = 0; r < rows.Length; r++)
        {
            solved[r] = new double[rows[r].Length];
            for (var e = 0; e < values.Length && values[e] > Negligible * values[0]; e++)
                DoubleVectors.Add(solved[r], DoubleVectors.Dot(rows[r], vectors[e]) / values[e], vectors[e]);
        }

        return solved;
    }

    /// <summary>
    /// Of more columns than points, by an n x n matrix (Woodbury): with W = a I + b Z^T Z, W^-1 m = (m - Z^T (a / b I + Z Z^T)^-1 Z m) / a.
    /// </summary>
    private (double[][] Solved, double Shrinkage) ByPoints(ClassScatter scatter, double[][] rows, int freedom, CancellationToken cancellation)
    {
        var centred = scatter.Rows();
        var products = scatter.Products(centred, cancellation);
        var shrinkage = options.Shrinkage ?? ShrinkageOf(scatter, products);
        if (shrinkage == 1) return (rows, 1);
        var (diagonal, factor) = (Math.Max(shrinkage, Negligible), (1 - shrinkage) / freedom);
        for (var i = 0; i < centred.Length; i++) products[i, i] += diagonal / factor;
        var cholesky = Cholesky.Of(products);
        var solved = new double[rows.Length][];
        FixedOrder.ForEachPart(rows.Length, options.MaxThreads, r =>
        {
            var weights = cholesky.Solve([.. centred.Select(row => DoubleVectors.Dot(row, rows[r]))]);
            solved[r] = [.. rows[r]];
            for (var i = 0; i < centred.Length; i++) DoubleVectors.Add(solved[r], -weights[i], centred[i]);
            DoubleVectors.Scale(solved[r], 1 / diagonal);
        }, cancellation);
        return (solved, shrinkage);
    }

    /// <summary>The share of the identity that is nearest to the true covariance, 0 to 1, from Z Z^T.</summary>
    private static double ShrinkageOf(ClassScatter scatter, double[,] products)
    {
        var (n, d) = (scatter.Points, scatter.Width);
        var (trace, squares, fourths) = (0.0, 0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            trace += products[i, i] / n;
            fourths += products[i, i] * products[i, i];   // |z|^4
            for (var j = 0; j < n; j++) squares += products[i, j] / n * (products[i, j] / n);
        }

        return LedoitWolf.Shrinkage(n, fourths, squares, squares - trace * trace / d);
    }
}

/// <summary>Discriminants of fitted points. Fitted and new points are placed alike, by (x - mean) . direction.</summary>
public sealed class LinearDiscriminantsMap : IFittedMap
{
    private readonly double[] _mean;
    private readonly double[][] _directions;
    private readonly LinearPlaces _places;

    internal LinearDiscriminantsMap(float[,] points, double[] mean, double[][] directions, double[] shares, double shrinkage, int? threads)
    {
        (_mean, _directions, ExplainedRatio, Shrinkage) = (mean, directions, shares, shrinkage);
        _places = new LinearPlaces(mean, directions, null, threads);
        Embedding = _places.Of(points);
    }

    /// <inheritdoc/>
    public float[,] Embedding { get; }

    /// <summary>Length d, of the labelled points.</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>(components, d), in the inverse of the points' unit, by falling ratio; the largest entry by size is positive.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Directions => _directions;

    /// <summary>Share of the variance between classes, in units of that within, along each direction, 0 to 1.</summary>
    public IReadOnlyList<double> ExplainedRatio { get; }

    /// <summary>How far correlations within classes were shrunk, 0 to 1.</summary>
    public double Shrinkage { get; }

    /// <inheritdoc/>
    public float[,] Transform(float[,] points)
    {
        PointMatrix.RequirePlaceable(points, _mean.Length, "LDA");
        return _places.Of(points);
    }
}
