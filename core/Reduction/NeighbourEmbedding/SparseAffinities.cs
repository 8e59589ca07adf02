using System.Runtime.CompilerServices;
using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Reduction.NeighbourEmbedding;

/// <summary>
/// A symmetric matrix of affinities in compressed rows: row i has the columns and values from <c>Starts[i]</c> to
/// <c>Starts[i + 1]</c>, by rising column; an empty diagonal.
/// </summary>
/// <param name="Starts">Length n + 1.</param>
/// <param name="Columns">Row numbers of the partners.</param>
/// <param name="Values">Probabilities; all together they sum to 1.</param>
public sealed record SparseAffinities(int[] Starts, int[] Columns, float[] Values)
{
    /// <summary>Number of points.</summary>
    public int Count => Starts.Length - 1;

    /// <summary>
    /// P of t-SNE, p_ij = (p_j|i + p_i|j) / 2n, where p_.|i is a Gaussian over the 3 x perplexity nearest neighbours of i, as wide as
    /// makes its entropy log(perplexity) (van der Maaten, JMLR 15, 2014, section 4.1).
    /// </summary>
    /// <param name="points">(n, d).</param>
    /// <param name="perplexity">1 to (n - 1) / 3.</param>
    public static SparseAffinities Of(
        float[,] points, double perplexity, int? maxThreads = null, CancellationToken cancellation = default)
    {
        Perplexities.Require(perplexity, points.GetLength(0));
        var neighbours = Neighbours.Among(points, Perplexities.NeighboursFor(perplexity), maxThreads, cancellation);
        var conditional = Perplexities.Conditional(neighbours.SquaredDistance, perplexity, maxThreads);
        return Symmetrise(neighbours.Index, conditional);
    }

    /// <summary>(P + P^T) / 2n of the conditional probabilities, each row of which has k entries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static SparseAffinities Symmetrise(int[,] index, double[,] conditional)
    {
        var (n, k) = (index.GetLength(0), index.GetLength(1));
        var (forwardColumns, forwardValues) = SortedByColumn(index, conditional);
        var (backStarts, backColumns, backValues) = Transposed(index, conditional);

        var starts = new int[n + 1];
        var columns = new int[2 * n * k];
        var values = new float[2 * n * k];
        var at = 0;
        for (var i = 0; i < n; i++)
        {
            var (f, b) = (i * k, backStarts[i]);
            while (f < (i + 1) * k || b < backStarts[i + 1])
            {
                var forward = f < (i + 1) * k ? forwardColumns[f] : int.MaxValue;
                var back = b < backStarts[i + 1] ? backColumns[b] : int.MaxValue;
                var sum = (forward <= back ? forwardValues[f++] : 0) + (back <= forward ? backValues[b++] : 0);
                columns[at] = Math.Min(forward, back);
                values[at++] = (float)(sum / (2.0 * n));
            }
            starts[i + 1] = at;
        }
        return new SparseAffinities(starts, columns[..at], values[..at]);
    }

    private static (int[] Columns, double[] Values) SortedByColumn(int[,] index, double[,] conditional)
    {
        var columns = new int[index.Length];
        var values = new double[index.Length];
        Buffer.BlockCopy(index, 0, columns, 0, sizeof(int) * index.Length);
        Buffer.BlockCopy(conditional, 0, values, 0, sizeof(double) * index.Length);
        var k = index.GetLength(1);
        for (var row = 0; row < columns.Length; row += k) columns.AsSpan(row, k).Sort(values.AsSpan(row, k));
        return (columns, values);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (int[] Starts, int[] Columns, double[] Values) Transposed(int[,] index, double[,] conditional)
    {
        var (n, k) = (index.GetLength(0), index.GetLength(1));
        var starts = new int[n + 1];
        foreach (var column in index) starts[column + 1]++;
        for (var i = 0; i < n; i++) starts[i + 1] += starts[i];

        var next = starts[..n];
        var columns = new int[n * k];
        var values = new double[n * k];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < k; j++)
            {
                var at = next[index[i, j]]++;
                (columns[at], values[at]) = (i, conditional[i, j]);
            }
        }
        return (starts, columns, values);
    }
}
