using MedTransfer.Numerics.Eigenpairs;
using MedTransfer.Numerics.Sparse;

namespace MedTransfer.Tests.Numerics.Eigenpairs;

public sealed class SmallestEigenTests
{
    // of a path of n nodes the Laplacian's eigenvalues are 2 - 2 cos(pi k / n), its vectors cos(pi k (i + 1/2) / n)
    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0)]
    public void Of_a_path_values_and_vectors_are_the_known_ones_by_inverse_and_by_products(double mostMultiplications)
    {
        const int Size = 40;
        var path = SparseSymmetric.Of(Size, Enumerable.Range(0, Size - 1).SelectMany(i => new[] { (i, i, 1.0), (i + 1, i + 1, 1.0), (i, i + 1, -1.0) }), 2);
        var constant = Enumerable.Repeat(1 / Math.Sqrt(Size), Size).ToArray();

        var (values, vectors) = new SmallestEigen(path, constant, mostMultiplications, 2).Smallest(3, cancellation: TestContext.Current.CancellationToken);

        for (var k = 1; k <= 3; k++)
        {
            Assert.Equal(2 - 2 * Math.Cos(Math.PI * k / Size), values[k - 1], 1e-9);
            var expected = Enumerable.Range(0, Size).Select(i => Math.Sqrt(2.0 / Size) * Math.Cos(Math.PI * k * (i + 0.5) / Size)).ToArray();
            var sign = Math.Sign(expected.Zip(vectors[k - 1], (a, b) => a * b).Sum());
            for (var i = 0; i < Size; i++) Assert.Equal(expected[i], sign * vectors[k - 1][i], 1e-7);
        }
    }

    [Fact]
    public void Of_zeros_any_vectors_at_right_angles_to_the_known_one_do()
    {
        var zeros = SparseSymmetric.Of(6, [], 1);
        var constant = Enumerable.Repeat(1 / Math.Sqrt(6), 6).ToArray();
        var (values, vectors) = new SmallestEigen(zeros, constant, double.PositiveInfinity, 1).Smallest(2, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([0, 0], values);
        Assert.All(vectors, vector => Assert.Equal(0, vector.Sum(), 1e-9));
        Assert.Equal(0, vectors[0].Zip(vectors[1], (a, b) => a * b).Sum(), 1e-9);
    }
}
