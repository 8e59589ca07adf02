using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction;

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
