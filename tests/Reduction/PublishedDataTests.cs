using System.Text.RegularExpressions;
using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Reduction.Linear;
using MedTransfer.Reduction.NeighbourEmbedding;

namespace MedTransfer.Tests.Reduction;

/// <summary>
/// Iris and digits, which are not ours to copy: the folder in MEDTRANSFER_REDUCTION_INPUTS has them as iris.npy and digits.npy.
/// To make one (scikit-learn 1.2.1):
/// <code>python3 -c "import numpy, sklearn.datasets as d; numpy.save('iris.npy', d.load_iris().data.astype('float32'))"</code>
/// Expected values: scikit-learn 1.2.1 in double (PCA with svd_solver="full", manifold.trustworthiness), and P and KL by their
/// formulas in numpy 1.24, k = 90 exact neighbours. Many of these points are equally far apart, and which of them counts as a
/// neighbour is a matter of order: hence the tolerances of what is built on ranks.
/// </summary>
public sealed partial class PublishedDataTests
{
    private const string Folder = "MEDTRANSFER_REDUCTION_INPUTS";

    [Fact]
    public void Pca_of_iris_has_the_known_variances()
    {
        var map = new Pca().Fit(Read("iris"), null, Token);
        Assert.Equal(0.92461872, map.ExplainedVarianceRatio[0], 1e-7);
        Assert.Equal(0.05306648, map.ExplainedVarianceRatio[1], 1e-7);
        Assert.Equal(25.09996044, map.SingularValues[0], 1e-6);
        Assert.Equal(6.01314738, map.SingularValues[1], 1e-6);
    }

    [Fact]
    public void Pca_of_digits_has_the_known_variances()
    {
        var map = new Pca().Fit(Read("digits"), null, Token);
        Assert.Equal(0.14890594, map.ExplainedVarianceRatio[0], 1e-7);
        Assert.Equal(0.13618771, map.ExplainedVarianceRatio[1], 1e-7);
    }

    [Theory]
    [InlineData("iris", 5, 0.97876056)]
    [InlineData("iris", 12, 0.98486692)]
    [InlineData("digits", 5, 0.83042497)]
    public void Trustworthiness_of_principal_components_is_the_known_one(string name, int k, double expected)
    {
        var points = Read(name);
        Assert.Equal(expected, Trustworthiness.Of(points, new Pca().Fit(points, null, Token).Embedding, k), 1e-4);
    }

    [Theory]
    [InlineData("iris", 15902, 8.4860438)]
    [InlineData("digits", 203682, 11.01358935)]
    public void Affinities_have_the_known_entropy(string name, int entries, double entropy)
    {
        var affinities = SparseAffinities.Of(Read(name), 30, null, Token);
        Assert.InRange(affinities.Values.Length, entries - 4, entries + 4);
        Assert.Equal(entropy, -affinities.Values.Where(p => p > 0).Sum(p => p * Math.Log(p)), 1e-5);
    }

    [Theory]
    [InlineData("iris", 0.58423993)]
    [InlineData("digits", 2.45465256)]
    public void Divergence_of_principal_components_is_the_known_one(string name, double expected)
    {
        var points = Read(name);
        Assert.Equal(expected, NeighbourDivergence.Of(points, new Pca().Fit(points, null, Token).Embedding), 1e-5);
    }

    [Theory]
    [InlineData("iris", 0.13)]
    [InlineData("digits", 0.755)]
    public void Map_is_as_good_as_the_best_peers(string name, double limit) =>
        Assert.True(new Tsne().Fit(Read(name), null, Token).KlDivergence <= limit);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static float[,] Read(string name)
    {
        var folder = Environment.GetEnvironmentVariable(Folder);
        Assert.SkipUnless(folder is not null, $"{Folder} names no folder of iris.npy and digits.npy; PublishedDataTests.cs says how to make them");
        var file = File.ReadAllBytes(Path.Combine(folder!, name + ".npy"));
        var header = file.AsSpan(10, BitConverter.ToUInt16(file, 8));
        var shape = Shape().Match(System.Text.Encoding.ASCII.GetString(header));
        var points = new float[int.Parse(shape.Groups[1].Value), int.Parse(shape.Groups[2].Value)];
        Buffer.BlockCopy(file, 10 + header.Length, points, 0, sizeof(float) * points.Length);
        return points;
    }

    [GeneratedRegex(@"'<f4'.*\((\d+), (\d+)\)")]
    private static partial Regex Shape();
}
