using MedTransfer.Numerics;
using MedTransfer.Numerics.Eigenpairs;

namespace MedTransfer.Reduction;

/// <summary>
/// Places along the eigenvectors of a centred matrix of pairs (kernels, or negative halves of squared distances): fitted points at vector times root of value, new
/// ones by their own row of the matrix, centred as the fitted rows were (the Nyström formula; of distances Gower's for adding a point).
/// </summary>
internal sealed class PairPlacement
{
    /// <summary>Below this share of the largest, an eigenvalue is rounding of single precision.</summary>
    private const double Negligible = 1e-7;

    /// <summary>Below this share of the largest pair, what is left of centred ones is rounding.</summary>
    private const double Rounding = 1e-6;

    private readonly double[] _means;
    private readonly double _grandMean;
    private readonly double[][] _vectors;
    private readonly double[][] _directions;
    private readonly double[] _roots;
    private readonly double _unit;
    private readonly int? _threads;

    private PairPlacement(double[] means, double[] values, double[][] vectors, double unit, int? threads)
    {
        (_means, _grandMean, _vectors, _unit, _threads) = (means, means.Average(), vectors, unit, threads);
        Eigenvalues = [.. values.Select(value => Math.Max(value, 0) * unit * unit)];
        _roots = [.. values.Select(value => value > Negligible * Math.Abs(values[0]) ? Math.Sqrt(value) : 0)];
        _directions = [.. vectors.Select((vector, k) => vector.Select(x => _roots[k] > 0 ? x / _roots[k] : 0).ToArray())];
    }

    /// <summary>Writes the pairs of the new point of this number with each fitted one.</summary>
    internal delegate void FillPairs(int point, Span<double> pairs);

    /// <summary>Of the centred matrix, largest first, 0 or more: sums of squares of the fitted places' columns.</summary>
    internal IReadOnlyList<double> Eigenvalues { get; }

    /// <summary>Along the eigenvectors of the largest values; the largest entry of each by size is positive. Pairs that are the same but for rounding have no directions: all places are 0.</summary>
    /// <param name="unit">Of places: that of the matrix is its square.</param>
    internal static PairPlacement Of(PairMatrix matrix, int components, double unit, int? threads, CancellationToken cancellation)
    {
        var means = matrix.RowMeans();
        var (largest, largestCentred) = matrix.Reach(means);
        if (largestCentred <= Rounding * largest)
            return new(means, new double[components], [.. Enumerable.Range(0, components).Select(_ => new double[matrix.Size])], unit, threads);
        var (values, vectors) = new KrylovEigen(matrix.Size, matrix.MultiplyCentred) { Threads = threads }.Largest(components, cancellation: cancellation);
        foreach (var vector in vectors) Signs.Fix(vector);
        return new(means, values, vectors, unit, threads);
    }

    /// <summary>(n, components)</summary>
    internal float[,] Fitted()
    {
        var places = new float[_means.Length, _vectors.Length];
        for (var k = 0; k < _vectors.Length; k++)
        {
            for (var i = 0; i < _means.Length; i++) places[i, k] = (float)(_vectors[k][i] * _roots[k] * _unit);
        }

        return places;
    }

    /// <summary>(count, components): places of new points.</summary>
    internal float[,] Place(int count, FillPairs fill)
    {
        var places = new float[count, _directions.Length];
        FixedOrder.ForEachPart(count, _threads, i =>
        {
            var pairs = new double[_means.Length];
            fill(i, pairs);
            var mean = pairs.Sum() / pairs.Length;
            for (var j = 0; j < pairs.Length; j++) pairs[j] -= mean + _means[j] - _grandMean;
            for (var k = 0; k < _directions.Length; k++) places[i, k] = (float)(DoubleVectors.Dot(pairs, _directions[k]) * _unit);
        });
        return places;
    }
}
