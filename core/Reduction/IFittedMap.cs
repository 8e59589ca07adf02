namespace MedTransfer.Reduction;

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
