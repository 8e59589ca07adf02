using MedTransfer.Numerics;

namespace MedTransfer.Reduction;

/// <summary>
/// Places along the eigenvectors of a centred matrix of pairs (kernels, or negative halves of squared distances): fitted points at vector times root of value, new
/// ones by their own row of the matrix, centred as the fitted rows were (the Nyström formula; of distances Gower's for adding a point).
/// </summary>
internal sealed class PairPlacement
{
    /// <summary>Below this share of the largest, an eigenvalue is rounding of single precision.</summary>
    private const double Negligible = 1e-7;

    private readonly double[] _means;
    private readonly double _grandMean;
    private readonly double[][] _vectors;
    private readonly double[][] _directions;
    private readonly double[] _roots;

    /// <param name="means">Mean of each fitted row of the matrix, before it was centred.</param>
    internal PairPlacement(double[] means, double[] values, double[][] vectors)
    {
        (_means, _grandMean, _vectors) = (means, means.Average(), vectors);
        _roots = [.. values.Select(value => value > Negligible * Math.Abs(values[0]) ? Math.Sqrt(value) : 0)];
        _directions = [.. vectors.Select((vector, k) => vector.Select(x => _roots[k] > 0 ? x / _roots[k] : 0).ToArray())];
    }

    /// <summary>(n, components)</summary>
    internal float[,] Fitted()
    {
        var places = new float[_means.Length, _vectors.Length];
        for (var k = 0; k < _vectors.Length; k++)
        {
            for (var i = 0; i < _means.Length; i++) places[i, k] = (float)(_vectors[k][i] * _roots[k]);
        }

        return places;
    }

    /// <summary>Writes the place of the point whose pairs with the fitted ones these are.</summary>
    /// <param name="pairs">Overwritten.</param>
    internal void Place(Span<double> pairs, float[,] places, int row)
    {
        var sum = 0.0;
        foreach (var value in pairs) sum += value;
        var mean = sum / pairs.Length;
        for (var j = 0; j < pairs.Length; j++) pairs[j] -= mean + _means[j] - _grandMean;
        for (var k = 0; k < _directions.Length; k++) places[row, k] = (float)DoubleVectors.Dot(pairs, _directions[k]);
    }
}
