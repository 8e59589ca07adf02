namespace MedTransfer.Reduction.FuzzyGraphs;

/// <summary>Options of <see cref="Umap"/>, the defaults those of the field's reference implementation.</summary>
public sealed record UmapOptions
{
    /// <summary>Columns of the map, 1 to n - 1; 2 unless set.</summary>
    public int Components { get; init; } = 2;

    /// <summary>Neighbours that each point belongs with, itself counted, 2 to n - 1; null (the default) for 15, or what fewer points allow.</summary>
    public int? Neighbours { get; init; }

    /// <summary>How near points that belong together may come in the map, 0 to <see cref="Spread"/>; .1 unless set.</summary>
    public double MinDistance { get; init; } = 0.1;

    /// <summary>Scale of the map's distances, above 0; 1 unless set.</summary>
    public double Spread { get; init; } = 1;

    /// <summary>Epochs, 1 or more; null (the default) for 500 up to 10,000 points, 200 above.</summary>
    public int? Epochs { get; init; }

    /// <summary>Length of the first steps, above 0; falls to 0. 1 unless set.</summary>
    public double LearningRate { get; init; } = 1;

    /// <summary>Points that each is pushed from whenever a neighbour pulls at it, 1 or more; 5 unless set.</summary>
    public int NegativeSamples { get; init; } = 5;

    /// <summary>Draws the points that others are pushed from, 0 or more; 0 unless set.</summary>
    public int Seed { get; init; }

    /// <summary>Most threads to use, 1 or more; null (the default) for every core. Never changes the result.</summary>
    public int? MaxThreads { get; init; }

    private const int UsualNeighbours = 15;

    /// <summary>Points beyond which fewer epochs do.</summary>
    private const int Many = 10_000;

    internal int NeighboursOf(int points) => Neighbours ?? Math.Min(UsualNeighbours, points - 1);

    internal int EpochsOf(int points) => Epochs ?? (points <= Many ? 500 : 200);

    /// <summary>Epochs in which a new point finds its place.</summary>
    internal int PlacementEpochs(int points) => Epochs is { } epochs ? Math.Max(epochs / 3, 1) : points <= Many ? 100 : 30;
}
