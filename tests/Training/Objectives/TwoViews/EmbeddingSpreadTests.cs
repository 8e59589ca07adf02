using MedTransfer.Evaluation;
using MedTransfer.Training.Objectives.TwoViews;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training.Objectives.TwoViews;

[Collection(OneAtATime.Name)]
public sealed class EmbeddingSpreadTests
{
    // of diag(a, b, ...) the singular values are a, b, ...: n equal ones are an entropy of log n; of 3 and 1 it is -(.75 log .75 + .25 log .25) = .5623351
    [Theory]
    [InlineData(new[] { 2.0, 2, 2, 2 }, 4)]
    [InlineData(new[] { 5.0, 0, 0, 0 }, 1)]
    [InlineData(new[] { 5.0, 5, 0, 0 }, 2)]
    [InlineData(new[] { 3.0, 1, 0, 0 }, 1.7547654)]
    public void Effective_rank_is_that_of_the_singular_values(double[] diagonal, double expected)
    {
        using var scope = NewDisposeScope();

        Assert.Equal(expected, EmbeddingSpread.Of(diag(tensor(diagonal)))!.EffectiveRank, 1e-6);
    }

    // no rotation of the columns changes it
    [Fact]
    public void Effective_rank_does_not_depend_on_the_axes()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var rows = randn(20, 5, dtype: ScalarType.Float64);
        var (rotation, _) = linalg.qr(randn(5, 5, dtype: ScalarType.Float64));

        Assert.Equal(EmbeddingSpread.Of(rows)!.EffectiveRank, EmbeddingSpread.Of(rows.mm(rotation))!.EffectiveRank, 1e-9);
    }

    // (1, 0), (-1, 0), (0, 1), (0, -1), whatever their lengths: each column has variance 1/2, so that sqrt(1/2) * sqrt(2) = 1
    [Fact]
    public void Deviation_is_one_of_all_directions_alike_and_zero_of_one()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(1, EmbeddingSpread.Of(tensor(new float[] { 1, 0, -2, 0, 0, 3, 0, -4 }).reshape(4, 2))!.Deviation, 1e-6);
        Assert.Equal(0, EmbeddingSpread.Of(tensor(new float[] { 1, 2, 2, 4, 3, 6 }).reshape(3, 2))!.Deviation, 1e-6);
        manual_seed(1);
        Assert.InRange(EmbeddingSpread.Of(randn(2000, 64))!.Deviation, 0.98, 1);
    }

    [Fact]
    public void Constant_embeddings_have_collapsed_and_others_not()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var one = randn(1, 8);

        Assert.True(EmbeddingSpread.Of(one.expand(50, 8))!.IsCollapsed);
        Assert.True(EmbeddingSpread.Of(one + 1e-4 * randn(50, 8))!.IsCollapsed);   // all but alike
        Assert.True(EmbeddingSpread.Of(one * randn(50, 1))!.IsCollapsed);   // a line
        Assert.True(EmbeddingSpread.Of(zeros(50, 8))!.IsCollapsed);
        Assert.False(EmbeddingSpread.Of(randn(50, 8))!.IsCollapsed);
    }

    [Fact]
    public void Of_one_image_or_of_what_is_no_number_there_is_none()
    {
        using var scope = NewDisposeScope();

        Assert.Null(EmbeddingSpread.Of(ones(1, 4)));
        Assert.Null(EmbeddingSpread.Of(full(3, 4, double.NaN)));
        Assert.All(EmbeddingSpread.ValuesOf(null), value => Assert.Null(value.Value));
    }

    [Fact]
    public void It_is_read_back_from_its_metrics()
    {
        var spread = new EmbeddingSpread(3.5, 0.25);

        Assert.Equal(spread, EmbeddingSpread.OfValues(new(EmbeddingSpread.ValuesOf(spread))));
        Assert.Null(EmbeddingSpread.OfValues(MetricValues.None));
    }
}
