using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction;

/// <summary>
/// The repulsive forces of t-SNE over all pairs, exactly: sum over j of q_ij^2 (y_i - y_j) with q_ij = 1 / (1 + |y_i - y_j|^2), and
/// Z, the sum of q over all ordered pairs. Each pair is met once and pushes both its points; since parts of the work push the
/// same points, each part has a sum of its own, and these are added in the order of the parts.
/// </summary>
internal sealed class ExactRepulsion : IRepulsion
{
    /// <summary>Parts of the work: fixed, so that sums are the same on any number of threads; enough to keep 16 threads busy.</summary>
    private const int Parts = 16;

    private const int Lanes = Positions.Lanes;

    private readonly float[][] _forceX = new float[Parts][];
    private readonly float[][] _forceY = new float[Parts][];
    private readonly double[] _z = new double[Parts];

    internal ExactRepulsion(int padded)
    {
        for (var part = 0; part < Parts; part++) (_forceX[part], _forceY[part]) = (new float[padded], new float[padded]);
    }

    /// <summary>Z; leaves the forces for <see cref="ForceOn"/>.</summary>
    public double Compute(Positions places, int? threads, CancellationToken cancellation = default)
    {
        FixedOrder.ForEachPart(Parts, threads, part => ComputePart(places, part), cancellation);
        // Each point, phantom or not, has met itself once, with q = 1.
        return _z.Sum() - places.Padded;
    }

    /// <summary>Forces on the eight points from <paramref name="first"/>, not yet divided by Z.</summary>
    public (Vector256<float> X, Vector256<float> Y) ForceOn(int first)
    {
        Vector256<float> x = default, y = default;
        for (var part = 0; part < Parts; part++)
        {
            x += Vector256.Create(_forceX[part], first);
            y += Vector256.Create(_forceY[part], first);
        }
        return (x, y);
    }

    /// <summary>
    /// Blocks of eight points go to the parts there and back (0 .. 15, 15 .. 0): a block meets only those after it, so early
    /// ones are more work.
    /// </summary>
    private void ComputePart(Positions places, int part)
    {
        var (forceX, forceY) = (_forceX[part], _forceY[part]);
        Array.Clear(forceX);
        Array.Clear(forceY);
        var z = 0.0;
        for (var round = 0; round * Parts * Lanes < places.Padded; round++)
        {
            var block = (round * Parts + (round % 2 == 0 ? part : Parts - 1 - part)) * Lanes;
            if (block >= places.Padded) continue;
            for (var row = block; row < block + Lanes; row += 2) z += PushPair(places, row, block, forceX, forceY);
        }
        _z[part] = z;
    }

    /// <summary>Points row and row + 1 against their own block, one way, and against all later blocks, both ways; their share of Z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double PushPair(Positions places, int row, int block, float[] forceX, float[] forceY)
    {
        ref var x = ref MemoryMarshal.GetArrayDataReference(places.X);
        ref var y = ref MemoryMarshal.GetArrayDataReference(places.Y);
        ref var pushX = ref MemoryMarshal.GetArrayDataReference(forceX);
        ref var pushY = ref MemoryMarshal.GetArrayDataReference(forceY);
        var one = Vector256<float>.One;
        var (x0, y0) = (Vector256.Create(places.X[row]), Vector256.Create(places.Y[row]));
        var (x1, y1) = (Vector256.Create(places.X[row + 1]), Vector256.Create(places.Y[row + 1]));

        var (awayX, awayY) = (x0 - Vector256.LoadUnsafe(ref x, (nuint)block), y0 - Vector256.LoadUnsafe(ref y, (nuint)block));
        var q = one / Vector256.FusedMultiplyAdd(awayX, awayX, Vector256.FusedMultiplyAdd(awayY, awayY, one));
        var own = q;
        var (sumX0, sumY0) = (q * q * awayX, q * q * awayY);
        (awayX, awayY) = (x1 - Vector256.LoadUnsafe(ref x, (nuint)block), y1 - Vector256.LoadUnsafe(ref y, (nuint)block));
        q = one / Vector256.FusedMultiplyAdd(awayX, awayX, Vector256.FusedMultiplyAdd(awayY, awayY, one));
        own += q;
        var (sumX1, sumY1) = (q * q * awayX, q * q * awayY);

        Vector256<float> both0 = default, both1 = default;
        var end = (nuint)places.Padded;
        for (var j = (nuint)(block + Lanes); j < end; j += Lanes)
        {
            var (xj, yj) = (Vector256.LoadUnsafe(ref x, j), Vector256.LoadUnsafe(ref y, j));
            var (toX, toY) = (Vector256.LoadUnsafe(ref pushX, j), Vector256.LoadUnsafe(ref pushY, j));

            (awayX, awayY) = (x0 - xj, y0 - yj);
            q = one / Vector256.FusedMultiplyAdd(awayX, awayX, Vector256.FusedMultiplyAdd(awayY, awayY, one));
            both0 += q;
            q *= q;
            sumX0 = Vector256.FusedMultiplyAdd(q, awayX, sumX0);
            sumY0 = Vector256.FusedMultiplyAdd(q, awayY, sumY0);
            toX = Vector256.FusedMultiplyAdd(-q, awayX, toX);
            toY = Vector256.FusedMultiplyAdd(-q, awayY, toY);

            (awayX, awayY) = (x1 - xj, y1 - yj);
            q = one / Vector256.FusedMultiplyAdd(awayX, awayX, Vector256.FusedMultiplyAdd(awayY, awayY, one));
            both1 += q;
            q *= q;
            sumX1 = Vector256.FusedMultiplyAdd(q, awayX, sumX1);
            sumY1 = Vector256.FusedMultiplyAdd(q, awayY, sumY1);
            toX = Vector256.FusedMultiplyAdd(-q, awayX, toX);
            toY = Vector256.FusedMultiplyAdd(-q, awayY, toY);

            toX.StoreUnsafe(ref pushX, j);
            toY.StoreUnsafe(ref pushY, j);
        }

        forceX[row] += (float)FixedOrder.Sum(sumX0);
        forceY[row] += (float)FixedOrder.Sum(sumY0);
        forceX[row + 1] += (float)FixedOrder.Sum(sumX1);
        forceY[row + 1] += (float)FixedOrder.Sum(sumY1);
        return FixedOrder.Sum(own) + 2 * (FixedOrder.Sum(both0) + FixedOrder.Sum(both1));
    }
}
