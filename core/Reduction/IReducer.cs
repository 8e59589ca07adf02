namespace MedTransfer.Reduction;

/// <summary>
/// A way to lay points of many dimensions out in few. Fitting leaves the estimator as it is and returns a value:
/// the map of the fitted points, which also places new ones.
/// </summary>
public interface IReducer
{
    /// <summary>Refuses what <see cref="Fit"/> would, as far as it can be told before any point is read.</summary>
    /// <param name="points">Number of points.</param>
    /// <param name="columns">Columns of each.</param>
    /// <exception cref="MedTransferException">No points of this shape can be mapped with these options.</exception>
    void RequireShape(int points, int columns);

    /// <summary>The map of these points; the same bits for the same points on one type of machine, whatever the number of threads.</summary>
    /// <param name="points">(n, d), one point a row, n at least 4, all finite.</param>
    /// <param name="progress">Told now and then how far the fit is; never changes the result.</param>
    /// <exception cref="MedTransferException">The points can't be mapped with these options.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is kept.</exception>
    IFittedMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default);
}

/// <summary>Where fitted points lie, and where new ones would.</summary>
public interface IFittedMap
{
    /// <summary>(n, components): row i is the place of fitted point i.</summary>
    float[,] Embedding { get; }

    /// <summary>
    /// (m, components): the places of new points in the map as it is. Each depends on its point alone, so placing points one by
    /// one equals placing them together, to the bit.
    /// </summary>
    /// <param name="points">(m, d), d as fitted, all finite.</param>
    float[,] Transform(float[,] points);
}

/// <summary>A map that follows a graph of near points.</summary>
public interface INeighbourGraphMap : IFittedMap
{
    /// <summary>Parts of the graph that no path joined, 1 where all points hung together. How they lie to each other on the map says little.</summary>
    int Parts { get; }
}

/// <summary>How far a fit is.</summary>
/// <param name="Iteration">Iterations done, 1 to <paramref name="Of"/>.</param>
/// <param name="KlDivergence">Nats; the objective without exaggeration. Null where the reducer has no such objective.</param>
public readonly record struct ReductionProgress(int Iteration, int Of, double? KlDivergence);
