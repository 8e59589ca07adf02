using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Models.Layers;

/// <summary>2 x 2 max pooling and ReLU of eight channels at a time, with a byte of where each maximum was. Of ties the first counts, and what is not a number stays so, as libtorch has it.</summary>
internal static class PooledMaximum
{
    /// <summary>Channels at a time.</summary>
    public const int Width = 8;

    /// <summary>The place of a maximum that ReLU cuts; 0 to 3 are those of its 2 x 2 window, row by row.</summary>
    public const byte Cut = 4;

    /// <summary>The largest of each four, 0 where that is below, and its place where that is asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe void Keep(Vector256<float> s0, Vector256<float> s1, Vector256<float> s2, Vector256<float> s3, float* output, byte* place)
    {
        var above = IsAbove(s1, s0);
        var most = Vector256.ConditionalSelect(above, s1, s0);
        var where = above.AsInt32() & Vector256.Create(1);
        above = IsAbove(s2, most);
        most = Vector256.ConditionalSelect(above, s2, most);
        where = Vector256.ConditionalSelect(above.AsInt32(), Vector256.Create(2), where);
        above = IsAbove(s3, most);
        most = Vector256.ConditionalSelect(above, s3, most);
        where = Vector256.ConditionalSelect(above.AsInt32(), Vector256.Create(3), where);
        var cut = Vector256.LessThanOrEqual(most, Vector256<float>.Zero);
        Vector256.AndNot(most, cut).Store(output);
        if (place == null)
            return;
        where = Vector256.ConditionalSelect(cut.AsInt32(), Vector256.Create((int)Cut), where);
        var words = Vector128.Narrow(where.GetLower(), where.GetUpper());
        *(ulong*)place = Vector128.Narrow(words, words).AsUInt64().ToScalar();
    }

    /// <summary>Eight places as numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe Vector256<int> Widened(byte* places)
    {
        var words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)places).AsByte());
        return Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32();
    }

    // larger, or not a number
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> IsAbove(Vector256<float> value, Vector256<float> most) => Vector256.GreaterThan(value, most) | ~Vector256.Equals(value, value);
}
