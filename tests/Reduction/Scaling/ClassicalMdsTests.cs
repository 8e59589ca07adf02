using MedTransfer.Reduction;
using MedTransfer.Reduction.Linear;
using MedTransfer.Reduction.Scaling;

namespace MedTransfer.Tests.Reduction.Scaling;

public sealed class ClassicalMdsTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => new ClassicalMds(new ClassicalMdsOptions { MaxThreads = maxThreads });

    private static ClassicalMdsMap Fit(float[,] points, PairDistance distance, int components = 2) =>
        new ClassicalMds(new ClassicalMdsOptions { Distance = distance, Components = components }).Fit(points, null, Token);

    [Fact]
    public void Euclidean_scaling_is_principal_component_analysis()
    {
        var points = Inputs.Blobs(classes: 3, size: 20, width: 5).Points;
        var (map, pca) = (Fit(points, PairDistance.Euclidean), new Pca().Fit(points, null, Token));
        Assert.Equal(Inputs.Bits(pca.Embedding), Inputs.Bits(map.Embedding));
        Assert.Equal(pca.SingularValues[1], Math.Sqrt(map.Eigenvalues[1]), 1e-9);
    }

    [Fact]
    public void Manhattan_distances_along_a_line_are_kept()
    {
        // by hand: points at t (1, 2): 3 t apart, so on a line at 3 t less its mean
        var map = Fit(Inputs.Fill(5, 2, (i, j) => i * i * (j + 1)), PairDistance.Manhattan, 1);
        var sign = Math.Sign(map.Embedding[4, 0]);
        for (var i = 0; i < 5; i++) Assert.Equal(3 * (i * i - 6), sign * map.Embedding[i, 0], 1e-4);
        Assert.Equal(9 * (36 + 25 + 4 + 9 + 100), map.Eigenvalues[0], 1e-3);
    }

    [Theory]
    [InlineData(PairDistance.Manhattan)]
    [InlineData(PairDistance.Cosine)]
    public void Transform_of_fitted_points_is_their_embedding(PairDistance distance)
    {
        var points = Inputs.Blobs(classes: 3, size: 12, width: 5).Points;
        var map = Fit(points, distance);
        var again = map.Transform(points);
        for (var i = 0; i < 36; i++)
        {
            for (var k = 0; k < 2; k++) Assert.Equal(map.Embedding[i, k], again[i, k], 1e-4 * Math.Sqrt(map.Eigenvalues[0]));
        }
    }

    [Fact]
    public void Directions_alone_count_in_cosine_distances()
    {
        var points = Inputs.Blobs(classes: 3, size: 10, width: 4).Points;
        var longer = Inputs.Fill(30, 4, (i, j) => points[i, j] * (1 + i % 3));
        var (one, other) = (Fit(points, PairDistance.Cosine), Fit(longer, PairDistance.Cosine));
        for (var i = 0; i < 30; i++) Assert.Equal(Math.Abs(one.Embedding[i, 0]), Math.Abs(other.Embedding[i, 0]), 1e-4);
    }

    [Theory]
    [InlineData(PairDistance.Euclidean, 4)]
    [InlineData(PairDistance.Manhattan, 9)]
    public void More_components_than_distances_span_are_refused(PairDistance distance, int components) =>
        Assert.Throws<MedTransferException>(() => Fit(Inputs.Blobs(classes: 3, size: 3, width: 3).Points, distance, components));
}
