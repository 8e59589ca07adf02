using MedTransfer.Numerics.Eigenpairs;

namespace MedTransfer.Reduction.Manifolds;

/// <summary>What of a point's neighbourhood a map is to keep.</summary>
public enum LocallyLinearMethod
{
    /// <summary>The weights that make the point of its neighbours (Roweis and Saul, Science 2000).</summary>
    Standard,

    /// <summary>Several such sets of weights a point, as many as there are (Zhang and Wang, "MLLE: modified locally linear embedding using multiple weights", NIPS 2006).</summary>
    Modified,

    /// <summary>That places are linear in the neighbourhood's own coordinates: no second derivatives (Donoho and Grimes, "Hessian eigenmaps", PNAS 2003).</summary>
    Hessian,

    /// <summary>
    /// That places are the neighbourhood's own coordinates but for a linear map (LTSA: Zhang and Zha, "Principal manifolds and nonlinear dimension reduction via local
    /// tangent space alignment", SIAM J. Sci. Comput. 2004).
    /// </summary>
    TangentSpace,
}

/// <summary>Options of <see cref="LocallyLinearEmbedding"/>, the defaults those of the field's reference implementation.</summary>
public sealed record LocallyLinearOptions
{
    /// <summary>Components c to keep, 1 to n - 1; 2 unless set.</summary>
    public int Components { get; init; } = 2;

    /// <summary>
    /// Nearest points that each is described by, to n - 1; 5 unless set, but 6 for <see cref="LocallyLinearMethod.Hessian"/>. At least 1 (<see
    /// cref="LocallyLinearMethod.Standard"/>), c (<see cref="LocallyLinearMethod.Modified"/>), c + 1 (<see cref="LocallyLinearMethod.TangentSpace"/>) or c + c (c + 1) / 2 + 1 (<see
    /// cref="LocallyLinearMethod.Hessian"/>).
    /// </summary>
    public int? Neighbours { get; init; }

    /// <summary><see cref="LocallyLinearMethod.Standard"/> unless set.</summary>
    public LocallyLinearMethod Method { get; init; }

    /// <summary>Added to the diagonal of a neighbourhood's Gram matrix, over its trace, above 0; 1e-3 unless set.</summary>
    public double Regularisation { get; init; } = 1e-3;

    /// <summary>Most threads to use, 1 or more; null (the default) for every core. Never changes the result.</summary>
    public int? MaxThreads { get; init; }

    internal string Name => Method switch
    {
        LocallyLinearMethod.Modified => "Modified LLE",
        LocallyLinearMethod.Hessian => "Hessian LLE",
        LocallyLinearMethod.TangentSpace => "LTSA",
        _ => "LLE",
    };

    internal int NeighbourCount => Neighbours ?? Math.Max(5, LeastNeighbours);

    internal int LeastNeighbours => Method switch
    {
        LocallyLinearMethod.Hessian => Components + Components * (Components + 1) / 2 + 1,
        LocallyLinearMethod.TangentSpace => Components + 1,
        LocallyLinearMethod.Modified => Components,
        _ => 1,
    };
}

/// <summary>
/// Locally linear embedding: the places, of mean 0 and at right angles to each other, at which what each point's neighbourhood says of it is least violated: eigenvectors of the
/// smallest eigenvalues but the first. Columns have length 1. Parts of the graph of neighbours that no path joins are joined by the shortest edges that
/// together do, whose ends become neighbours; they still tend to lie each at a point. A new point is placed by the weights that make it of its neighbours (Saul and Roweis,
/// JMLR 2003). Time: up to n^3 / 6 multiplications where points have many dimensions. Memory: the factor of a matrix of neighbours' neighbours, little for points on a sheet, up to 4 n^2 bytes for those of many dimensions.
/// </summary>
public sealed class LocallyLinearEmbedding(LocallyLinearOptions options) : IReducer
{
    private string Name => options.Name;

    /// <summary>With every option at its default.</summary>
    public LocallyLinearEmbedding() : this(new LocallyLinearOptions()) { }

    /// <inheritdoc cref="IReducer.Fit"/>
    /// <param name="progress">Told once, at the end.</param>
    public LocallyLinearMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        PointMatrix.RequireFittable(points, Name);
        RequireShape(points.GetLength(0), points.GetLength(1));
        var searched = new NeighbourSpace(points, options.NeighbourCount, options.MaxThreads, cancellation);
        var neighbours = NeighbourGraphs.JoinedNeighbours(searched.Points, searched.Among(cancellation), options.MaxThreads, out var parts, cancellation);
        var matrix = new LocalForms(searched.Points, neighbours, options).Sum(cancellation);
        var n = points.GetLength(0);
        var constant = new double[n];
        Array.Fill(constant, 1 / Math.Sqrt(n));
        var solver = new SmallestEigen(matrix, constant, double.PositiveInfinity, options.MaxThreads);
        MemoryNeed.Require(solver.FactorBytes, n, Name);
        var (values, vectors) = solver.Smallest(options.Components, cancellation: cancellation);
        progress?.Report(new ReductionProgress(1, 1, null));
        return new LocallyLinearMap(searched, values, vectors, parts, options);
    }

    /// <inheritdoc/>
    public void RequireShape(int points, int columns)
    {
        PointMatrix.RequireShape(points, columns, Name);
        ThreadOption.Require(options.MaxThreads, nameof(LocallyLinearOptions.MaxThreads));
        ComponentsOption.Require(options.Components, points - 1, points, columns, Name);
        NeighbourGraphs.Require(options.NeighbourCount, options.LeastNeighbours, points, Name);
        if (!(options.Regularisation > 0 && double.IsFinite(options.Regularisation)))
            throw new MedTransferException(FormattableString.Invariant($"{Name}'s Regularisation is {options.Regularisation}: set it above 0."));
    }

    IFittedMap IReducer.Fit(float[,] points, IProgress<ReductionProgress>? progress, CancellationToken cancellation) =>
        Fit(points, progress, cancellation);
}
