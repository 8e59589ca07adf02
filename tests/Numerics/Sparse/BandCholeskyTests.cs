using MedTransfer.Numerics;
using MedTransfer.Numerics.Sparse;

namespace MedTransfer.Tests.Numerics.Sparse;

public sealed class BandCholeskyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // several tiles and one that is not full; nodes in no order that a band would have
    [Theory]
    [InlineData(5, 2)]
    [InlineData(70, 3)]
    [InlineData(300, 6)]
    public void Solutions_are_those_of_the_whole_matrix_on_any_number_of_threads(int size, int edges)
    {
        var (sparse, whole) = Matrix(size, edges);
        for (var i = 0; i < size; i++) whole[i, i] += 0.5;
        var right = Enumerable.Range(0, size).Select(i => Math.Sin(i)).ToArray();
        var expected = Cholesky.Of(whole).Solve(right);

        var one = Solve(sparse, right, 1);
        for (var i = 0; i < size; i++) Assert.Equal(expected[i], one[i], 1e-10);
        Assert.Equal(one, Solve(sparse, right, 3));
    }

    [Fact]
    public void A_vector_is_solved_to_the_same_bits_in_whatever_company()
    {
        var (sparse, _) = Matrix(100, 4);
        var factor = BandCholesky.Of(sparse, new BandCholesky.Plan(sparse), 0.1, 2, Token);
        double[][] right = [.. Enumerable.Range(1, 3).Select(k => Enumerable.Range(0, 100).Select(i => Math.Cos(k * i)).ToArray())];
        double[][] together = [new double[100], new double[100], new double[100]];
        factor.Solve(right, together);
        for (var k = 0; k < 3; k++)
        {
            var alone = new double[100];
            factor.Solve([right[k]], [alone]);
            Assert.Equal(alone, together[k]);
        }
    }

    [Fact]
    public void A_negative_eigenvalue_is_refused()
    {
        var sparse = SparseSymmetric.Of(2, [(0, 0, 1), (1, 1, 1), (0, 1, 2)], 1);
        Assert.Throws<ArithmeticException>(() => BandCholesky.Of(sparse, new BandCholesky.Plan(sparse), 0, 1, Token));
    }

    [Fact]
    public void An_order_names_every_node_once_and_brings_a_shuffled_path_back_into_line()
    {
        // a path that visits 0, 7, 14, ... of 40 nodes
        var visited = Enumerable.Range(0, 40).Select(i => i * 7 % 40).ToArray();
        var path = SparseSymmetric.Of(40, visited.Zip(visited.Skip(1), (a, b) => (a, b, 1.0)), 1);
        var order = BandOrder.Of(path.Beside);
        Assert.Equal(Enumerable.Range(0, 40), order.Order());
        var place = order.Select((node, at) => (node, at)).ToDictionary(pair => pair.node, pair => pair.at);
        Assert.All(visited.Zip(visited.Skip(1)), edge => Assert.Equal(1, Math.Abs(place[edge.First] - place[edge.Second])));
    }

    [Fact]
    public void Products_are_those_of_the_whole_matrix()
    {
        var (sparse, whole) = Matrix(50, 3);
        double[][] vectors = [.. Enumerable.Range(1, 9).Select(k => Enumerable.Range(0, 50).Select(i => Math.Cos(k * i)).ToArray())];
        double[][] products = [.. vectors.Select(_ => new double[50])];
        sparse.Multiply(vectors, products);
        for (var k = 0; k < 9; k++)
        {
            for (var i = 0; i < 50; i++) Assert.Equal(Enumerable.Range(0, 50).Sum(j => whole[i, j] * vectors[k][j]), products[k][i], 1e-12);
        }
    }

    private static double[] Solve(SparseSymmetric sparse, double[] right, int threads)
    {
        var solution = new double[right.Length];
        BandCholesky.Of(sparse, new BandCholesky.Plan(sparse), 0.5, threads, Token).Solve([right], [solution]);
        return solution;
    }

    /// <summary>The Laplacian of a graph of random edges, entries given in pieces and from both sides.</summary>
    private static (SparseSymmetric Sparse, double[,] Whole) Matrix(int size, int edges)
    {
        var random = new SplitMix64(5);
        var whole = new double[size, size];
        var entries = new List<(int, int, double)>();
        for (var i = 0; i < size; i++)
        {
            for (var e = 0; e < edges; e++)
            {
                var j = random.Below(size);
                if (j == i) continue;
                entries.AddRange([(i, i, 1), (j, j, 0.25), (j, j, 0.75), (i, j, -1)]);
                (whole[i, i], whole[j, j]) = (whole[i, i] + 1, whole[j, j] + 1);
                (whole[i, j], whole[j, i]) = (whole[i, j] - 1, whole[j, i] - 1);
            }
        }

        return (SparseSymmetric.Of(size, entries, 2), whole);
    }
}
