using MedTransfer.Numerics;
using MedTransfer.Numerics.Eigenpairs;
using MedTransfer.Numerics.Graphs;
using MedTransfer.Numerics.Sparse;

namespace MedTransfer.Reduction.Manifolds;

/// <summary>The functions on a graph's nodes that change least along its edges.</summary>
internal static class NormalisedLaplacian
{
    /// <summary>Eigenvalues of I - D^-1/2 A D^-1/2, smallest first, that of constants left out, and D^-1/2 v of their eigenvectors v of length 1, (count, nodes); the largest entry of v by size is positive.</summary>
    /// <param name="graph">A, every node with an edge; overwritten.</param>
    /// <param name="mostMultiplications">Of a factor; beyond, products with the graph take its place.</param>
    internal static (double[] Values, double[][] Functions) Of(
        SparseGraph graph, int count, double mostMultiplications, double tolerance, int? threads, CancellationToken cancellation)
    {
        var roots = new double[graph.Nodes];
        for (var i = 0; i < roots.Length; i++)
        {
            var degree = 0.0;
            foreach (var weight in graph.Weights(i)) degree += weight;
            roots[i] = Math.Sqrt(degree);
        }

        for (var i = 0; i < roots.Length; i++)
        {
            var ends = graph.Ends(i);
            var weights = graph.Weights(i);
            for (var e = 0; e < ends.Length; e++) weights[e] /= -roots[i] * roots[ends[e]];
        }

        var diagonal = new double[roots.Length];
        Array.Fill(diagonal, 1);
        double[] constant = [.. roots];
        DoubleVectors.Scale(constant, 1 / Math.Sqrt(DoubleVectors.Dot(roots, roots)));
        var solver = new SmallestEigen(SparseSymmetric.Of(diagonal, graph, threads), constant, mostMultiplications, threads);
        var (values, vectors) = solver.Smallest(count, tolerance, cancellation);
        foreach (var vector in vectors)
        {
            for (var i = 0; i < vector.Length; i++) vector[i] /= roots[i];
        }

        return (values, vectors);
    }
}
