using MedTransfer.Numerics.Eigenpairs;

namespace MedTransfer.Tests.Numerics.Eigenpairs;

public sealed class SymmetricEigenTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Sizes around those in which reflections are gathered (32) and columns are taken (256).
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(300)]
    public void Every_vector_is_only_stretched_and_values_sum_to_the_trace(int m)
    {
        var matrix = Symmetric(m);
        var (values, vectors) = SymmetricEigen.Largest((double[,])matrix.Clone(), m, Token);
        Assert.Equal(values.OrderDescending(), values);
        Assert.Equal(Enumerable.Range(0, m).Sum(i => matrix[i, i]), values.Sum(), 1e-10 * m);
        Assert.Equal(matrix.Cast<double>().Sum(x => x * x), values.Sum(x => x * x), 1e-10 * m * m);
        for (var k = 0; k < m; k += Math.Max(1, m / 7))
        {
            for (var i = 0; i < m; i++)
                Assert.Equal(values[k] * vectors[k][i], Enumerable.Range(0, m).Sum(j => matrix[i, j] * vectors[k][j]), 1e-11 * m);
        }
    }

    [Fact]
    public void Vectors_of_a_repeated_value_are_orthonormal()
    {
        // 3 I + u u^T, |u|^2 = sum of 1 / (i + 1)^2: that and 3 as the largest, the others all 3.
        const int M = 300;
        var u = Enumerable.Range(0, M).Select(i => 1.0 / (i + 1)).ToArray();
        var matrix = new double[M, M];
        for (var i = 0; i < M; i++)
        {
            for (var j = 0; j < M; j++) matrix[i, j] = u[i] * u[j] + (i == j ? 3 : 0);
        }
        var (values, vectors) = SymmetricEigen.Largest(matrix, 5, Token);
        Assert.Equal(3 + u.Sum(x => x * x), values[0], 1e-11);
        for (var a = 0; a < 5; a++)
        {
            if (a > 0) Assert.Equal(3, values[a], 1e-11);
            for (var b = 0; b <= a; b++)
                Assert.Equal(a == b ? 1 : 0, vectors[a].Zip(vectors[b], (x, y) => x * y).Sum(), 1e-11);
        }
    }

    private static double[,] Symmetric(int m)
    {
        var random = new Random(m);
        var matrix = new double[m, m];
        for (var i = 0; i < m; i++)
        {
            for (var j = i; j < m; j++) matrix[i, j] = matrix[j, i] = random.NextDouble() - 0.5;
        }
        return matrix;
    }
}
