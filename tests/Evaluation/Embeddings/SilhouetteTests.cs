using MedTransfer.Evaluation.Embeddings;

namespace MedTransfer.Tests.Evaluation.Embeddings;

public sealed class SilhouetteTests
{
    [Fact]
    public void Silhouette_is_the_mean_width()
    {
        // By hand, points 0, 1 | 3, 7 on a line. a: 1, 1, 4, 4; b: 5, 4, 2.5, 6.5; widths .8, .75, -.375, 2.5 / 6.5.
        var value = Silhouette.Of(new float[,] { { 0 }, { 1 }, { 3 }, { 7 } }, [4, 4, -2, -2]);
        Assert.Equal((0.8 + 0.75 - 0.375 + 2.5 / 6.5) / 4, value!.Value, 1e-9);
    }

    [Fact]
    public void Silhouette_of_a_point_alone_in_its_class_is_zero()
    {
        // Points 0, 1 | 4: widths 1 - 1/4, 1 - 1/3, 0.
        var value = Silhouette.Of(new float[,] { { 0 }, { 1 }, { 4 } }, [0, 0, 1]);
        Assert.Equal((3 / 4.0 + 2 / 3.0) / 3, value!.Value, 1e-9);
    }

    [Fact]
    public void Silhouette_looks_at_the_nearest_other_class()
    {
        // Points 0, 2 | 5 | 100: b is 5 and 3, not the mean over strangers.
        var value = Silhouette.Of(new float[,] { { 0 }, { 2 }, { 5 }, { 100 } }, [0, 0, 1, 2]);
        Assert.Equal((3 / 5.0 + 1 / 3.0) / 4, value!.Value, 1e-9);
    }

    [Fact]
    public void Silhouette_of_classes_in_one_place_is_zero() =>
        Assert.Equal(0, Silhouette.Of(new float[4, 2], [0, 0, 1, 1]));

    [Theory]
    [InlineData(7, 7, 7)]
    [InlineData(1, 2, 3)]
    public void Silhouette_of_one_class_or_of_singletons_is_missing(params int[] labels) =>
        Assert.Null(Silhouette.Of(new float[,] { { 0 }, { 1 }, { 4 } }, labels));

    [Fact]
    public void Labels_of_another_number_than_points_are_refused() =>
        Assert.Throws<MedTransferException>(() => Silhouette.Of(new float[4, 2], [0, 1]));

    [Fact]
    public void Points_that_are_not_finite_are_refused() =>
        Assert.Throws<MedTransferException>(() => Silhouette.Of(new[,] { { 0f }, { float.NaN } }, [0, 1]));
}
