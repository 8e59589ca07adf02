using MedTransfer.Numerics;
using MedTransfer.Numerics.Eigenpairs;

namespace MedTransfer.Tests.Numerics.Eigenpairs;

public sealed class KrylovEigenTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static SymmetricProduct Diagonal(double[] diagonal) => (vectors, products) =>
    {
        for (var k = 0; k < vectors.Length; k++)
        {
            for (var i = 0; i < diagonal.Length; i++) products[k][i] = diagonal[i] * vectors[k][i];
        }
    };

    [Fact]
    public void Largest_of_a_diagonal_are_its_largest_entries_along_their_axes()
    {
        var diagonal = Enumerable.Range(0, 500).Select(i => (double)(i * 37 % 500)).ToArray();
        var (values, vectors) = new KrylovEigen(500, Diagonal(diagonal)).Largest(3, cancellation: Token);
        Assert.Equal([499.0, 498, 497], values, (a, b) => Math.Abs(a - b) < 1e-9);
        for (var k = 0; k < 3; k++) Assert.Equal(1, Math.Abs(vectors[k][Array.IndexOf(diagonal, 499.0 - k)]), 1e-12);
    }

    [Fact]
    public void Values_that_occur_several_times_are_all_found_with_vectors_at_right_angles()
    {
        var diagonal = Enumerable.Range(0, 300).Select(i => i < 5 ? 1.0 : 0.9 * i / 300).ToArray();
        var (values, vectors) = new KrylovEigen(300, Diagonal(diagonal)).Largest(5, cancellation: Token);
        Assert.All(values, value => Assert.Equal(1, value, 1e-12));
        for (var a = 0; a < 5; a++)
        {
            for (var b = 0; b <= a; b++) Assert.Equal(a == b ? 1 : 0, DoubleVectors.Dot(vectors[a], vectors[b]), 1e-12);
            Assert.Equal(1, vectors[a].Take(5).Sum(x => x * x), 1e-12);
        }
    }

    /// <summary>The path of 400 points: its Laplacian's k-th smallest eigenvalue is 4 sin^2(pi k / 800), 6e-5 apart at most.</summary>
    [Fact]
    public void Values_close_together_at_the_end_of_the_spectrum_are_told_apart()
    {
        const int N = 400;
        static void Negative(ReadOnlySpan<double[]> vectors, ReadOnlySpan<double[]> products)
        {
            for (var k = 0; k < vectors.Length; k++)
            {
                var (x, y) = (vectors[k], products[k]);
                for (var i = 0; i < N; i++)
                    y[i] = (i > 0 ? x[i - 1] - x[i] : 0) + (i < N - 1 ? x[i + 1] - x[i] : 0);
            }
        }

        var (values, vectors) = new KrylovEigen(N, Negative).Largest(4, cancellation: Token);
        for (var k = 0; k < 4; k++)
        {
            Assert.Equal(4 * Math.Pow(Math.Sin(Math.PI * k / (2 * N)), 2), -values[k], 1e-12);
            var sign = Math.Sign(vectors[k][0]);
            for (var i = 0; i < N; i++)
                Assert.Equal(Math.Cos(Math.PI * k * (i + 0.5) / N) * Math.Sqrt((k == 0 ? 1.0 : 2) / N), sign * vectors[k][i], 1e-6);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(7, 2)]
    [InlineData(60, 60)]
    public void Small_matrices_are_solved_whole(int size, int count)
    {
        var random = new SplitMix64(5);
        var matrix = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++) matrix[i, j] = matrix[j, i] = random.Fraction() - 0.5;
        }

        void Product(ReadOnlySpan<double[]> vectors, ReadOnlySpan<double[]> products)
        {
            for (var k = 0; k < vectors.Length; k++)
            {
                for (var i = 0; i < size; i++)
                {
                    for (var j = 0; j < size; j++) products[k][i] += matrix[i, j] * vectors[k][j];
                }
            }
        }

        var (values, vectors) = new KrylovEigen(size, Product).Largest(count, cancellation: Token);
        var (exact, _) = SymmetricEigen.Largest((double[,])matrix.Clone(), count, Token);
        Assert.Equal(exact, values, (a, b) => Math.Abs(a - b) < 1e-10);
        Assert.All(vectors, vector => Assert.Equal(1, DoubleVectors.Dot(vector, vector), 1e-12));
    }

    [Fact]
    public void Matrix_of_zeros_has_values_of_0()
    {
        var (values, vectors) = new KrylovEigen(50, Diagonal(new double[50])).Largest(2, cancellation: Token);
        Assert.Equal([0.0, 0.0], values);
        Assert.All(vectors, vector => Assert.Equal(1, DoubleVectors.Dot(vector, vector), 1e-12));
    }

    [Fact]
    public void Search_that_does_not_end_says_so()
    {
        var close = Enumerable.Range(0, 2000).Select(i => 1 - 1e-9 * i).ToArray();
        Assert.Throws<MedTransferException>(() => new KrylovEigen(2000, Diagonal(close)) { MostBlocks = 3, Tolerance = 1e-15 }.Largest(2, cancellation: Token));
    }

    [Fact]
    public void Bits_are_the_same_on_any_number_of_threads()
    {
        var diagonal = Enumerable.Range(0, 70000).Select(i => 1.0 / (1 + i)).ToArray();
        var runs = new[] { 1, 2, 5 }.Select(threads => new KrylovEigen(diagonal.Length, Diagonal(diagonal)) { Threads = threads }.Largest(2, cancellation: Token)).ToArray();
        foreach (var run in runs[1..])
        {
            Assert.Equal(runs[0].Values, run.Values);
            Assert.Equal(runs[0].Vectors[1], run.Vectors[1]);
        }
    }
}
