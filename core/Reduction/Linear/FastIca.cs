using MedTransfer.Numerics;
using MedTransfer.Numerics.Eigenpairs;

namespace MedTransfer.Reduction.Linear;

/// <summary>What measures how far from Gaussian a component is.</summary>
public enum IcaContrast
{
    /// <summary>log cosh: good for most.</summary>
    LogCosh,

    /// <summary>-exp(-x^2 / 2): for components with very long tails.</summary>
    Exponential,

    /// <summary>Kurtosis, x^4 / 4: fast, not robust to outliers.</summary>
    Cube,
}

/// <summary>Options of <see cref="FastIca"/>, the defaults those of the field's reference implementation.</summary>
public sealed record FastIcaOptions
{
    /// <summary>Independent components, 1 to min(n, d), of as many principal ones; 2 unless set.</summary>
    public int Components { get; init; } = 2;

    /// <summary><see cref="IcaContrast.LogCosh"/> unless set.</summary>
    public IcaContrast Contrast { get; init; }

    /// <summary>Most iterations, 1 or more; 200 unless set.</summary>
    public int MostIterations { get; init; } = 200;

    /// <summary>Ends where no component turns by more: 1 - |cosine|, above 0; 1e-4 unless set.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Draws where the iterations start, 0 or more; 0 unless set.</summary>
    public int Seed { get; init; }

    /// <summary>Most threads to use, 1 or more; null (the default) for every core. Never changes the result.</summary>
    public int? MaxThreads { get; init; }
}

/// <summary>
/// Independent component analysis by fixed-point iterations, all components at once (Hyvärinen and Oja, "Independent component analysis: algorithms and
/// applications", Neural Networks 2000): the directions, among principal components of unit variance, along which points are least Gaussian.
/// Components have unit variance; the least Gaussian comes first, and the largest loading of each by size is positive, as theory gives them neither an order nor a sign.
/// </summary>
public sealed class FastIca(FastIcaOptions options) : IReducer
{
    private const string Name = "FastICA";

    /// <summary>Below this share of the largest variance, a principal component is rounding and holds nothing independent.</summary>
    private const double Negligible = 1e-12;

    /// <summary>With every option at its default.</summary>
    public FastIca() : this(new FastIcaOptions()) { }

    /// <inheritdoc cref="IReducer.Fit"/>
    /// <param name="progress">Told after each iteration, the last as <see cref="ReductionProgress.Of"/>.</param>
    public FastIcaMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        PointMatrix.RequireFittable(points, Name);
        RequireShape(points.GetLength(0), points.GetLength(1));
        var n = points.GetLength(0);
        var mean = ColumnMeans.Of(points, options.MaxThreads);
        var spectrum = new Scatter(points, mean, options.MaxThreads).Largest(options.Components, SpectralSolver.Auto, cancellation);
        var rank = spectrum.Squares.Count(square => square > Negligible * spectrum.Squares[0]);
        // of length 1 / standard deviation: along them the points have unit variance
        var whitening = spectrum.Directions[..rank];
        for (var k = 0; k < rank; k++) DoubleVectors.Scale(whitening[k], Math.Sqrt(n / spectrum.Squares[k]));
        var (rotation, iterations) = rank == 0 ? ([], 0) : Rotation(Whitened(points, mean, whitening), progress, cancellation);

        // what does not vary follows as it is, at 0
        var components = new double[options.Components][];
        for (var k = 0; k < components.Length; k++)
        {
            components[k] = k < rank ? new double[mean.Length] : spectrum.Directions[k];
            for (var j = 0; j < rank && k < rank; j++) DoubleVectors.Add(components[k], rotation[k][j], whitening[j]);
            Signs.Fix(components[k]);
        }

        progress?.Report(new ReductionProgress(Math.Max(iterations, 1), Math.Max(iterations, 1), null));
        return new FastIcaMap(points, mean, components, iterations, iterations < options.MostIterations, options.MaxThreads);
    }

    /// <inheritdoc/>
    public void RequireShape(int points, int columns)
    {
        PointMatrix.RequireShape(points, columns, Name);
        ThreadOption.Require(options.MaxThreads, nameof(FastIcaOptions.MaxThreads));
        ComponentsOption.Require(options.Components, Math.Min(points, columns), points, columns, Name);
        if (options.MostIterations < 1) throw new MedTransferException($"{Name}'s MostIterations is {options.MostIterations}: set it to 1 or more.");
        if (!(options.Tolerance > 0)) throw new MedTransferException(FormattableString.Invariant($"{Name}'s Tolerance is {options.Tolerance}: set it above 0."));
        if (options.Seed < 0) throw new MedTransferException($"{Name}'s Seed is {options.Seed}: set it to 0 or more.");
    }

    IFittedMap IReducer.Fit(float[,] points, IProgress<ReductionProgress>? progress, CancellationToken cancellation) =>
        Fit(points, progress, cancellation);

    /// <summary>(rank, n): each whitened component of every point.</summary>
    private double[][] Whitened(float[,] points, double[] mean, double[][] whitening)
    {
        var n = points.GetLength(0);
        var whitened = new double[whitening.Length][];
        for (var k = 0; k < whitened.Length; k++) whitened[k] = new double[n];
        FixedOrder.ForEachRange(n, options.MaxThreads, (start, end) =>
        {
            var moved = new double[mean.Length];
            for (var i = start; i < end; i++)
            {
                DoubleVectors.Subtract(PointMatrix.Row(points, i), mean, moved);
                for (var k = 0; k < whitening.Length; k++) whitened[k][i] = DoubleVectors.Dot(moved, whitening[k]);
            }
        });
        return whitened;
    }

    /// <summary>(rank, rank) independent components in whitened ones, the least Gaussian first, and the iterations it took.</summary>
    private (double[][] Rotation, int Iterations) Rotation(double[][] whitened, IProgress<ReductionProgress>? progress, CancellationToken cancellation)
    {
        var unmixing = Decorrelated(Start(whitened.Length));
        for (var iteration = 1; ; iteration++)
        {
            var next = Decorrelated(Step(whitened, unmixing, cancellation));
            var turned = 0.0;
            for (var k = 0; k < next.Length; k++) turned = Math.Max(turned, Math.Abs(1 - Math.Abs(DoubleVectors.Dot(next[k], unmixing[k]))));
            unmixing = next;
            if (turned < options.Tolerance || iteration == options.MostIterations)
            {
                var contrasts = NonGaussianity(whitened, unmixing);
                return ([.. Enumerable.Range(0, unmixing.Length).OrderByDescending(k => contrasts[k]).Select(k => unmixing[k])], iteration);
            }

            progress?.Report(new ReductionProgress(iteration, options.MostIterations, null));
        }
    }

    private double[][] Start(int count)
    {
        var random = new SplitMix64((ulong)options.Seed);
        var start = new double[count][];
        for (var k = 0; k < count; k++)
        {
            start[k] = new double[count];
            for (var j = 0; j < count; j++) start[k][j] = random.Fraction() - 0.5;
        }

        return start;
    }

    /// <summary>E[x g(w x)] - E[g'(w x)] w of each component w.</summary>
    private double[][] Step(double[][] whitened, double[][] unmixing, CancellationToken cancellation)
    {
        var (count, n) = (whitened.Length, whitened[0].Length);
        // of each component count products, then its slope
        var width = count + 1;
        var sums = FixedOrder.Sums(n, count * width, options.MaxThreads, (start, end, sum) =>
        {
            var component = new double[end - start];
            for (var k = 0; k < count; k++)
            {
                component.AsSpan().Clear();
                for (var j = 0; j < count; j++) DoubleVectors.Add(component, unmixing[k][j], whitened[j].AsSpan(start, component.Length));
                sum[k * width + count] = Derive(component);
                for (var j = 0; j < count; j++) sum[k * width + j] = DoubleVectors.Dot(component, whitened[j].AsSpan(start, component.Length));
            }
        }, cancellation);

        var next = new double[count][];
        for (var k = 0; k < count; k++)
        {
            next[k] = new double[count];
            DoubleVectors.Add(next[k], 1.0 / n, sums.AsSpan(k * width, count));
            DoubleVectors.Add(next[k], -sums[k * width + count] / n, unmixing[k]);
        }

        return next;
    }

    /// <summary>Makes of each value x the derivative g(x) of the contrast; the sum of its derivatives g'(x).</summary>
    private double Derive(Span<double> values)
    {
        var slope = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            var x = values[i];
            switch (options.Contrast)
            {
                case IcaContrast.LogCosh:
                    var tanh = Math.Tanh(x);
                    values[i] = tanh;
                    slope += 1 - tanh * tanh;
                    break;
                case IcaContrast.Exponential:
                    var bell = Math.Exp(-x * x / 2);
                    values[i] = x * bell;
                    slope += (1 - x * x) * bell;
                    break;
                default:
                    values[i] = x * x * x;
                    slope += 3 * x * x;
                    break;
            }
        }

        return slope;
    }

    /// <summary>(W W^T)^-1/2 W: rows of length 1 at right angles, none before another.</summary>
    private static double[][] Decorrelated(double[][] rows)
    {
        var count = rows.Length;
        var gram = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++) gram[i, j] = DoubleVectors.Dot(rows[i], rows[j]);
        }

        var (values, vectors) = SymmetricEigen.Largest(gram, count);
        var result = new double[count][];
        for (var i = 0; i < count; i++) result[i] = new double[count];
        for (var e = 0; e < count; e++)
        {
            var projected = new double[count];
            for (var i = 0; i < count; i++) DoubleVectors.Add(projected, vectors[e][i], rows[i]);
            // along an axis that the rows do not reach nothing is to be set right
            var root = Math.Sqrt(Math.Max(values[e], double.Epsilon));
            for (var i = 0; i < count; i++) DoubleVectors.Add(result[i], vectors[e][i] / root, projected);
        }

        return result;
    }

    /// <summary>Negentropy of each component but for a factor: (E[log cosh x] - that of a Gaussian)^2.</summary>
    private static double[] NonGaussianity(double[][] whitened, double[][] unmixing)
    {
        // E[log cosh x] of a standard Gaussian
        const double Gaussian = 0.37456720752270;
        var contrasts = new double[unmixing.Length];
        var component = new double[whitened[0].Length];
        for (var k = 0; k < unmixing.Length; k++)
        {
            component.AsSpan().Clear();
            for (var j = 0; j < whitened.Length; j++) DoubleVectors.Add(component, unmixing[k][j], whitened[j]);
            var mean = component.Sum(x => Math.Abs(x) + Math.Log((1 + Math.Exp(-2 * Math.Abs(x))) / 2)) / component.Length;
            contrasts[k] = (mean - Gaussian) * (mean - Gaussian);
        }

        return contrasts;
    }
}

/// <summary>Independent components of fitted points. Fitted and new points are placed alike, by (x - mean) . component.</summary>
public sealed class FastIcaMap : IFittedMap
{
    private readonly double[] _mean;
    private readonly double[][] _components;
    private readonly LinearPlaces _places;

    internal FastIcaMap(float[,] points, double[] mean, double[][] components, int iterations, bool converged, int? threads)
    {
        (_mean, _components, Iterations, Converged) = (mean, components, iterations, converged);
        _places = new LinearPlaces(mean, components, null, threads);
        Embedding = _places.Of(points);
    }

    /// <inheritdoc/>
    public float[,] Embedding { get; }

    /// <summary>Length d.</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>(components, d) unmixing vectors, in the inverse of the points' unit; the least Gaussian first.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Components => _components;

    /// <summary>Iterations it took.</summary>
    public int Iterations { get; }

    /// <summary>Whether the components had come to rest, rather than the iterations to their end.</summary>
    public bool Converged { get; }

    /// <inheritdoc/>
    public float[,] Transform(float[,] points)
    {
        PointMatrix.RequirePlaceable(points, _mean.Length, "FastICA");
        return _places.Of(points);
    }
}
