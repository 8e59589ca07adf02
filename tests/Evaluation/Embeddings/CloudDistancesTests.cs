using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Numerics;

namespace MedTransfer.Tests.Evaluation.Embeddings;

public sealed class CloudDistancesTests
{
    [Fact]
    public void New_points_of_the_same_kind_are_as_far_as_the_clouds_own()
    {
        var known = CloudDistances.Of(Normal(200, 20, seed: 1))!;
        var news = Normal(400, 20, seed: 2);

        var shares = Enumerable.Range(0, 400).Select(row => ShareAsFar(known, known.Cloud.DistanceOf(Row(news, row)))).ToList();

        // uniform between 0 and 1, were the cloud of endless points
        Assert.InRange(shares.Average(), .42, .58);
        Assert.InRange(shares.Count(share => share <= .1) / 400.0, .05, .17);
        // the cloud's points lie nearer to a cloud that is made of them
        var own = Normal(200, 20, seed: 1);
        Assert.True(Enumerable.Range(0, 200).Average(row => known.Cloud.DistanceOf(Row(own, row))) < known.Distances.Average());
    }

    [Fact]
    public void Point_that_is_farther_than_all_has_none_as_far_and_the_mean_has_all()
    {
        var known = CloudDistances.Of(Normal(60, 3, seed: 1))!;

        Assert.Equal(0, ShareAsFar(known, known.Cloud.DistanceOf([50, 0, 0])));
        Assert.Equal(1, ShareAsFar(known, 0));
        Assert.Equal(known.Distances.Order(), known.Distances);
    }

    [Fact]
    public void Too_few_points_and_points_that_are_the_same_have_none()
    {
        Assert.Null(CloudDistances.Of(Normal(CloudDistances.FewestPoints - 1, 2, seed: 1)));
        Assert.NotNull(CloudDistances.Of(Normal(CloudDistances.FewestPoints, 2, seed: 1)));
        Assert.Null(CloudDistances.Of(new float[40, 2]));
    }

    private static double ShareAsFar(CloudDistances known, double distance) => (double)known.Distances.Count(other => other >= distance) / known.Distances.Count;

    // by sums of twelve uniform draws
    private static float[,] Normal(int count, int columns, ulong seed)
    {
        var random = new SplitMix64(seed);
        var points = new float[count, columns];
        for (var row = 0; row < count; row++)
        {
            for (var column = 0; column < columns; column++)
                points[row, column] = (float)(Enumerable.Range(0, 12).Sum(_ => random.Fraction()) - 6);
        }

        return points;
    }

    private static float[] Row(float[,] points, int row) => [.. Enumerable.Range(0, points.GetLength(1)).Select(column => points[row, column])];
}
