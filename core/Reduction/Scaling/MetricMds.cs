using MedTransfer.Numerics;

namespace MedTransfer.Reduction.Scaling;

/// <summary>Options of <see cref="MetricMds"/>.</summary>
public sealed record MetricMdsOptions
{
    /// <summary>Columns of the map, 1 to n - 1 (of Euclidean distances to min(n - 1, d)); 2 unless set.</summary>
    public int Components { get; init; } = 2;

    /// <summary><see cref="PairDistance.Euclidean"/> unless set.</summary>
    public PairDistance Distance { get; init; }

    /// <summary>Whether only the order of distances is to be kept, not their size (Kruskal 1964); false unless set.</summary>
    public bool IsOrdinal { get; init; }

    /// <summary>Maps that are made, from as many starts, of which that of least stress is kept, 1 or more: the first from classical scaling, others from random places. Null (the default) for 4, or 1 where ordinal, as random places hold no order.</summary>
    public int? Starts { get; init; }

    /// <summary>Draws the random places, 0 or more; 0 unless set.</summary>
    public int Seed { get; init; }

    /// <summary>Most iterations from a start, 1 or more; 300 unless set.</summary>
    public int MostIterations { get; init; } = 300;

    /// <summary>Ends where an iteration lowers the stress by no more than this share of it, 0 or more; 1e-5 unless set.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>Most threads to use, 1 or more; null (the default) for every core. Never changes the result.</summary>
    public int? MaxThreads { get; init; }
}

/// <summary>
/// Multidimensional scaling by stress: places whose distances are nearest to those of the points, sum over pairs of (distance on the map - distance)^2, by majorisation
/// with relaxed steps (SMACOF: de Leeuw and Heiser, "Multidimensional scaling with restrictions on the configuration", 1980), the best of those from the places of
/// <see cref="ClassicalMds"/> and from some random ones. Ordinal scaling replaces distances, before each step, by the numbers in the same order that are nearest to those on
/// the map (Kruskal, "Nonmetric multidimensional scaling: a numerical method", Psychometrika 1964; equal distances stay equal). A new point is placed where
/// its own stress to the fitted ones, which stand still, is least. Memory: 4 n^2 bytes for the distances; some 12 n^2 where ordinal.
/// </summary>
public sealed class MetricMds(MetricMdsOptions options) : IReducer
{
    internal const string Name = "MDS";

    /// <summary>With every option at its default.</summary>
    public MetricMds() : this(new MetricMdsOptions()) { }

    /// <inheritdoc cref="IReducer.Fit"/>
    /// <param name="progress">Told after each iteration.</param>
    public MetricMdsMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        PointMatrix.RequireFittable(points, Name);
        RequireShape(points.GetLength(0), points.GetLength(1));
        var start = new ClassicalMds(Classical).Fit(points, null, cancellation).Embedding;
        // the map's own unit, in which no square has no room in single precision
        var unit = Reach(start);
        var distances = new PairDistances(points, options.Distance, options.MaxThreads);
        var targets = Targets(distances, unit, cancellation);
        var order = options.IsOrdinal ? new MonotoneTargets(targets, options.MaxThreads) : null;
        var starts = options.Starts ?? (options.IsOrdinal ? 1 : 4);
        var all = (int)Math.Min((long)starts * options.MostIterations, int.MaxValue);
        MetricMdsMap? best = null;
        for (var number = 0; number < starts; number++)
        {
            var majorisation = new StressMajorisation(number == 0 ? start : Random(number, points.GetLength(0), unit), unit, targets, options.MaxThreads);
            var done = number;
            var iterations = Descend(majorisation, order, targets, iteration => progress?.Report(new ReductionProgress((int)Math.Min((long)done * options.MostIterations + iteration, all), all, null)), cancellation);
            var map = new MetricMdsMap(majorisation, distances, order?.Function(), unit, iterations, options);
            if (best is null || map.NormalisedStress < best.NormalisedStress) best = map;
        }

        progress?.Report(new ReductionProgress(all, all, null));
        return best!;
    }

    /// <inheritdoc/>
    public void RequireShape(int points, int columns)
    {
        PointMatrix.RequireShape(points, columns, Name);
        ThreadOption.Require(options.MaxThreads, nameof(MetricMdsOptions.MaxThreads));
        var most = options.Distance == PairDistance.Euclidean ? Math.Min(points - 1, columns) : points - 1;
        ComponentsOption.Require(options.Components, most, points, columns, Name);
        MemoryNeed.RequirePairs(options.IsOrdinal ? 12 : 4, points, Name);
        if (options.Starts < 1) throw new MedTransferException($"{Name}'s Starts is {options.Starts}: set it to 1 or more.");
        if (options.Seed < 0) throw new MedTransferException($"{Name}'s Seed is {options.Seed}: set it to 0 or more.");
        if (options.MostIterations < 1) throw new MedTransferException($"{Name}'s MostIterations is {options.MostIterations}: set it to 1 or more.");
        if (!(options.Tolerance >= 0)) throw new MedTransferException(FormattableString.Invariant($"{Name}'s Tolerance is {options.Tolerance}: set it to 0 or more."));
    }

    IFittedMap IReducer.Fit(float[,] points, IProgress<ReductionProgress>? progress, CancellationToken cancellation) =>
        Fit(points, progress, cancellation);

    private ClassicalMdsOptions Classical => new() { Components = options.Components, Distance = options.Distance, MaxThreads = options.MaxThreads };

    /// <summary>How many iterations it took.</summary>
    private int Descend(StressMajorisation map, MonotoneTargets? order, float[][] targets, Action<int> report, CancellationToken cancellation)
    {
        var (before, isRelaxed) = (double.PositiveInfinity, true);
        for (var iteration = 1; ; iteration++)
        {
            order?.Fit(map.Distance, targets);
            var stress = map.Step(isRelaxed, cancellation);
            var gains = before - stress > options.Tolerance * stress;
            if (iteration == options.MostIterations || !(gains || isRelaxed)) return iteration;
            // relaxed steps may swing round a minimum: plain ones end in it
            isRelaxed = isRelaxed && gains && iteration < options.MostIterations - 1;
            report(iteration);
            before = stress;
        }
    }

    /// <summary>(n, components), up to this far from 0.</summary>
    private float[,] Random(int start, int n, double reach)
    {
        var random = new SplitMix64(SplitMix64.At((ulong)options.Seed, (ulong)start));
        var places = new float[n, options.Components];
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < options.Components; k++) places[i, k] = (float)(reach * (2 * random.Fraction() - 1));
        }

        return places;
    }

    /// <summary>How far from 0 the map's points lie; 1 where all lie there.</summary>
    private static double Reach(float[,] places)
    {
        var reach = 0.0;
        foreach (var place in places) reach = Math.Max(reach, Math.Abs(place));
        return reach > 0 ? reach : 1;
    }

    /// <summary>(n, n) distances in this unit, whole rows: each is read in one go.</summary>
    private float[][] Targets(PairDistances distances, double unit, CancellationToken cancellation)
    {
        var rows = new float[distances.Count][];
        FixedOrder.ForEachPart(rows.Length, options.MaxThreads, i =>
        {
            rows[i] = new float[rows.Length];
            distances.Of(i, unit, rows[i]);
        }, cancellation);
        return rows;
    }
}
