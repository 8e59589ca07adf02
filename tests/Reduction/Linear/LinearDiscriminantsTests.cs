using MedTransfer.Reduction;
using MedTransfer.Reduction.Linear;

namespace MedTransfer.Tests.Reduction.Linear;

public sealed class LinearDiscriminantsTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => new OfThreeClasses(maxThreads);

    private static LinearDiscriminantsMap Fit(float[,] points, int[] labels, double? shrinkage = null, int? components = null) =>
        new LinearDiscriminants(new LinearDiscriminantsOptions { Labels = labels, Shrinkage = shrinkage, Components = components }).Fit(points, null, Token);

    [Fact]
    public void Two_classes_are_parted_along_what_varies_less_within_them()
    {
        // By hand: class means (-1, 0) and (1, 0), within them +-1 along x and +-2 along y, uncorrelated. Variance within, of 8 - 2: 8/6 and 32/6.
        float[,] points = { { 0, 2 }, { 0, -2 }, { -2, 2 }, { -2, -2 }, { 2, 2 }, { 2, -2 }, { 0, 2 }, { 0, -2 } };
        var map = Fit(points, [0, 0, 0, 0, 1, 1, 1, 1]);
        Assert.Equal([Math.Sqrt(6.0 / 8), 0], map.Directions[0], Close(1e-12));
        Assert.Equal([0.0, 0], map.Mean, Close(1e-12));
        Assert.Equal(1, map.ExplainedRatio[0], 1e-12);
        Assert.Equal(2 * Math.Sqrt(6.0 / 8), map.Embedding[4, 0], 1e-6);
    }

    [Fact]
    public void Variance_within_classes_is_1_and_uncorrelated_along_directions()
    {
        var (points, labels) = Inputs.Blobs(classes: 4, size: 30, width: 6);
        var map = Fit(points, labels, components: 3);
        for (var a = 0; a < 3; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                var sum = 0.0;
                for (var k = 0; k < 4; k++)
                {
                    var rows = Enumerable.Range(0, 120).Where(i => labels[i] == k).ToArray();
                    var (meanA, meanB) = (rows.Average(i => map.Embedding[i, a]), rows.Average(i => map.Embedding[i, b]));
                    sum += rows.Sum(i => (map.Embedding[i, a] - meanA) * (map.Embedding[i, b] - meanB));
                }

                Assert.Equal(a == b ? 1 : 0, sum / (120 - 4), 1e-4);
            }
        }

        Assert.Equal(map.ExplainedRatio.OrderDescending(), map.ExplainedRatio);
        Assert.Equal(1, map.ExplainedRatio.Sum(), 1e-9);
    }

    [Fact]
    public void A_column_that_is_the_sum_of_others_changes_no_place()
    {
        var (points, labels) = Inputs.Blobs(classes: 3, size: 30, width: 4);
        var wider = Inputs.Fill(90, 5, (i, j) => j < 4 ? points[i, j] : (double)points[i, 0] + points[i, 1]);
        var (with, without) = (Fit(wider, labels), Fit(points, labels));
        for (var i = 0; i < 90; i++) Assert.Equal(Math.Abs(without.Embedding[i, 0]), Math.Abs(with.Embedding[i, 0]), 1e-3);
    }

    /// <summary>(1 - s) S + s I in the columns' units, whichever of the two ways inverts it.</summary>
    [Fact]
    public void Shrunk_covariance_of_more_columns_than_points_is_inverted_as_the_small_one_is()
    {
        var (points, labels) = Inputs.Blobs(classes: 2, size: 8, width: 12);
        var narrow = Fit(points, labels, shrinkage: 0.3);
        // repeated thrice, points are more than columns, and covariance and means the same, but for the degrees of freedom
        var many = Fit(Inputs.Fill(48, 12, (i, j) => points[i % 16, j]), [.. Enumerable.Range(0, 48).Select(i => labels[i % 16])], shrinkage: 0.3);
        var ratio = many.Directions[0][0] / narrow.Directions[0][0];
        for (var j = 0; j < 12; j++) Assert.Equal(ratio, many.Directions[0][j] / narrow.Directions[0][j], 1e-6);
    }

    [Fact]
    public void Columns_more_than_points_are_shrunk_unless_told_otherwise_and_new_points_are_parted()
    {
        var (points, labels) = Inputs.Blobs(classes: 2, size: 60, width: 200);
        int[] train = [.. Enumerable.Range(0, 40)];
        var map = Fit(Inputs.Rows(points, 0, 40), labels[..40]);
        Assert.InRange(map.Shrinkage, 0.01, 1);
        var places = map.Transform(Inputs.Rows(points, 40, 80));
        var threshold = train.Average(i => map.Embedding[i, 0]);
        var sign = Math.Sign(map.Embedding[0, 0] - threshold);
        Assert.All(Enumerable.Range(0, 80), i => Assert.Equal(labels[40 + i] == labels[0], sign * (places[i, 0] - threshold) > 0));
    }

    [Fact]
    public void Points_without_a_label_are_placed_and_not_learned_from()
    {
        var (points, labels) = Inputs.Blobs(classes: 3, size: 20, width: 5);
        var some = labels.Select((label, i) => i < 45 ? label : -1).ToArray();
        var map = Fit(points, some);
        var few = Fit(Inputs.Rows(points, 0, 45), labels[..45]);
        Assert.Equal(Inputs.Bits(few.Transform(points)), Inputs.Bits(map.Embedding));
    }

    [Theory]
    [InlineData(new[] { 0, 0, 0, 0, 0 }, null, null)]
    [InlineData(new[] { 0, 1, 2, 3, 4 }, null, null)]
    [InlineData(new[] { 0, 1, 1, 1 }, null, null)]
    [InlineData(new[] { 0, 1, 1, 1, 0 }, 2, null)]
    [InlineData(new[] { 0, 1, 1, 1, 0 }, null, 1.5)]
    public void Labels_and_options_that_part_nothing_are_refused(int[] labels, int? components, double? shrinkage) =>
        Assert.Throws<MedTransferException>(() => Fit(Inputs.Fill(5, 3, (i, j) => i * j % 4), labels, shrinkage, components));

    private static Func<double, double, bool> Close(double tolerance) => (a, b) => Math.Abs(a - b) < tolerance;

    /// <summary>Point i is of class i % 3, whatever the points.</summary>
    private sealed class OfThreeClasses(int? maxThreads) : IReducer
    {
        private LinearDiscriminants For(int points) => new(new LinearDiscriminantsOptions { Labels = [.. Enumerable.Range(0, points).Select(i => i % 3)], MaxThreads = maxThreads });

        public void RequireShape(int points, int columns) => For(points).RequireShape(points, columns);

        public IFittedMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default) =>
            For(points.GetLength(0)).Fit(points, progress, cancellation);
    }
}
