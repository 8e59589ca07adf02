using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MedTransfer.Numerics;

namespace MedTransfer.Reduction.NeighbourEmbedding.Repulsion;

/// <summary>Pairs of points in the plane that push each other off.</summary>
internal static class PlanePairs
{
    private const int Lanes = Positions.Lanes;

    /// <summary>Points row and row + 1 against their own block, one way, and against all later blocks, both ways; their share of Z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double Push(Positions places, int row, int block, float[] forceX, float[] forceY)
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

/// <summary>Pairs of points in space that push each other off.</summary>
internal static class SpacePairs
{
    private const int Lanes = Positions.Lanes;

    /// <summary>A point against its own block, one way, and against all later blocks, both ways; its share of Z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double Push(Positions places, int row, int block, float[][] forces)
    {
        ref var x = ref MemoryMarshal.GetArrayDataReference(places.X);
        ref var y = ref MemoryMarshal.GetArrayDataReference(places.Y);
        ref var z = ref MemoryMarshal.GetArrayDataReference(places.Z);
        ref var pushX = ref MemoryMarshal.GetArrayDataReference(forces[0]);
        ref var pushY = ref MemoryMarshal.GetArrayDataReference(forces[1]);
        ref var pushZ = ref MemoryMarshal.GetArrayDataReference(forces[2]);
        var (hereX, hereY, hereZ) = (Vector256.Create(places.X[row]), Vector256.Create(places.Y[row]), Vector256.Create(places.Z[row]));
        var one = Vector256<float>.One;
        Vector256<float> own = default, both = default, sumX = default, sumY = default, sumZ = default;
        for (var j = (nuint)block; j < (nuint)places.Padded; j += Lanes)
        {
            var awayX = hereX - Vector256.LoadUnsafe(ref x, j);
            var awayY = hereY - Vector256.LoadUnsafe(ref y, j);
            var awayZ = hereZ - Vector256.LoadUnsafe(ref z, j);
            var square = Vector256.FusedMultiplyAdd(awayX, awayX, Vector256.FusedMultiplyAdd(awayY, awayY, Vector256.FusedMultiplyAdd(awayZ, awayZ, one)));
            var q = one / square;
            var force = q * q;
            sumX = Vector256.FusedMultiplyAdd(force, awayX, sumX);
            sumY = Vector256.FusedMultiplyAdd(force, awayY, sumY);
            sumZ = Vector256.FusedMultiplyAdd(force, awayZ, sumZ);
            if (j == (nuint)block)
            {
                own = q;
                continue;
            }
            both += q;
            Vector256.FusedMultiplyAdd(-force, awayX, Vector256.LoadUnsafe(ref pushX, j)).StoreUnsafe(ref pushX, j);
            Vector256.FusedMultiplyAdd(-force, awayY, Vector256.LoadUnsafe(ref pushY, j)).StoreUnsafe(ref pushY, j);
            Vector256.FusedMultiplyAdd(-force, awayZ, Vector256.LoadUnsafe(ref pushZ, j)).StoreUnsafe(ref pushZ, j);
        }
        forces[0][row] += (float)FixedOrder.Sum(sumX);
        forces[1][row] += (float)FixedOrder.Sum(sumY);
        forces[2][row] += (float)FixedOrder.Sum(sumZ);
        return FixedOrder.Sum(own) + 2 * FixedOrder.Sum(both);
    }
}
