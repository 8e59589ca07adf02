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
