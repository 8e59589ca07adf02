using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Tests.Reduction;

namespace MedTransfer.Tests.Evaluation.Embeddings;

public sealed class SeparationTests
{
    // some points lie in one place, so that ranks are decided by row numbers
    [Theory]
    [InlineData(50)]
    [InlineData(9)]
    public void Figures_of_points_and_maps_are_those_that_each_gives_alone(int count)
    {
        var points = Inputs.Blobs(classes: 1, size: count, width: 6).Points;
        for (var j = 0; j < 6; j++) points[4, j] = points[2, j] = points[1, j];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 3)];
        float[][,] maps = [Inputs.Fill(count, 2, (i, j) => points[i, j]), Inputs.Fill(count, 3, (i, j) => MathF.Round(points[i, j]))];

        var separations = Separation.Of(points, labels, maps);

        var trusted = Math.Min(6, (count - 1) / 2);
        Assert.Equal([Alone(points, null), .. maps.Select(map => Alone(map, Trustworthiness.Of(points, map, trusted)))], separations);
        Separation Alone(float[,] of, double? trustworthiness) => new(Silhouette.Of(of, labels), KnnAccuracy.LeaveOneOut(of, labels, 5), trustworthiness);
    }

    [Fact]
    public void What_a_single_class_does_not_tell_is_missing()
    {
        var points = Inputs.Blobs(classes: 1, size: 8, width: 2).Points;

        Assert.Equal([new(null, null, null), new(null, null, 1)], Separation.Of(points, new int[8], [points]));
    }

    /// <summary>None of points at one place is nearest: as of embeddings of images that are all the same, or of a network that sees none of them.</summary>
    [Fact]
    public void What_points_at_one_place_do_not_tell_is_missing()
    {
        int[] labels = [.. Enumerable.Range(0, 12).Select(i => i % 2)];
        var (apart, same) = (Inputs.Blobs(classes: 2, size: 6, width: 3).Points, new float[12, 3]);
        Assert.All(Separation.Of(same, labels, [same, apart]), found => Assert.Null(found.Trustworthiness));
        Assert.Equal(new(null, null, null), Separation.Of(same, labels, [])[0]);
        Assert.Equal(new(null, null, null), Separation.Of(apart, labels, [same])[1]);
    }

    [Fact]
    public void Too_few_points_are_refused()
    {
        var error = Assert.Throws<MedTransferException>(() => Separation.Of(new float[5, 2], new int[5], []));
        Assert.Equal("Separation takes more than 5 points, not 5: give more.", error.Message);
    }
}
