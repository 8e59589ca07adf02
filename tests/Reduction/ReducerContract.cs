using MedTransfer.Reduction;

namespace MedTransfer.Tests.Reduction;

/// <summary>What holds for every reducer; a new one gets these tests by inheriting them.</summary>
public abstract class ReducerContract
{
    private static readonly float[,] _points = Inputs.Blobs(classes: 3, size: 37, width: 7).Points;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Able to map 45 points or more.</summary>
    protected abstract IReducer Reducer(int? maxThreads = null);

    /// <summary>Whether a map depends on differences between points alone.</summary>
    protected virtual bool IgnoresWhereZeroIs => true;

    [Fact]
    public void Embedding_has_a_finite_row_for_each_point()
    {
        var map = Reducer().Fit(_points, null, Token);
        Assert.Equal((_points.GetLength(0), 2), (map.Embedding.GetLength(0), map.Embedding.GetLength(1)));
        Assert.True(Inputs.AllFinite(map.Embedding));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Embedding_is_the_same_to_the_bit_on_any_number_of_threads(int threads)
    {
        // Wide enough that every parallel part of the work has several shares.
        var points = Inputs.Blobs(classes: 4, size: 80, width: 150).Points;
        var one = Reducer(maxThreads: 1).Fit(points, null, Token);
        var many = Reducer(threads).Fit(points, null, Token);
        Assert.Equal(Inputs.Bits(one.Embedding), Inputs.Bits(many.Embedding));
        Assert.Equal(Inputs.Bits(one.Transform(points)), Inputs.Bits(many.Transform(points)));
    }

    [Fact]
    public void Transform_of_points_one_by_one_equals_them_together()
    {
        var map = Reducer().Fit(_points, null, Token);
        var fresh = Inputs.Blobs(classes: 3, size: 3, width: 7, seed: 2).Points;
        var together = map.Transform(fresh);
        for (var i = 0; i < fresh.GetLength(0); i++)
            Assert.Equal(Inputs.Bits(Inputs.Rows(together, i, 1)), Inputs.Bits(map.Transform(Inputs.Rows(fresh, i, 1))));
    }

    [Fact]
    public void Transform_does_not_see_later_changes_of_the_fitted_points()
    {
        var points = (float[,])_points.Clone();
        var map = Reducer().Fit(points, null, Token);
        Array.Clear(points);
        Assert.Equal(Inputs.Bits(Reducer().Fit(_points, null, Token).Transform(_points)), Inputs.Bits(map.Transform(_points)));
    }

    [Fact]
    public void Transform_of_no_points_is_empty() =>
        Assert.Equal(0, Reducer().Fit(_points, null, Token).Transform(new float[0, 7]).GetLength(0));

    [Fact]
    public void Fit_leaves_the_points_as_they_are()
    {
        var points = (float[,])_points.Clone();
        Reducer().Fit(points, null, Token);
        Assert.Equal(Inputs.Bits(_points), Inputs.Bits(points));
    }

    [Fact]
    public void Fit_maps_points_that_all_occur_five_times()
    {
        var map = Reducer().Fit(Inputs.Fill(150, 3, (i, j) => (i / 5 + 1) * (j + 1) % 7), null, Token);
        Assert.True(Inputs.AllFinite(map.Embedding));
    }

    [Fact]
    public void Fit_maps_points_that_are_all_the_same()
    {
        var map = Reducer().Fit(Inputs.Fill(60, 3, (_, _) => 0.1), null, Token);
        Assert.True(Inputs.AllFinite(map.Embedding));
        Assert.True(Inputs.AllFinite(map.Transform(Inputs.Fill(2, 3, (_, _) => 5))));
    }

    [Fact]
    public void Fit_ignores_constant_columns()
    {
        Assert.SkipUnless(IgnoresWhereZeroIs, "This map depends on where 0 is.");
        var wider = Inputs.Fill(_points.GetLength(0), 9, (i, j) => j < 7 ? _points[i, j] : 3);
        var (with, without) = (Reducer().Fit(wider, null, Token).Embedding, Reducer().Fit(_points, null, Token).Embedding);
        // Neighbours, and with them the map's small structure, are untouched; rounding may differ.
        Assert.Equal(1, MedTransfer.Evaluation.Embeddings.Trustworthiness.Of(without, with, 20), 0.02);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Values_that_are_not_finite_are_refused_by_row_and_column(float value)
    {
        var points = (float[,])_points.Clone();
        points[5, 2] = value;
        var error = Assert.Throws<MedTransferException>(() => Reducer().Fit(points, null, Token));
        Assert.Contains("row 5, column 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<MedTransferException>(() => Reducer().Fit(_points, null, Token).Transform(points));
    }

    [Theory]
    [InlineData(3, 7)]
    [InlineData(0, 7)]
    [InlineData(50, 0)]
    public void Too_few_points_or_columns_are_refused(int rows, int columns) =>
        Assert.Throws<MedTransferException>(() => Reducer().Fit(new float[rows, columns], null, Token));

    [Theory]
    [InlineData(3, 7)]
    [InlineData(50, 0)]
    public void Shapes_that_cannot_be_fitted_are_refused_without_the_points(int points, int columns)
    {
        Assert.Throws<MedTransferException>(() => Reducer().RequireShape(points, columns));
        Reducer().RequireShape(_points.GetLength(0), _points.GetLength(1));
    }

    [Fact]
    public void A_constant_column_however_far_from_0_takes_nothing_from_the_others()
    {
        Assert.SkipUnless(IgnoresWhereZeroIs, "This map depends on where 0 is.");
        // 1e30 has no digit left for the others, nor has the mean of many of it.
        var wider = Inputs.Fill(_points.GetLength(0), 8, (i, j) => j < 7 ? _points[i, j] : 1e30);
        var (with, without) = (Reducer().Fit(wider, null, Token), Reducer().Fit(_points, null, Token));
        Assert.Equal(1, MedTransfer.Evaluation.Embeddings.Trustworthiness.Of(without.Embedding, with.Embedding, 20), 0.02);
        Assert.Equal(1, MedTransfer.Evaluation.Embeddings.Trustworthiness.Of(without.Transform(_points), with.Transform(wider), 20), 0.02);
    }

    [Fact]
    public void Transform_of_another_width_is_refused_with_both_widths()
    {
        var map = Reducer().Fit(_points, null, Token);
        var error = Assert.Throws<MedTransferException>(() => map.Transform(new float[2, 6]));
        Assert.Contains("7 columns", error.Message, StringComparison.Ordinal);
        Assert.Contains("have 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_threads_at_all_are_refused() =>
        Assert.Throws<MedTransferException>(() => Reducer(maxThreads: 0).Fit(_points, null, Token));

    [Fact]
    public void Cancelled_fit_throws()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Reducer().Fit(_points, null, cancelled.Token));
    }

    [Fact]
    public void Last_report_is_of_the_last_iteration()
    {
        var reports = new Reports();
        Reducer().Fit(_points, reports, Token);
        Assert.Equal(reports[^1].Of, reports[^1].Iteration);
    }

    /// <summary>Reports in the order they were made; <see cref="Progress{T}"/> hands them to other threads.</summary>
    protected sealed class Reports : List<ReductionProgress>, IProgress<ReductionProgress>
    {
        public void Report(ReductionProgress value) => Add(value);
    }
}
