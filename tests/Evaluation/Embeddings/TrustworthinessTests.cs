using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Tests.Reduction;

namespace MedTransfer.Tests.Evaluation.Embeddings;

public sealed class TrustworthinessTests
{
    [Fact]
    public void Trustworthiness_of_a_shuffled_line_is_the_published_value() =>
        // scikit-learn 1.2.1, test_trustworthiness: sklearn.manifold.trustworthiness(X, Y, n_neighbors=1) is .2.
        Assert.Equal(0.2, Trustworthiness.Of(Column(0, 1, 2, 3, 4), Column(0, 2, 4, 1, 3), k: 1), 1e-12);

    [Fact]
    public void Trustworthiness_of_an_affine_map_is_one()
    {
        var points = Inputs.Blobs(classes: 3, size: 20, width: 2).Points;
        Assert.Equal(1, Trustworthiness.Of(points, Inputs.Fill(60, 2, (i, j) => 5 + 2 * points[i, j]), k: 12));
    }

    [Fact]
    public void Trustworthiness_is_that_of_ranks_found_by_sorting()
    {
        var points = Inputs.Blobs(classes: 1, size: 50, width: 6).Points;
        var map = Inputs.Fill(50, 2, (i, j) => points[i, j]);
        const int K = 4;
        var penalty = 0;
        for (var i = 0; i < 50; i++)
        {
            var ranked = Nearest(points, i);
            penalty += Nearest(map, i).Take(K).Sum(j => Math.Max(0, ranked.IndexOf(j) + 1 - K));
        }
        Assert.Equal(1 - 2.0 * penalty / (50 * K * (100 - 3 * K - 1)), Trustworthiness.Of(points, map, K), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Neighbours_out_of_range_are_refused_with_the_range(int k)
    {
        var error = Assert.Throws<MedTransferException>(() => Trustworthiness.Of(Column(0, 1, 2, 3, 4), Column(0, 1, 2, 3, 4), k));
        Assert.Contains("1 to 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_of_another_number_of_points_is_refused() =>
        Assert.Throws<MedTransferException>(() => Trustworthiness.Of(new float[9, 2], new float[8, 2]));

    private static List<int> Nearest(float[,] points, int i) =>
    [
        .. Enumerable.Range(0, points.GetLength(0)).Where(j => j != i).OrderBy(j => Enumerable.Range(0, points.GetLength(1))
            .Sum(c => Math.Pow((double)points[i, c] - points[j, c], 2))),
    ];

    private static float[,] Column(params float[] values) => Inputs.Fill(values.Length, 1, (i, _) => values[i]);
}
