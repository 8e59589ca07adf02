using MedTransfer.Evaluation.Embeddings;

namespace MedTransfer.Tests.Evaluation.Embeddings;

public sealed class KnnAccuracyTests
{
    private static readonly float[,] _line = { { 0 }, { 1 }, { 2 }, { 10 }, { 11 }, { 12 } };

    [Fact]
    public void Majority_of_the_neighbours_decides()
    {
        // The three nearest to 1.2 are 1, 2, 0: labels 5, 9, 9.
        Assert.Equal(1, KnnAccuracy.Of(_line, [9, 5, 9, 5, 5, 5], new float[,] { { 1.2f } }, [9], k: 3));
        Assert.Equal(0, KnnAccuracy.Of(_line, [9, 5, 9, 5, 5, 5], new float[,] { { 1.2f } }, [5], k: 3));
    }

    [Fact]
    public void Nearest_of_tied_classes_wins()
    {
        // To 1.2 by distance: 1, 2, 0, 10 of classes 3, 8, 3, 8.
        Assert.Equal(1, KnnAccuracy.Of(_line, [3, 3, 8, 8, 5, 5], new float[,] { { 1.2f } }, [3], k: 4));
    }

    [Fact]
    public void Accuracy_is_the_share_that_is_right() =>
        Assert.Equal(0.75, KnnAccuracy.Of(_line, [0, 0, 0, 1, 1, 1], new float[,] { { -1 }, { 3 }, { 9 }, { 99 } }, [0, 0, 0, 1], k: 3));

    [Fact]
    public void Leaving_one_out_leaves_the_point_out_of_its_own_vote()
    {
        Assert.Equal(1, KnnAccuracy.LeaveOneOut(_line, [0, 0, 0, 1, 1, 1], k: 2));
        Assert.Equal(0, KnnAccuracy.LeaveOneOut(new float[,] { { 0 }, { 1 } }, [0, 1], k: 1));
    }

    [Fact]
    public void Duplicates_do_vote_for_each_other() =>
        Assert.Equal(1, KnnAccuracy.LeaveOneOut(new float[,] { { 0 }, { 0 }, { 1 }, { 1 } }, [0, 0, 1, 1], k: 1));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void More_neighbours_than_training_points_are_refused(int k)
    {
        var error = Assert.Throws<MedTransferException>(() => KnnAccuracy.Of(_line, new int[6], _line, new int[6], k));
        Assert.Contains("1 to 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaving_one_out_has_one_neighbour_fewer() =>
        Assert.Throws<MedTransferException>(() => KnnAccuracy.LeaveOneOut(_line, new int[6], k: 6));

    [Fact]
    public void Test_points_of_another_width_are_refused() =>
        Assert.Throws<MedTransferException>(() => KnnAccuracy.Of(_line, new int[6], new float[2, 2], new int[2]));
}
