using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MedTransfer.Numerics.Fourier;

/// <summary>Eight complex numbers, one of each sequence of a batch.</summary>
internal readonly record struct ComplexVector(Vector256<float> Re, Vector256<float> Im)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexVector operator +(ComplexVector a, ComplexVector b) => new(a.Re + b.Re, a.Im + b.Im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexVector operator -(ComplexVector a, ComplexVector b) => new(a.Re - b.Re, a.Im - b.Im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexVector operator *(ComplexVector a, ComplexVector b) =>
        new(Vector256.FusedMultiplyAdd(a.Re, b.Re, -(a.Im * b.Im)), Vector256.FusedMultiplyAdd(a.Re, b.Im, a.Im * b.Re));

    /// <summary>a + factor b</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ComplexVector Add(ComplexVector a, float factor, ComplexVector b) =>
        new(Vector256.FusedMultiplyAdd(Vector256.Create(factor), b.Re, a.Re), Vector256.FusedMultiplyAdd(Vector256.Create(factor), b.Im, a.Im));

    /// <summary>-i times this</summary>
    internal ComplexVector TurnedBack
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Im, -Re);
    }
}

/// <summary>Eight complex sequences, interleaved: number k of sequence l is element 8 k + l.</summary>
internal sealed class ComplexBatch(int length)
{
    internal const int Count = 8;

    internal float[] Re { get; } = new float[length * Count];

    internal float[] Im { get; } = new float[length * Count];

    /// <summary>Turns eight rows of eight into columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Transpose(ref float from, int fromStride, ref float to, int toStride)
    {
        if (!Avx.IsSupported)
        {
            for (var i = 0; i < Count; i++)
            {
                for (var j = 0; j < Count; j++) Unsafe.Add(ref to, j * toStride + i) = Unsafe.Add(ref from, i * fromStride + j);
            }
            return;
        }
        var (a, b) = (Load(ref from, 0), Load(ref from, fromStride));
        var (c, d) = (Load(ref from, 2 * fromStride), Load(ref from, 3 * fromStride));
        var (e, f) = (Load(ref from, 4 * fromStride), Load(ref from, 5 * fromStride));
        var (g, h) = (Load(ref from, 6 * fromStride), Load(ref from, 7 * fromStride));
        (a, b) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b));
        (c, d) = (Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
        (e, f) = (Avx.UnpackLow(e, f), Avx.UnpackHigh(e, f));
        (g, h) = (Avx.UnpackLow(g, h), Avx.UnpackHigh(g, h));
        var (ac, ac2, bd, bd2) = (Avx.Shuffle(a, c, 0x44), Avx.Shuffle(a, c, 0xEE), Avx.Shuffle(b, d, 0x44), Avx.Shuffle(b, d, 0xEE));
        var (eg, eg2, fh, fh2) = (Avx.Shuffle(e, g, 0x44), Avx.Shuffle(e, g, 0xEE), Avx.Shuffle(f, h, 0x44), Avx.Shuffle(f, h, 0xEE));
        Avx.Permute2x128(ac, eg, 0x20).StoreUnsafe(ref to);
        Avx.Permute2x128(ac2, eg2, 0x20).StoreUnsafe(ref Unsafe.Add(ref to, toStride));
        Avx.Permute2x128(bd, fh, 0x20).StoreUnsafe(ref Unsafe.Add(ref to, 2 * toStride));
        Avx.Permute2x128(bd2, fh2, 0x20).StoreUnsafe(ref Unsafe.Add(ref to, 3 * toStride));
        Avx.Permute2x128(ac, eg, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 4 * toStride));
        Avx.Permute2x128(ac2, eg2, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 5 * toStride));
        Avx.Permute2x128(bd, fh, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 6 * toStride));
        Avx.Permute2x128(bd2, fh2, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 7 * toStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(ref float from, int at) => Vector256.LoadUnsafe(ref Unsafe.Add(ref from, at));
}
