namespace MedTransfer.Reduction;

/// <summary>How t-SNE's repulsive forces are computed.</summary>
public enum TsneRepulsion
{
    /// <summary>Exactly up to <see cref="TsneOptions.MostExactPoints"/> points, on a grid above.</summary>
    Auto,

    /// <summary>Over all pairs, O(n^2): the reference.</summary>
    Exact,

    /// <summary>Through a potential on a grid, O(n): within some 1 % of each force, either way.</summary>
    Grid,
}
