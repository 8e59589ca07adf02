using MedTransfer.Reduction.Linear;

namespace MedTransfer.Reduction.NeighbourEmbedding;

/// <summary>
/// Options of <see cref="Tsne"/>. The defaults follow Belkina et al., Nature Communications 10:5415 (2019), and Kobak and Berens,
/// Nature Communications 10:5416 (2019).
/// </summary>
public sealed record TsneOptions
{
    /// <summary>Columns of the map, 2 (the default) or 3; in 3 forces are exact, and <see cref="MostPointsInSpace"/> points the most.</summary>
    public int Components { get; init; } = 2;

    /// <summary>Neighbours each point attends to, softly; 1 to (n - 1) / 3, 5 to 50 as a rule; 30 unless set.</summary>
    public double Perplexity { get; init; } = 30;

    /// <summary>Iterations with exaggerated attraction, in which clusters form; 0 or more, 250 unless set.</summary>
    public int EarlyIterations { get; init; } = 250;

    /// <summary>Factor on the attraction in the early iterations; 1 or more, 12 unless set.</summary>
    public double EarlyExaggeration { get; init; } = 12;

    /// <summary>Iterations of the objective itself, after the early ones; 0 or more, 500 unless set.</summary>
    public int Iterations { get; init; } = 500;

    /// <summary>Step per unit of gradient, above 0; null (the default) for max(200, n / exaggeration), in each phase.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Share of the last step kept in the next, 0 to below 1; .8 unless set.</summary>
    public double Momentum { get; init; } = 0.8;

    /// <summary>How the repulsive forces are computed; by the number of points unless set.</summary>
    public TsneRepulsion Repulsion { get; init; } = TsneRepulsion.Auto;

    /// <summary>
    /// (n, components), where the points start, taken as it is: another map's embedding to go on from, then as a rule with
    /// <see cref="EarlyIterations"/> 0. Null (the default) for the first principal components, tiny.
    /// </summary>
    public float[,]? Start { get; init; }

    /// <summary>Starts at random places drawn with this seed instead; null (the default) for principal components.</summary>
    public int? RandomSeed { get; init; }

    /// <summary>Iterations between two reports of progress, 1 or more, 50 unless set; a report costs about an iteration's time.</summary>
    public int ReportEvery { get; init; } = 50;

    /// <summary>
    /// Perplexity with which new points are placed, 1 or more, at most <see cref="Perplexity"/> (a larger one counts as that); 5 unless
    /// set: a new point belongs beside its nearest few (Policar et al., Machine Learning 112, 2023).
    /// </summary>
    public double PlacementPerplexity { get; init; } = 5;

    /// <summary>Most threads to use, 1 or more; null (the default) for every core. Never changes the result.</summary>
    public int? MaxThreads { get; init; }

    /// <summary>Points up to which forces are exact unless asked otherwise: that takes seconds, and the map is a little better than through the grid.</summary>
    public const int MostExactPoints = 6000;

    /// <summary>Points up to which a map in 3 columns is made: it takes minutes there, four times as long for twice as many.</summary>
    public const int MostPointsInSpace = 30000;

    internal bool UsesGrid(int points) =>
        Repulsion == TsneRepulsion.Grid || (Repulsion == TsneRepulsion.Auto && points > MostExactPoints);

    /// <summary>The default <see cref="Start"/> of the points that were fitted there, for those who have their principal components already.</summary>
    /// <param name="principal">Not whitened, of as many components as the map has columns, or of all there are.</param>
    /// <param name="components">Columns of the map.</param>
    /// <exception cref="MedTransferException">Components are whitened or too few: t-SNE by itself would start elsewhere.</exception>
    public static float[,] StartOf(PcaMap principal, int components = 2)
    {
        ArgumentNullException.ThrowIfNull(principal);
        if (principal.IsWhitened || principal.Components.Count < Math.Min(components, principal.Mean.Count))
            throw new MedTransferException($"t-SNE starts from {components} principal components that are not whitened, not from {principal.Components.Count}{(principal.IsWhitened ? " whitened ones" : "")}: give others, or leave Start out.");
        return TsneStart.From(principal, components);
    }

    /// <summary>Refuses options that make no sense, or not for so many points.</summary>
    internal void Require(int points)
    {
        Require(Components is 2 or 3, nameof(Components), Components, "2 or 3");
        if (Components == 3 && Repulsion == TsneRepulsion.Grid)
            throw new MedTransferException("t-SNE's grid is of the plane: set Repulsion to Auto or Exact for 3 components.");
        if (Components == 3 && points > MostPointsInSpace)
            throw new MedTransferException(
                $"t-SNE in 3 components compares all pairs, too many for {points} points: give at most {MostPointsInSpace}, or set Components to 2.");
        ThreadOption.Require(MaxThreads, nameof(MaxThreads));
        Require(EarlyIterations >= 0, nameof(EarlyIterations), EarlyIterations, "0 or more");
        Require(Iterations >= 0, nameof(Iterations), Iterations, "0 or more");
        Require(EarlyExaggeration >= 1 && double.IsFinite(EarlyExaggeration), nameof(EarlyExaggeration), EarlyExaggeration, "1 or more");
        Require(LearningRate is null or (> 0 and < double.PositiveInfinity), nameof(LearningRate), LearningRate, "more than 0, or leave it out");
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "0 or more and less than 1");
        Require(ReportEvery >= 1, nameof(ReportEvery), ReportEvery, "1 or more");
        if (Start is not null && RandomSeed is not null)
            throw new MedTransferException("t-SNE got both a Start and a RandomSeed: leave one out.");
        Require(PlacementPerplexity >= 1, nameof(PlacementPerplexity), PlacementPerplexity, "1 or more");
    }

    private static void Require(bool holds, string option, double? value, string range)
    {
        if (!holds) throw new MedTransferException(FormattableString.Invariant($"t-SNE's {option} is {value}: set it to {range}."));
    }
}

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
