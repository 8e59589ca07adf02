using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Models.Layers;

/// <summary>
/// 2 x 2 max pooling and ReLU in one pass, of maps whose channels are side by side in memory, and their gradient from a byte of where each maximum was. Of ties the first counts, and what is
/// not a number stays so, as libtorch has it.
/// </summary>
/// <param name="side">Of a map before pooling, even.</param>
/// <param name="maps">Channels, a multiple of <see cref="Width"/>.</param>
internal sealed class PoolingKernel(int side, int maps)
{
    /// <summary>Channels at a time.</summary>
    public const int Width = 8;

    /// <summary>The place of a maximum that ReLU cuts; 0 to 3 are those of its 2 x 2 window, row by row.</summary>
    public const byte Cut = 4;

    private int Row => side * maps;

    /// <param name="values">(N, S, S, M)</param>
    /// <param name="pooled">(N, S / 2, S / 2, M)</param>
    /// <param name="places">The same; empty where no gradient is asked for.</param>
    /// <param name="threads">That share the rows.</param>
    public unsafe void Forward(ReadOnlySpan<float> values, Span<float> pooled, Span<byte> places, int threads)
    {
        var rows = pooled.Length / (Row / 2);
        fixed (float* from = values, to = pooled)
        fixed (byte* place = places)
        {
            var (fromAt, toAt, placeAt) = ((nint)from, (nint)to, (nint)place);
            ForEach(rows, threads, row =>
            {
                var at = (long)row * (Row / 2);
                Forward((float*)fromAt + 2L * row * Row, (float*)toAt + at, placeAt == 0 ? null : (byte*)placeAt + at);
            });
        }
    }

    /// <param name="gradient">(N, S / 2, S / 2, M), of what was pooled.</param>
    /// <param name="places">As the other way left them.</param>
    /// <param name="ofValues">(N, S, S, M), all of which is written.</param>
    /// <param name="threads">That share the rows.</param>
    public unsafe void Backward(ReadOnlySpan<float> gradient, ReadOnlySpan<byte> places, Span<float> ofValues, int threads)
    {
        var rows = gradient.Length / (Row / 2);
        fixed (float* from = gradient, to = ofValues)
        fixed (byte* place = places)
        {
            var (fromAt, toAt, placeAt) = ((nint)from, (nint)to, (nint)place);
            ForEach(rows, threads, row =>
            {
                var at = (long)row * (Row / 2);
                Backward((float*)fromAt + at, (byte*)placeAt + at, (float*)toAt + 2L * row * Row);
            });
        }
    }

    private static void ForEach(int rows, int threads, Action<int> body)
    {
        if (threads > 1)
            Parallel.For(0, rows, new ParallelOptions { MaxDegreeOfParallelism = threads }, body);
        else
        {
            for (var row = 0; row < rows; row++) body(row);
        }
    }

    // two rows of values to one
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Forward(float* values, float* pooled, byte* places)
    {
        for (var column = 0; column < side / 2; column++)
        {
            var upper = values + 2 * column * maps;
            var lower = upper + Row;
            for (var map = 0; map < maps; map += Width)
            {
                var at = column * maps + map;
                Keep(
                    Vector256.Load(upper + map), Vector256.Load(upper + maps + map), Vector256.Load(lower + map), Vector256.Load(lower + maps + map),
                    pooled + at, places == null ? null : places + at);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Backward(float* gradient, byte* places, float* ofValues)
    {
        for (var column = 0; column < side / 2; column++)
        {
            var upper = ofValues + 2 * column * maps;
            var lower = upper + Row;
            for (var map = 0; map < maps; map += Width)
            {
                var at = column * maps + map;
                var (slope, where) = (Vector256.Load(gradient + at), Widened(places + at));
                (slope & Vector256.Equals(where, Vector256<int>.Zero).AsSingle()).Store(upper + map);
                (slope & Vector256.Equals(where, Vector256.Create(1)).AsSingle()).Store(upper + maps + map);
                (slope & Vector256.Equals(where, Vector256.Create(2)).AsSingle()).Store(lower + map);
                (slope & Vector256.Equals(where, Vector256.Create(3)).AsSingle()).Store(lower + maps + map);
            }
        }
    }

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
