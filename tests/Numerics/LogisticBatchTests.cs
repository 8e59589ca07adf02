using MedTransfer.Numerics;
using MedTransfer.Tests.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Numerics;

[Collection(OneAtATime.Name)]
public sealed class LogisticBatchTests
{
    // fewer columns than rows, and more
    [Theory]
    [InlineData(60, 5)]
    [InlineData(20, 50)]
    public void Each_problem_ends_where_Newtons_method_ends(int count, int width)
    {
        var (rows, positive, weights, lambda) = Problems(count, width);
        var batch = new LogisticBatch(PrincipalCoordinates.Of(rows), positive.reshape(count, 1, 1), weights);

        // from a strong penalty to the wanted one, as a search goes
        Assert.True(batch.Solve(lambda * 10, 1e-14, TestContext.Current.CancellationToken));
        Assert.True(batch.Solve(lambda, 1e-14, TestContext.Current.CancellationToken));

        var losses = batch.Losses();
        for (var problem = 0; problem < 3; problem++)
        {
            var point = new LogisticNewton(rows, lambda[problem].item<double>()).Solve(positive, weights.select(1, problem), 1e-12, 100, TestContext.Current.CancellationToken).Point;
            var logits = rows.mv(point.slice(0, 0, width, 1)) + point[width];
            var expected = nn.functional.binary_cross_entropy_with_logits(logits, positive, reduction: nn.Reduction.None);
            Assert.InRange((losses.select(1, problem) - expected).abs().max().item<double>(), 0, 1e-5);
        }
    }

    // columns of very unlike sizes, labels that a plane separates, and hardly a penalty: single precision finds no good direction at once
    [Fact]
    public void Minima_are_those_of_double_precision_where_equations_are_ill_conditioned()
    {
        var (rows, _, weights, lambda) = Problems(60, 5);
        rows.mul_(tensor(new[] { 1, 1e-1, 1e-2, 1e-3, 1e-4 }));
        var positive = rows.select(1, 0).gt(0.1).to(ScalarType.Float64);
        var batch = new LogisticBatch(PrincipalCoordinates.Of(rows), positive.reshape(60, 1, 1), weights);

        Assert.True(batch.Solve(lambda * 1e-5, 1e-14, TestContext.Current.CancellationToken));

        var losses = batch.Losses();
        for (var problem = 0; problem < 3; problem++)
        {
            var point = new LogisticNewton(rows, lambda[problem].item<double>() * 1e-5).Solve(positive, weights.select(1, problem), 1e-13, 100, TestContext.Current.CancellationToken).Point;
            var expected = nn.functional.binary_cross_entropy_with_logits(rows.mv(point.slice(0, 0, 5, 1)) + point[5], positive, reduction: nn.Reduction.None);
            Assert.InRange((losses.select(1, problem) - expected).abs().max().item<double>(), 0, 1e-4);
        }
    }

    // two classes by their softmax, the penalty shared by both halves of the difference of logits
    [Fact]
    public void Softmax_of_two_classes_is_the_logistic_of_their_difference()
    {
        var (rows, positive, weights, lambda) = Problems(60, 5);
        var coordinates = PrincipalCoordinates.Of(rows);
        var one = new LogisticBatch(coordinates, positive.reshape(60, 1, 1), weights);
        var two = new LogisticBatch(coordinates, stack([1 - positive, positive], 1).unsqueeze(1), weights);

        one.Solve(lambda / 2, 1e-14, TestContext.Current.CancellationToken);
        two.Solve(lambda, 1e-14, TestContext.Current.CancellationToken);

        Assert.InRange((one.Losses() - two.Losses()).abs().max().item<double>(), 0, 1e-5);
    }

    /// <summary>What is the same to all classes has no curvature but the penalty's, which single precision loses: there nothing may go astray.</summary>
    [Theory]
    [InlineData(3, 1e3)]
    [InlineData(3, 1e5)]
    [InlineData(9, 1e5)]
    [InlineData(3, 1e7)]
    [InlineData(3, 1e9)]   // directions in single precision alone get no further here
    [InlineData(9, 1e8)]
    public void Several_classes_with_hardly_a_penalty_end_where_the_gradient_is_0(int classes, double inversePenalty)
    {
        manual_seed(3);
        var rows = randn(120, 100, dtype: ScalarType.Float64).mul_(logspace(0, -2, 100, dtype: ScalarType.Float64));
        rows.sub_(rows.mean([0L]));
        var labels = rows.slice(1, 0, classes, 1).add(randn(120, classes, dtype: ScalarType.Float64).mul_(0.5)).argmax(1);
        var targets = nn.functional.one_hot(labels, classes).to(ScalarType.Float64).unsqueeze(1);
        var batch = new LogisticBatch(PrincipalCoordinates.Of(rows), targets, full(120, 1, 1.0 / 120, dtype: ScalarType.Float64));

        Assert.True(batch.Solve(tensor(new[] { 1 / (inversePenalty * 120) }), 1e-12, TestContext.Current.CancellationToken));

        var minimum = batch.Minima().select(0, 0);
        var weights = minimum.slice(1, 0, 100, 1);
        var slopes = (rows.mm(weights.t()).add_(minimum.select(1, 100)).softmax(1) - targets.squeeze(1)) / 120;
        var gradient = slopes.t().mm(rows).add_(weights, 1 / (inversePenalty * 120));
        Assert.InRange(gradient.abs().max().item<double>(), 0, 1e-6);
        Assert.InRange(weights.sum([0L]).abs().max().item<double>(), 0, 1e-6 * weights.abs().max().item<double>());
    }

    [Fact]
    public void A_problem_without_weights_stays_at_zero_beside_others()
    {
        var (rows, positive, weights, lambda) = Problems(60, 5);
        weights.select(1, 1).zero_();
        var batch = new LogisticBatch(PrincipalCoordinates.Of(rows), positive.reshape(60, 1, 1), weights);

        Assert.True(batch.Solve(lambda, 1e-10, TestContext.Current.CancellationToken));

        Assert.All(batch.Losses().select(1, 1).data<double>().ToArray(), loss => Assert.Equal(Math.Log(2), loss, 1e-12));
        Assert.True(batch.Losses().select(1, 0).std().item<double>() > 0.01);
    }

    [Theory]
    [InlineData(30, 8)]
    [InlineData(8, 30)]
    public void Principal_coordinates_keep_the_products_of_rows_and_are_orthogonal(int count, int width)
    {
        manual_seed(1);
        var rows = randn(count, width, dtype: ScalarType.Float64);
        rows.select(1, 1).copy_(rows.select(1, 0));
        rows.select(1, 2).zero_();
        rows.sub_(rows.mean([0L]));

        var coordinates = PrincipalCoordinates.Of(rows);

        // one column twice, one that is 0, and rows that sum to 0
        Assert.Equal(Math.Min(width - 2, count - 1), coordinates.Rows.shape[1]);
        Assert.InRange((coordinates.Rows.mm(coordinates.Rows.t()) - rows.mm(rows.t())).abs().max().item<double>(), 0, 1e-10);
        Assert.InRange((coordinates.Rows.t().mm(coordinates.Rows) / count - diag(coordinates.Variances)).abs().max().item<double>(), 0, 1e-10);
    }

    private static (Tensor Rows, Tensor Positive, Tensor Weights, Tensor Lambda) Problems(int count, int width)
    {
        manual_seed(2);
        var rows = randn(count, width, dtype: ScalarType.Float64);
        rows.sub_(rows.mean([0L]));
        var positive = rows.select(1, 0).add(randn(count, dtype: ScalarType.Float64)).gt(0.3).to(ScalarType.Float64);
        var weights = rand(count, 3, dtype: ScalarType.Float64).gt(0.2).to(ScalarType.Float64) * (1 + positive).unsqueeze(1);
        return (rows, positive, weights / weights.sum([0L]), tensor(new[] { 0.001, 0.01, 0.3 }));
    }
}
