using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MedTransfer.Numerics;

namespace MedTransfer.Reduction.NeighbourEmbedding;

/// <summary>Gaussians over neighbours' distances, each as wide as gives it the wanted perplexity, exp(entropy).</summary>
internal static class Perplexities
{
    /// <summary>Nats by which the entropy of a row may be off.</summary>
    private const double Tolerance = 1e-10;

    private const int MostSteps = 200;
    private const int RowBlock = 64;
    private const int Lanes = 4;

    /// <summary>Neighbours a Gaussian of this perplexity needs; beyond them it has nothing left to give.</summary>
    internal static int NeighboursFor(double perplexity) => (int)(3 * perplexity);

    internal static void Require(double perplexity, int count)
    {
        if (!(perplexity >= 1))
            throw new MedTransferException($"t-SNE's perplexity is {perplexity}: set it to 1 or more, 5 to 50 as a rule.");
        if (3 * perplexity > count - 1)
            throw new MedTransferException(
                $"t-SNE's perplexity {perplexity} needs 3 x {perplexity} neighbours, but {count} points have {count - 1} each: "
                + $"set it to at most {(count - 1) / 3}, or give at least {Math.Ceiling(3 * perplexity) + 1} points.");
    }

    /// <summary>(n, k) probabilities, every row of sum 1.</summary>
    /// <param name="squaredDistances">(n, k), each row rising.</param>
    internal static double[,] Conditional(float[,] squaredDistances, double perplexity, int? threads)
    {
        var (n, k) = (squaredDistances.GetLength(0), squaredDistances.GetLength(1));
        var result = new double[n, k];
        FixedOrder.ForEachPart((n + RowBlock - 1) / RowBlock, threads, block =>
        {
            // Padded lanes are infinitely far in effect: their weight underflows to nothing.
            var distances = new double[(k + Lanes - 1) / Lanes * Lanes];
            var weights = new double[distances.Length];
            for (var i = block * RowBlock; i < Math.Min(n, (block + 1) * RowBlock); i++)
            {
                Rescale(MemoryMarshal.CreateReadOnlySpan(ref squaredDistances[i, 0], k), distances);
                var sum = FindPrecision(distances, weights, Math.Log(perplexity));
                for (var j = 0; j < k; j++) result[i, j] = weights[j] / sum;
            }
        });
        return result;
    }

    /// <summary>Distances beyond the nearest, in units of their mean: the precision sought is then of the order of 1.</summary>
    private static void Rescale(ReadOnlySpan<float> row, double[] distances)
    {
        var mean = 0.0;
        foreach (var value in row) mean += (double)value - row[0];
        mean /= row.Length;
        for (var j = 0; j < distances.Length; j++) distances[j] = j >= row.Length ? double.MaxValue : mean > 0 ? ((double)row[j] - row[0]) / mean : 0;
    }

    /// <summary>
    /// Leaves exp(-beta distance) in <paramref name="weights"/> and returns their sum, for the beta at which their entropy is the target.
    /// Newton's method between bisections. Where more neighbours are equally near than the perplexity asks for, no beta will
    /// do; they then share the weight, which is the limit.
    /// </summary>
    private static double FindPrecision(double[] distances, double[] weights, double target)
    {
        var (beta, low, high) = (1.0, 0.0, double.PositiveInfinity);
        for (var step = 0; ; step++)
        {
            var (sum, first, second) = Moments(distances, weights, beta);
            var (mean, square) = (first / sum, second / sum);
            var excess = Math.Log(sum) + beta * mean - target;
            if (Math.Abs(excess) < Tolerance || step == MostSteps) return sum;
            if (excess > 0) low = beta;
            else high = beta;
            var slope = -beta * (square - mean * mean);
            var newton = beta - excess / slope;
            beta = newton > low && newton < high && newton < 8 * beta ? newton : double.IsInfinity(high) ? 2 * beta : (low + high) / 2;
            if (beta == low || beta == high || double.IsInfinity(beta)) return Moments(distances, weights, low).Sum;
        }
    }

    /// <summary>Sums of the weights, of weight times distance, and of weight times distance squared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Sum, double First, double Second) Moments(double[] distances, double[] weights, double beta)
    {
        Vector256<double> sum = default, first = default, second = default;
        var rate = Vector256.Create(-beta);
        for (var j = 0; j < distances.Length; j += Lanes)
        {
            var distance = Vector256.Create(distances, j);
            var weight = Vector256.Exp(rate * distance);
            weight.CopyTo(weights, j);
            var share = weight * distance;
            (sum, first, second) = (sum + weight, first + share, second + share * distance);
        }
        return (FixedOrder.Sum(sum), FixedOrder.Sum(first), FixedOrder.Sum(second));
    }
}
