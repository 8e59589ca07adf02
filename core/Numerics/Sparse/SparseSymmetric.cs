using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MedTransfer.Numerics.Graphs;

namespace MedTransfer.Numerics.Sparse;

/// <summary>A symmetric matrix with few entries a row.</summary>
internal sealed class SparseSymmetric
{
    /// <summary>Vectors at a time, twice.</summary>
    private const int Lanes = 4;

    private readonly int? _threads;

    private SparseSymmetric(double[] diagonal, SparseGraph beside, int? threads) => (Diagonal, Beside, _threads) = (diagonal, beside, threads);

    internal int Size => Diagonal.Length;

    internal double[] Diagonal { get; }

    /// <summary>What is beside the diagonal, as edges of a graph.</summary>
    internal SparseGraph Beside { get; }

    /// <param name="entries">Those of one place, from either side of the diagonal, are added up; one beside the diagonal stands for its mirror image too.</param>
    internal static SparseSymmetric Of(int size, IEnumerable<(int Row, int Column, double Value)> entries, int? threads)
    {
        var diagonal = new double[size];
        var beside = SparseGraph.Of(size, Taken(), (a, b) => a + b);
        return new(diagonal, beside, threads);

        IEnumerable<(int, int, double)> Taken()
        {
            foreach (var (row, column, value) in entries)
            {
                if (row == column) diagonal[row] += value;
                else yield return (row, column, value);
            }
        }
    }

    internal static SparseSymmetric Of(double[] diagonal, SparseGraph beside, int? threads) => new(diagonal, beside, threads);

    /// <summary>Writes A v of each vector v.</summary>
    internal void Multiply(ReadOnlySpan<double[]> vectors, ReadOnlySpan<double[]> products)
    {
        var (given, results) = (vectors.ToArray(), products.ToArray());
        // entries of one place side by side: an edge reads them together
        var stride = (given.Length + 2 * Lanes - 1) / (2 * Lanes) * 2 * Lanes;
        var together = new double[Size * stride];
        FixedOrder.ForEachRange(Size, _threads, (start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                for (var k = 0; k < given.Length; k++) together[i * stride + k] = given[k][i];
            }
        });
        FixedOrder.ForEachRange(Size, _threads, (start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                for (var first = 0; first < given.Length; first += 2 * Lanes)
                {
                    var (low, high) = RowTimes(i, together, stride, first);
                    for (var k = first; k < Math.Min(first + 2 * Lanes, given.Length); k++) results[k][i] = k < first + Lanes ? low[k - first] : high[k - first - Lanes];
                }
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (Vector256<double> Low, Vector256<double> High) RowTimes(int row, double[] together, int stride, int first)
    {
        ref var start = ref together[first];
        ref var own = ref Unsafe.Add(ref start, row * stride);
        var (low, high) = (Diagonal[row] * Vector256.LoadUnsafe(ref own), Diagonal[row] * Vector256.LoadUnsafe(ref own, Lanes));
        var ends = Beside.Ends(row);
        ReadOnlySpan<double> weights = Beside.Weights(row);
        for (var e = 0; e < ends.Length; e++)
        {
            ref var other = ref Unsafe.Add(ref start, ends[e] * stride);
            var weight = Vector256.Create(weights[e]);
            low = Vector256.FusedMultiplyAdd(weight, Vector256.LoadUnsafe(ref other), low);
            high = Vector256.FusedMultiplyAdd(weight, Vector256.LoadUnsafe(ref other, Lanes), high);
        }

        return (low, high);
    }
}
