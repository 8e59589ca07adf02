using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Reduction;
using MedTransfer.Reduction.Linear;
using MedTransfer.Reduction.NeighbourEmbedding;

namespace MedTransfer.Tests.Reduction.NeighbourEmbedding;

public sealed class TsneTests : ReducerContract
{
    private static readonly TsneOptions _quick = new() { Perplexity = 10, EarlyIterations = 50, Iterations = 100 };

    protected override IReducer Reducer(int? maxThreads = null) => new Tsne(_quick with { MaxThreads = maxThreads });

    [Fact]
    public void Map_of_blobs_keeps_their_classes_together()
    {
        var (points, labels) = Inputs.Blobs(classes: 10, size: 40, width: 20);
        var map = new Tsne().Fit(points, null, Token);
        Assert.True(KnnAccuracy.LeaveOneOut(map.Embedding, labels) > 0.95);
        Assert.True(Silhouette.Of(map.Embedding, labels) > 0.5);
    }

    [Fact]
    public void New_points_land_in_their_classes()
    {
        var (points, labels) = Inputs.Blobs(classes: 5, size: 60, width: 20);
        var fitted = Inputs.Rows(points, 0, 200);
        var map = new Tsne(_quick).Fit(fitted, null, Token);
        var placed = map.Transform(Inputs.Rows(points, 200, 100));
        Assert.True(KnnAccuracy.Of(map.Embedding, labels[..200], placed, labels[200..]) > 0.95);
    }

    [Fact]
    public void Fitted_points_are_placed_near_where_they_are()
    {
        var points = Inputs.Blobs(classes: 3, size: 50, width: 10).Points;
        var map = new Tsne(_quick).Fit(points, null, Token);
        var placed = map.Transform(points);
        var moved = Enumerable.Range(0, 150).Average(i =>
            Math.Sqrt(Math.Pow(placed[i, 0] - map.Embedding[i, 0], 2) + Math.Pow(placed[i, 1] - map.Embedding[i, 1], 2)));
        var extent = map.Embedding.Cast<float>().Max() - map.Embedding.Cast<float>().Min();
        Assert.True(moved < 0.05 * extent, $"moved by {moved} of {extent}");
    }

    [Fact]
    public void Map_has_its_mean_at_the_origin()
    {
        var map = new Tsne(_quick).Fit(Inputs.Blobs(classes: 3, size: 50, width: 10).Points, null, Token);
        Assert.Equal(0, Enumerable.Range(0, 150).Average(i => map.Embedding[i, 0]), 1e-5);
        Assert.Equal(0, Enumerable.Range(0, 150).Average(i => map.Embedding[i, 1]), 1e-5);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(-90)]
    public void Map_does_not_depend_on_the_unit_of_the_points(int power)
    {
        var points = Inputs.Blobs(classes: 3, size: 37, width: 7).Points;
        var scaled = Inputs.Fill(111, 7, (i, j) => Math.ScaleB(points[i, j], power));
        var (map, same) = (new Tsne(_quick).Fit(points, null, Token), new Tsne(_quick).Fit(scaled, null, Token));
        Assert.Equal(Inputs.Bits(map.Embedding), Inputs.Bits(same.Embedding));
        Assert.Equal(Inputs.Bits(map.Transform(points)), Inputs.Bits(same.Transform(scaled)));
    }

    [Fact]
    public void Points_far_outside_are_placed_somewhere()
    {
        var map = new Tsne(_quick).Fit(Inputs.Blobs(classes: 3, size: 37, width: 7).Points, null, Token);
        Assert.True(Inputs.AllFinite(map.Transform(Inputs.Fill(2, 7, (i, _) => i == 0 ? 1e30 : -1e38))));
    }

    [Fact]
    public void Points_on_a_line_use_the_whole_plane()
    {
        var map = new Tsne(_quick).Fit(Inputs.Fill(100, 1, (i, _) => i * i % 37), null, Token).Embedding;
        double SpreadOf(int axis) => Enumerable.Range(0, 100).Max(i => map[i, axis]) - Enumerable.Range(0, 100).Min(i => map[i, axis]);
        Assert.True(SpreadOf(1) > 0.1 * SpreadOf(0));
    }

    [Fact]
    public void Progress_reports_a_falling_divergence_and_changes_nothing()
    {
        var points = Inputs.Blobs(classes: 3, size: 37, width: 7).Points;
        var reports = new Reports();
        var map = new Tsne(_quick).Fit(points, reports, Token);
        Assert.Equal([50, 100, 150], reports.Select(report => report.Iteration));
        Assert.All(reports, report => Assert.Equal(150, report.Of));
        Assert.True(reports[1].KlDivergence < reports[0].KlDivergence);
        Assert.Equal(map.KlDivergence, reports[2].KlDivergence);
        Assert.Equal(Inputs.Bits(map.Embedding), Inputs.Bits(new Tsne(_quick).Fit(points, null, Token).Embedding));
    }

    [Fact]
    public void Cancelling_between_iterations_stops_the_fit()
    {
        using var cancellation = new CancellationTokenSource();
        var points = Inputs.Blobs(classes: 3, size: 37, width: 7).Points;
        Assert.ThrowsAny<OperationCanceledException>(() => new Tsne().Fit(points, new CancelAtFirstReport(cancellation), cancellation.Token));
    }

    [Fact]
    public void Map_continued_from_its_embedding_gets_better_and_keeps_its_layout()
    {
        var points = Inputs.Blobs(classes: 3, size: 50, width: 10).Points;
        var map = new Tsne(_quick).Fit(points, null, Token);
        var further = new Tsne(_quick with { Start = map.Embedding, EarlyIterations = 0 }).Fit(points, null, Token);
        Assert.True(further.KlDivergence < map.KlDivergence);
        Assert.True(Trustworthiness.Of(map.Embedding, further.Embedding, 10) > 0.95);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void Steps_are_those_of_the_phase_each_belongs_to(int early, int late)
    {
        // from 2,400 points on n / 12, the rate of the early phase, is above 200: both phases have rates of their own
        const int Count = 2600;
        var points = Inputs.Blobs(classes: 4, size: Count / 4, width: 4).Points;
        var random = new Random(5);
        var places = Inputs.Fill(Count, 2, (_, _) => 20 * random.NextDouble());
        var options = new TsneOptions { Perplexity = 10, EarlyIterations = early, Iterations = late, Start = places };
        var map = new Tsne(options).Fit(points, null, Token).Embedding;

        var objective = new TsneObjective(SparseAffinities.Of(points, options.Perplexity, null, Token));
        var (steps, gains) = (new float[Count, 2], Inputs.Fill(Count, 2, (_, _) => 1));
        for (var iteration = 0; iteration < early + late; iteration++)
        {
            var exaggeration = iteration < early ? 12 : 1;
            var gradient = objective.Gradient(places, exaggeration);
            for (var i = 0; i < Count; i++)
            {
                for (var axis = 0; axis < 2; axis++)
                {
                    var keepsDirection = steps[i, axis] < 0 != gradient[i, axis] < 0;
                    gains[i, axis] = keepsDirection ? gains[i, axis] + 0.2f : gains[i, axis] * 0.8f;
                    steps[i, axis] = (0.8f * steps[i, axis]) - (Count / (float)exaggeration * gains[i, axis] * gradient[i, axis]);
                }
                var length = Math.Sqrt(Math.Pow(steps[i, 0], 2) + Math.Pow(steps[i, 1], 2));
                for (var axis = 0; axis < 2; axis++) places[i, axis] += steps[i, axis] *= (float)Math.Min(1, 5 / length);
            }
        }
        for (var axis = 0; axis < 2; axis++)
        {
            var mean = Enumerable.Range(0, Count).Average(i => (double)places[i, axis]);
            for (var i = 0; i < Count; i++) Assert.Equal(places[i, axis] - mean, map[i, axis], 1e-4);
        }
    }

    [Fact]
    public void A_start_from_principal_components_at_hand_is_the_default_start()
    {
        var points = Inputs.Blobs(classes: 3, size: 37, width: 7).Points;

        var given = new Tsne(_quick with { Start = TsneOptions.StartOf(new Pca().Fit(points, null, Token)) }).Fit(points, null, Token);

        Assert.Equal(new Tsne(_quick).Fit(points, null, Token).Embedding, given.Embedding);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public void Components_that_are_no_default_start_are_refused(int components, bool whiten)
    {
        var principal = new Pca(new PcaOptions { Components = components, Whiten = whiten }).Fit(Inputs.Blobs(classes: 3, size: 9, width: 7).Points, null, Token);
        Assert.Throws<MedTransferException>(() => TsneOptions.StartOf(principal));
    }

    [Fact]
    public void Start_without_iterations_is_the_map_moved_to_the_origin()
    {
        var points = Inputs.Blobs(classes: 3, size: 37, width: 7).Points;
        var start = Inputs.Fill(111, 2, (i, j) => (i * 7 + j * 3) % 11 - 5);
        var map = new Tsne(_quick with { Start = start, EarlyIterations = 0, Iterations = 0 }).Fit(points, null, Token).Embedding;
        for (var i = 1; i < 111; i++) Assert.Equal(start[i, 0] - start[0, 0], map[i, 0] - map[0, 0], 1e-5);
    }

    [Fact]
    public void Random_start_is_another_for_another_seed_and_the_same_for_the_same()
    {
        var points = Inputs.Blobs(classes: 3, size: 37, width: 7).Points;
        int[] Bits(int seed) => Inputs.Bits(new Tsne(_quick with { RandomSeed = seed }).Fit(points, null, Token).Embedding);
        Assert.Equal(Bits(1), Bits(1));
        Assert.NotEqual(Bits(1), Bits(2));
    }

    [Fact]
    public void Start_of_other_shape_is_refused_with_both_counts()
    {
        var error = Assert.Throws<MedTransferException>(
            () => new Tsne(_quick with { Start = new float[110, 2] }).Fit(Inputs.Blobs(classes: 3, size: 37, width: 7).Points, null, Token));
        Assert.Contains("(110, 2) for 111 points", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Perplexity_and_start_that_do_not_fit_are_refused_without_the_points()
    {
        Assert.Contains("3 x 30", Assert.Throws<MedTransferException>(() => new Tsne().RequireShape(90, 3)).Message, StringComparison.Ordinal);
        Assert.Throws<MedTransferException>(() => new Tsne(_quick with { Start = new float[110, 2] }).RequireShape(111, 7));
        new Tsne(_quick with { Start = new float[111, 2] }).RequireShape(111, 7);
    }

    [Fact]
    public void Map_tells_how_it_was_made()
    {
        var map = new Tsne(_quick).Fit(Inputs.Blobs(classes: 3, size: 37, width: 7).Points, null, Token);
        Assert.Equal((10, 150), (map.Perplexity, map.Iterations));
    }

    [Fact]
    public void Perplexity_too_large_for_the_points_is_refused_with_both_numbers_and_a_way_out()
    {
        var error = Assert.Throws<MedTransferException>(
            () => new Tsne().Fit(Inputs.Blobs(classes: 2, size: 45, width: 3).Points, null, Token));
        Assert.Contains("3 x 30", error.Message, StringComparison.Ordinal);
        Assert.Contains("90 points have 89", error.Message, StringComparison.Ordinal);
        Assert.Contains("at most 29, or give at least 91 points", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Perplexity_that_just_fits_is_taken() =>
        Assert.Equal(1, new Tsne(new TsneOptions { Perplexity = 1 }).Fit(Inputs.Fill(4, 2, (i, j) => i * (j + i)), null, Token).Perplexity);

    public static TheoryData<TsneOptions> Nonsense =>
    [
        _quick with { Perplexity = 0.5 }, _quick with { Perplexity = double.NaN }, _quick with { EarlyIterations = -1 },
        _quick with { Iterations = -1 }, _quick with { EarlyExaggeration = 0.5 }, _quick with { LearningRate = 0 },
        _quick with { Components = 4 }, _quick with { Components = 3, Repulsion = TsneRepulsion.Grid }, _quick with { ReportEvery = 0 }, _quick with { Start = new float[111, 2], RandomSeed = 1 }, _quick with { LearningRate = double.NaN }, _quick with { Momentum = 1 }, _quick with { PlacementPerplexity = 0 },
    ];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Options_out_of_range_are_refused(TsneOptions options) =>
        Assert.Throws<MedTransferException>(() => new Tsne(options).Fit(Inputs.Blobs(classes: 3, size: 37, width: 7).Points, null, Token));

    private sealed class CancelAtFirstReport(CancellationTokenSource cancellation) : IProgress<ReductionProgress>
    {
        public void Report(ReductionProgress value) => cancellation.Cancel();
    }
}
