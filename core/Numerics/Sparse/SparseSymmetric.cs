using MedTransfer.Numerics.Graphs;

namespace MedTransfer.Numerics.Sparse;

/// <summary>A symmetric matrix with few entries a row.</summary>
internal sealed class SparseSymmetric
{
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
        FixedOrder.ForEachRange(Size, _threads, (start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                var ends = Beside.Ends(i);
                var weights = Beside.Weights(i);
                for (var k = 0; k < given.Length; k++)
                {
                    var vector = given[k];
                    var sum = Diagonal[i] * vector[i];
                    for (var e = 0; e < ends.Length; e++) sum += weights[e] * vector[ends[e]];
                    results[k][i] = sum;
                }
            }
        });
    }
}
