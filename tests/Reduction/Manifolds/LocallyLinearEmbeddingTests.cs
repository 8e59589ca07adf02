using MedTransfer.Reduction;
using MedTransfer.Reduction.Manifolds;

namespace MedTransfer.Tests.Reduction.Manifolds;

/// <summary>What holds for each kind of locally linear embedding.</summary>
public abstract class LocallyLinearContract(LocallyLinearMethod method) : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => Embedding(10, 2, maxThreads);

    protected LocallyLinearEmbedding Embedding(int neighbours, int components = 2, int? maxThreads = null) =>
        new(new LocallyLinearOptions { Method = method, Neighbours = neighbours, Components = components, MaxThreads = maxThreads });

    /// <summary>How far the map is from one that a linear map of known places gives, over its largest place: the residual of least squares.</summary>
    protected static double Bend(float[,] map, float[,] places)
    {
        var n = map.GetLength(0);
        // columns at right angles: 1, u, v
        var basis = new List<double[]> { Enumerable.Repeat(1.0, n).ToArray() };
        for (var k = 0; k < places.GetLength(1); k++) basis.Add([.. Enumerable.Range(0, n).Select(i => (double)places[i, k])]);
        for (var a = 0; a < basis.Count; a++)
        {
            for (var b = 0; b < a; b++) Take(basis[a], basis[b]);
        }

        var (worst, largest) = (0.0, 0.0);
        for (var k = 0; k < map.GetLength(1); k++)
        {
            var column = Enumerable.Range(0, n).Select(i => (double)map[i, k]).ToArray();
            largest = Math.Max(largest, column.Max(Math.Abs));
            foreach (var direction in basis) Take(column, direction);
            worst = Math.Max(worst, column.Max(Math.Abs));
        }

        return worst / largest;

        static void Take(double[] from, double[] direction)
        {
            var share = from.Zip(direction, (x, y) => x * y).Sum() / direction.Sum(x => x * x);
            for (var i = 0; i < from.Length; i++) from[i] -= share * direction[i];
        }
    }

    /// <summary>A bent sheet in four dimensions, nothing of it at random: its eigenvalues are known of scikit-learn 1.2.1, LocallyLinearEmbedding(n_neighbors=9, n_components=2, eigen_solver="dense").</summary>
    protected double ErrorOfBentSheet()
    {
        var sheet = Inputs.Fill(80, 4, (i, j) =>
        {
            var (u, v) = (i * 0.6180339887 % 1, i / 80.0);
            return j switch { 0 => Math.Cos(3 * u), 1 => Math.Sin(3 * u), 2 => 2 * v, _ => 0.1 * Math.Sin(9 * v) };
        });
        return Embedding(9).Fit(sheet, null, Token).Eigenvalues.Sum();
    }

    /// <summary>Points at random on a sheet, flat in five dimensions, and where on it they lie.</summary>
    protected static (float[,] Points, float[,] Places) Sheet(int count)
    {
        var random = new Random(4);
        var places = Inputs.Fill(count, 2, (_, k) => random.NextDouble() * (k + 1));
        return (Inputs.Fill(count, 5, (i, j) => places[i, 0] * Math.Cos(j) + places[i, 1] * Math.Sin(2 * j + 1)), places);
    }

    [Fact]
    public void Transform_of_fitted_points_is_near_their_embedding()
    {
        var (points, _) = Sheet(200);
        var map = Embedding(10).Fit(points, null, Token);
        var again = map.Transform(points);
        // a fitted point is its own nearest neighbour, and the weights go to it but for the regularisation
        var largest = map.Embedding.Cast<float>().Max(Math.Abs);
        for (var i = 0; i < 200; i++)
        {
            for (var k = 0; k < 2; k++) Assert.Equal(map.Embedding[i, k], again[i, k], 0.05 * largest);
        }
    }

    [Fact]
    public void Columns_have_mean_0_and_length_1_and_are_at_right_angles()
    {
        var (points, _) = Sheet(150);
        var map = Embedding(10).Fit(points, null, Token).Embedding;
        double[][] columns = [.. Enumerable.Range(0, 2).Select(k => Enumerable.Range(0, 150).Select(i => (double)map[i, k]).ToArray())];
        Assert.All(columns, column => Assert.Equal(0, column.Sum(), 1e-4));
        Assert.All(columns, column => Assert.Equal(1, column.Sum(x => x * x), 1e-4));
        Assert.Equal(0, columns[0].Zip(columns[1], (x, y) => x * y).Sum(), 1e-4);
    }

    [Fact]
    public void Parts_that_nothing_joins_are_counted_and_mapped()
    {
        var (points, _) = Sheet(90);
        var apart = Inputs.Fill(90, 5, (i, j) => points[i, j] + (i % 3) * 100);
        var map = Embedding(10).Fit(apart, null, Token);
        Assert.Equal(3, map.Parts);
        Assert.True(Inputs.AllFinite(map.Embedding));
    }
}

public sealed class StandardLocallyLinearEmbeddingTests() : LocallyLinearContract(LocallyLinearMethod.Standard)
{
    [Fact]
    public void Reconstruction_error_of_a_bent_sheet_is_the_known_one() => Assert.Equal(9.580220e-7, ErrorOfBentSheet(), 1e-12);

    [Fact]
    public void A_sheet_is_laid_flat_but_for_what_its_regularisation_bends()
    {
        var (points, places) = Sheet(300);
        Assert.InRange(Bend(Embedding(10).Fit(points, null, Token).Embedding, places), 0, 0.35);
    }

    // by hand: of points at 0, 1 and 3 on a line that in the middle is 2/3 of the first and 1/3 of the last
    [Fact]
    public void Weights_are_the_barycentres()
    {
        var line = Inputs.Fill(3, 1, (i, _) => i == 0 ? 0 : i == 1 ? 1 : 3);
        var weights = Barycentre.Weights(Barycentre.Products(line, line, 1, [0, 2]), 1e-9);
        Assert.Equal(2.0 / 3, weights[0], 1e-6);
        Assert.Equal(1.0 / 3, weights[1], 1e-6);
    }

    [Fact]
    public void Neighbours_out_of_range_are_refused_with_the_range()
    {
        var error = Assert.Throws<MedTransferException>(() => Embedding(9).Fit(Inputs.Blobs(classes: 3, size: 3, width: 3).Points, null, Token));
        Assert.Contains("1 to 8 neighbours", error.Message, StringComparison.Ordinal);
    }
}

public sealed class ModifiedLocallyLinearEmbeddingTests() : LocallyLinearContract(LocallyLinearMethod.Modified)
{
    [Fact]
    public void Reconstruction_error_of_a_bent_sheet_is_the_known_one() => Assert.Equal(5.977681e-4, ErrorOfBentSheet(), 1e-9);

    [Fact]
    public void A_sheet_is_laid_flat()
    {
        var (points, places) = Sheet(300);
        Assert.InRange(Bend(Embedding(10).Fit(points, null, Token).Embedding, places), 0, 0.02);
    }
}

public sealed class HessianLocallyLinearEmbeddingTests() : LocallyLinearContract(LocallyLinearMethod.Hessian)
{
    [Fact]
    public void A_sheet_is_laid_flat()
    {
        var (points, places) = Sheet(300);
        var map = Embedding(10).Fit(points, null, Token);
        Assert.InRange(Bend(map.Embedding, places), 0, 1e-3);
        Assert.All(map.Eigenvalues, value => Assert.InRange(value, 0, 1e-9));
    }

    [Fact]
    public void As_many_neighbours_as_second_derivatives_need_are_asked_for()
    {
        var error = Assert.Throws<MedTransferException>(() => Embedding(5).Fit(Sheet(60).Points, null, Token));
        Assert.Contains("6 to 59 neighbours", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<MedTransferException>(() => Embedding(5).RequireShape(5, 3));
        Assert.Contains("takes 7 points, for 6 neighbours each, and got 5", error.Message, StringComparison.Ordinal);
    }
}

public sealed class TangentSpaceLocallyLinearEmbeddingTests() : LocallyLinearContract(LocallyLinearMethod.TangentSpace)
{
    [Fact]
    public void Reconstruction_error_of_a_bent_sheet_is_the_known_one() => Assert.Equal(3.251377e-4, ErrorOfBentSheet(), 1e-9);

    [Fact]
    public void A_sheet_is_laid_flat()
    {
        var (points, places) = Sheet(300);
        var map = Embedding(10).Fit(points, null, Token);
        Assert.InRange(Bend(map.Embedding, places), 0, 1e-3);
        Assert.All(map.Eigenvalues, value => Assert.InRange(value, 0, 1e-9));
    }

    // without its own neighbourhood such a point would be a map by itself
    [Fact]
    public void A_point_that_is_nobodys_neighbour_does_not_fill_the_map()
    {
        var (points, _) = Sheet(100);
        for (var j = 0; j < 5; j++) points[0, j] = 9;
        var map = Embedding(10).Fit(points, null, Token);
        var lengths = Enumerable.Range(1, 99).Sum(i => map.Embedding[i, 0] * (double)map.Embedding[i, 0]);
        Assert.InRange(lengths, 0.2, 1);
    }
}
