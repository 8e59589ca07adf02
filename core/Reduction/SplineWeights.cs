using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction;

/// <summary>The cubic B-spline at the four nodes round a place, as far as it lies past the second of them, 0 to 1.</summary>
internal static class SplineWeights
{
    /// <summary>Of the value; sum 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Value(float past)
    {
        var f = Vector128.Create(past);
        var w = Vector128.FusedMultiplyAdd(Vector128.Create(-1f / 6, 0.5f, -0.5f, 1f / 6), f, Vector128.Create(0.5f, -1f, 0.5f, 0f));
        w = Vector128.FusedMultiplyAdd(w, f, Vector128.Create(-0.5f, 0f, 0.5f, 0f));
        return Vector128.FusedMultiplyAdd(w, f, Vector128.Create(1f / 6, 4f / 6, 1f / 6, 0f));
    }

    /// <summary>Of the derivative, a node.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Slope(float past)
    {
        var f = Vector128.Create(past);
        var w = Vector128.FusedMultiplyAdd(Vector128.Create(-0.5f, 1.5f, -1.5f, 0.5f), f, Vector128.Create(1f, -2f, 1f, 0f));
        return Vector128.FusedMultiplyAdd(w, f, Vector128.Create(-0.5f, 0f, 0.5f, 0f));
    }
}
