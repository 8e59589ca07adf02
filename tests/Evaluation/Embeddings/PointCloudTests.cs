using MedTransfer.Evaluation.Embeddings;

namespace MedTransfer.Tests.Evaluation.Embeddings;

public sealed class PointCloudTests
{
    // scikit-learn 1.2.1: LedoitWolf().fit(X).covariance_, .shrinkage_, sqrt(.mahalanobis([[0, 9, 3]]))
    [Fact]
    public void Covariance_and_distance_are_those_of_Ledoit_and_Wolf()
    {
        var cloud = PointCloud.Of(new float[,] { { 1, 2, 0 }, { 2, 1, 1 }, { 3, 5, 0 }, { 4, 3, 2 }, { 6, 5, 1 }, { 5, 7, 0 } });

        Assert.Equal(0.2686264822134388, cloud.Shrinkage!.Value, 1e-12);
        Assert.Equal(
            [2.8146880947, 1.8893815876, 0.2437911726, 1.8893815876, 3.7085890609, -0.406318621, 0.2437911726, -0.406318621, 1.0878339555],
            cloud.Covariance.Cast<double>().Select(value => Math.Round(value, 10)));
        Assert.Equal(6.9399119984767745, cloud.DistanceOf([0, 9, 3]), 1e-10);
        Assert.Equal(0, cloud.DistanceOf([.. cloud.Mean.Select(value => (float)value)]), 1e-6);
    }

    [Fact]
    public void Points_that_are_all_the_same_have_no_distance() =>
        Assert.Throws<ArgumentException>(() => PointCloud.Of(new float[3, 2]));
}
