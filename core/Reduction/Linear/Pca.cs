namespace MedTransfer.Reduction.Linear;

/// <summary>How <see cref="Pca"/> and <see cref="TruncatedSvd"/> find their directions.</summary>
public enum SpectralSolver
{
    /// <summary>Krylov where points and columns both number more than 1,000 and a tenth of the directions at most are kept, else exact.</summary>
    Auto,

    /// <summary>Every direction of the smaller of X^T X and X X^T, whose side squared is held in memory.</summary>
    Exact,

    /// <summary>
    /// A block Krylov space from random directions (Musco and Musco, "Randomized block Krylov methods for stronger and faster approximate singular
    /// value decomposition", NIPS 2015), drawn alike each time and continued until the directions are those of the exact solver to 1e-10 of the largest variance.
    /// </summary>
    Krylov,
}

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

    /// <summary><see cref="SpectralSolver.Auto"/> unless set.</summary>
    public SpectralSolver Solver { get; init; }

    /// <summary>Most threads to use, 1 or more; null (the default) for every core. Never changes the result.</summary>
    public int? MaxThreads { get; init; }
}

/// <summary>
/// Principal component analysis: the orthogonal directions of largest variance (Jolliffe, Principal Component Analysis, 2002).
/// X centred, summed in double. A direction's sign is such that its largest loading by size is positive (the first of several), whatever
/// the solver gave.
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
        RequireShape(points.GetLength(0), points.GetLength(1));
        var mean = ColumnMeans.Of(points, options.MaxThreads);
        var spectrum = new Scatter(points, mean, options.MaxThreads).Largest(options.Components, options.Solver, cancellation);
        var map = new PcaMap(points, mean, spectrum, options);
        progress?.Report(new ReductionProgress(1, 1, null));
        return map;
    }

    /// <inheritdoc/>
    public void RequireShape(int points, int columns)
    {
        PointMatrix.RequireShape(points, columns, Name);
        ThreadOption.Require(options.MaxThreads, nameof(PcaOptions.MaxThreads));
        ComponentsOption.Require(options.Components, Math.Min(points, columns), points, columns, Name);
    }

    IFittedMap IReducer.Fit(float[,] points, IProgress<ReductionProgress>? progress, CancellationToken cancellation) =>
        Fit(points, progress, cancellation);
}
