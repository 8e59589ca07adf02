using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Reduction.Manifolds;

/// <summary>Fitted points, moved to where their differences lose no digits, and searched for those near them and near new ones.</summary>
internal sealed class NeighbourSpace
{
    private readonly double[]? _origins;
    private readonly NeighbourIndex _index;
    private readonly int _count;
    private readonly int? _threads;

    /// <param name="points">Copied.</param>
    /// <param name="count">Neighbours of each.</param>
    internal NeighbourSpace(float[,] points, int count, int? threads, CancellationToken cancellation)
    {
        (_origins, _count, _threads) = (PointMatrix.Origins(points), count, threads);
        Points = _origins is null ? (float[,])points.Clone() : PointMatrix.Moved(points, _origins);
        _index = new NeighbourIndex(Points, count, threads, cancellation);
    }

    /// <summary>The fitted points, as they were moved.</summary>
    internal float[,] Points { get; }

    internal int Width => Points.GetLength(1);

    /// <summary>Of each fitted point, itself left out.</summary>
    internal Neighbours Among(CancellationToken cancellation) => Neighbours.Among(_index, _count, _threads, cancellation);

    /// <summary>Of new points among the fitted ones.</summary>
    internal Neighbours Of(float[,] moved) => Neighbours.Of(moved, _index, _count, _threads);

    /// <summary>New points, moved as the fitted ones were.</summary>
    internal float[,] Moved(float[,] points) => PointMatrix.Moved(points, _origins);
}
