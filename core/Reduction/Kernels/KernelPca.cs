namespace MedTransfer.Reduction.Kernels;

/// <summary>Options of <see cref="KernelPca"/>.</summary>
public sealed record KernelPcaOptions
{
    /// <summary>Components to keep, 1 to n - 1; 2 unless set.</summary>
    public int Components { get; init; } = 2;

    /// <summary><see cref="KernelKind.Rbf"/> unless set.</summary>
    public KernelKind Kernel { get; init; }

    /// <summary>
    /// Scale of the kernel, above 0, in the inverse of the points' unit squared. Null (the default) for 1 / (2 m^2) of RBF, m being the median distance of two points (of up
    /// to 1,000, evenly spread), and 1 / d of the polynomial and the sigmoid.
    /// </summary>
    public double? Gamma { get; init; }

    /// <summary>Degree of the polynomial, 1 or more; 3 unless set.</summary>
    public int Degree { get; init; } = 3;

    /// <summary>Added to the product in the polynomial and the sigmoid; 1 unless set.</summary>
    public double Offset { get; init; } = 1;

    /// <summary>Most threads to use, 1 or more; null (the default) for every core. Never changes the result.</summary>
    public int? MaxThreads { get; init; }
}

/// <summary>
/// Kernel principal component analysis (Schölkopf, Smola and Müller, "Nonlinear component analysis as a kernel eigenvalue problem", Neural Computation 1998): the
/// directions of largest variance in the space in which the kernel is the inner product, by a Krylov space. New points are placed along the same
/// directions. The entry of an eigenvector that is largest by size is positive. Memory: 2 n^2 bytes, for the kernel of every pair in single precision.
/// </summary>
public sealed class KernelPca(KernelPcaOptions options) : IReducer
{
    private const string Name = "Kernel PCA";

    /// <summary>With every option at its default.</summary>
    public KernelPca() : this(new KernelPcaOptions()) { }

    /// <inheritdoc cref="IReducer.Fit"/>
    /// <param name="progress">Told once, at the end.</param>
    public KernelPcaMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        PointMatrix.RequireFittable(points, Name);
        RequireShape(points.GetLength(0), points.GetLength(1));
        var kernel = new KernelRows(points, options);
        var map = new KernelPcaMap(kernel, PairPlacement.Of(kernel.OfPairs(cancellation), options.Components, 1, options.MaxThreads, cancellation));
        progress?.Report(new ReductionProgress(1, 1, null));
        return map;
    }

    /// <inheritdoc/>
    public void RequireShape(int points, int columns)
    {
        PointMatrix.RequireShape(points, columns, Name);
        ThreadOption.Require(options.MaxThreads, nameof(KernelPcaOptions.MaxThreads));
        ComponentsOption.Require(options.Components, points - 1, points, columns, Name);
        MemoryNeed.RequirePairs(2, points, Name);
        if (options.Gamma is { } gamma && !(gamma > 0 && double.IsFinite(gamma)))
            throw new MedTransferException(FormattableString.Invariant($"{Name}'s Gamma is {gamma}: set it above 0, or leave it out."));
        if (options.Degree < 1) throw new MedTransferException($"{Name}'s Degree is {options.Degree}: set it to 1 or more.");
        if (!double.IsFinite(options.Offset)) throw new MedTransferException(FormattableString.Invariant($"{Name}'s Offset is {options.Offset}: set it to a number."));
    }

    IFittedMap IReducer.Fit(float[,] points, IProgress<ReductionProgress>? progress, CancellationToken cancellation) =>
        Fit(points, progress, cancellation);
}

/// <summary>Kernel principal components of fitted points. Fitted and new points are placed along the same directions.</summary>
public sealed class KernelPcaMap : IFittedMap
{
    private readonly KernelRows _kernel;
    private readonly PairPlacement _placement;

    internal KernelPcaMap(KernelRows kernel, PairPlacement placement) => (_kernel, _placement, Embedding) = (kernel, placement, placement.Fitted());

    /// <inheritdoc/>
    public float[,] Embedding { get; }

    /// <summary>Of the centred kernel matrix, largest first, 0 or more: sums of squares of the embedding's columns.</summary>
    public IReadOnlyList<double> Eigenvalues => _placement.Eigenvalues;

    /// <summary>Whether the kernel has a scale.</summary>
    public bool HasGamma => _kernel.HasGamma;

    /// <summary>The scale the kernel was taken with; 1 of kernels that have none.</summary>
    public double Gamma => _kernel.Gamma;

    /// <inheritdoc/>
    public float[,] Transform(float[,] points)
    {
        PointMatrix.RequirePlaceable(points, _kernel.Width, "Kernel PCA");
        return _placement.Place(points.GetLength(0), (i, pairs) => _kernel.Of(points, i, pairs));
    }
}
