using MedTransfer.Evaluation.Transferability;
using static MedTransfer.Tests.Evaluation.Transferability.SampleEmbeddings;

namespace MedTransfer.Tests.Evaluation.Transferability;

public sealed class HScoreTests
{
    [Fact]
    public void Score_of_one_column_is_its_share_of_variance_between_classes()
    {
        // 0, 2 | 4, 6: variance (9 + 1 + 1 + 9) / 4 = 5, of the means 1 and 5 it is 4; one column can't be shrunk
        var score = HScore.Of(new float[,] { { 0 }, { 2 }, { 4 }, { 6 } }, [7, 7, -1, -1]);

        Assert.Equal(4 / 5.0, score.Value, 1e-14);
        Assert.Equal(0, score.Shrinkage);
    }

    // scikit-learn 1.2.1, NumPy 1.24.2: w = LedoitWolf().fit(F); g = array([F[y == k].mean(0) for k in y]);
    // trace(solve(w.covariance_, (1 - w.shrinkage_) * cov(g, rowvar=False, bias=True)))
    [Theory]
    [InlineData(12, 3, 0.6887279607046014, 0.25946305305303924)]
    [InlineData(6, 8, 0.8235862116544095, 0.7488198194102106)]
    public void Score_is_that_of_the_shrunk_covariance(int count, int columns, double value, double shrinkage)
    {
        var score = HScore.Of(Whole(count, columns), Classes(count));

        Assert.Equal(value, score.Value, 1e-12);
        Assert.Equal(shrinkage, score.Shrinkage, 1e-12);
    }

    [Theory]
    [InlineData(60, 5)]
    [InlineData(20, 40)]
    [InlineData(3, 9)]
    public void Score_is_at_most_one_less_than_the_classes(int count, int columns)
    {
        Assert.InRange(HScore.Of(Random(count, columns, seed: 1, apart: 1000), Classes(count)).Value, 0, 2);
        Assert.InRange(HScore.Of(Random(count, columns, seed: 1), Classes(count)).Value, 0, 2);
    }

    [Fact]
    public void Classes_far_apart_along_two_columns_have_the_most()
    {
        var embeddings = Random(300, 2, seed: 1).Map(value => value / 1000);
        for (var i = 0; i < 300; i++) embeddings[i, i % 3 / 2] += i % 3 * 10;

        Assert.Equal(2, HScore.Of(embeddings, Classes(300)).Value, 0.03);
    }

    [Fact]
    public void Moving_and_scaling_change_nothing()
    {
        var score = HScore.Of(Whole(12, 3), Classes(12));
        var changed = HScore.Of(Whole(12, 3).Map(value => 1000 + value / 8), Classes(12));

        Assert.Equal(score.Value, changed.Value, 1e-12);
        Assert.Equal(score.Shrinkage, changed.Shrinkage, 1e-12);
    }

    [Fact]
    public void Columns_of_equal_variance_that_go_apart_need_no_shrinking()
    {
        // at the corners of a square: both columns have variance 1 and no covariance; the classes are its sides
        var score = HScore.Of(new float[,] { { 1, 1 }, { 1, -1 }, { -1, 1 }, { -1, -1 } }, [0, 0, 1, 1]);

        Assert.Equal(1, score.Value, 1e-14);
        Assert.Equal(0, score.Shrinkage);
    }

    [Theory]
    [MemberData(nameof(Bad), MemberType = typeof(SampleEmbeddings))]
    public void Bad_embeddings_are_refused(float[,] embeddings, string says) =>
        Assert.Contains(says, Assert.Throws<MedTransferException>(() => HScore.Of(embeddings, [0, 1, 0, 1])).Message);

    [Fact]
    public void One_class_is_refused() =>
        Assert.Contains("one class", Assert.Throws<MedTransferException>(() => HScore.Of(Whole(3, 2), [0, 0, 0])).Message);
}
