using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MedTransfer.Reduction.NeighbourEmbedding.Repulsion;

/// <summary>
/// Discrete Fourier transforms of eight complex sequences at once, X_k = sum over j of x_j exp(-2 pi i j k / n), by Stockham's
/// self-sorting passes of radix 4, 2, 3 and 5 (Van Loan, Computational Frameworks for the Fast Fourier Transform, 1992, 1.7).
/// </summary>
internal sealed class EightFourier
{
    private const int Width = Lanes.Count;

    private readonly List<Pass> _passes = [];

    /// <param name="length">A product of twos, threes and fives.</param>
    internal EightFourier(int length)
    {
        Length = length;
        var (left, stride) = (length, 1);
        foreach (var radix in new[] { 5, 3, 4, 2 })
        {
            for (; left % radix == 0; left /= radix, stride *= radix) _passes.Add(new Pass(radix, left, stride));
        }
        if (left != 1) throw new ArgumentException($"{length} is not a product of twos, threes and fives", nameof(length));
    }

    internal int Length { get; }

    /// <summary>The transform; it is in <paramref name="x"/> afterwards, which may have changed places with <paramref name="other"/>.</summary>
    internal void Forward(ref Lanes x, ref Lanes other)
    {
        foreach (var pass in _passes)
        {
            pass.Run(x.Re, x.Im, other.Re, other.Im);
            (x, other) = (other, x);
        }
    }

    /// <summary>n times the inverse: with real and imaginary parts changing roles, the exponent changes its sign.</summary>
    internal void Backward(ref Lanes x, ref Lanes other)
    {
        foreach (var pass in _passes)
        {
            pass.Run(x.Im, x.Re, other.Im, other.Re);
            (x, other) = (other, x);
        }
    }

    /// <summary>One pass: sub-sequences of <c>length</c> that lie <c>stride</c> apart become <c>radix</c> times as many of a radix-th.</summary>
    private sealed class Pass
    {
        private readonly int _radix, _parts, _stride;
        private readonly float[] _cosine, _sine;

        internal Pass(int radix, int length, int stride)
        {
            (_radix, _parts, _stride) = (radix, length / radix, stride);
            (_cosine, _sine) = (new float[length], new float[length]);
            for (var p = 0; p < _parts; p++)
            {
                for (var k = 0; k < radix; k++)
                    (_sine[p * radix + k], _cosine[p * radix + k]) = ((float, float))Math.SinCos(-2 * Math.PI * p * k / length);
            }
        }

        internal void Run(float[] re, float[] im, float[] toRe, float[] toIm)
        {
            switch (_radix)
            {
                case 2: Two(re, im, toRe, toIm); break;
                case 3: Three(re, im, toRe, toIm); break;
                case 4: Four(re, im, toRe, toIm); break;
                default: Five(re, im, toRe, toIm); break;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Two(float[] re, float[] im, float[] toRe, float[] toIm)
        {
            for (var p = 0; p < _parts; p++)
            {
                var w = Root(2 * p + 1);
                for (var q = 0; q < _stride; q++)
                {
                    var (a, b) = (Load(re, im, q + _stride * p), Load(re, im, q + _stride * (p + _parts)));
                    var to = q + _stride * 2 * p;
                    Store(a + b, toRe, toIm, to);
                    Store(w * (a - b), toRe, toIm, to + _stride);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Three(float[] re, float[] im, float[] toRe, float[] toIm)
        {
            const float Sine = 0.8660254037844386f;
            for (var p = 0; p < _parts; p++)
            {
                var (w1, w2) = (Root(3 * p + 1), Root(3 * p + 2));
                for (var q = 0; q < _stride; q++)
                {
                    var a = Load(re, im, q + _stride * p);
                    var b = Load(re, im, q + _stride * (p + _parts));
                    var c = Load(re, im, q + _stride * (p + 2 * _parts));
                    var (sum, turned) = (b + c, (b - c).TurnedBack);
                    var middle = Complex8.Add(a, -0.5f, sum);
                    var to = q + _stride * 3 * p;
                    Store(a + sum, toRe, toIm, to);
                    Store(w1 * Complex8.Add(middle, Sine, turned), toRe, toIm, to + _stride);
                    Store(w2 * Complex8.Add(middle, -Sine, turned), toRe, toIm, to + 2 * _stride);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Four(float[] re, float[] im, float[] toRe, float[] toIm)
        {
            for (var p = 0; p < _parts; p++)
            {
                var (w1, w2, w3) = (Root(4 * p + 1), Root(4 * p + 2), Root(4 * p + 3));
                for (var q = 0; q < _stride; q++)
                {
                    var a = Load(re, im, q + _stride * p);
                    var b = Load(re, im, q + _stride * (p + _parts));
                    var c = Load(re, im, q + _stride * (p + 2 * _parts));
                    var d = Load(re, im, q + _stride * (p + 3 * _parts));
                    var (even, odd, across, turned) = (a + c, b + d, a - c, (b - d).TurnedBack);
                    var to = q + _stride * 4 * p;
                    Store(even + odd, toRe, toIm, to);
                    Store(w1 * (across + turned), toRe, toIm, to + _stride);
                    Store(w2 * (even - odd), toRe, toIm, to + 2 * _stride);
                    Store(w3 * (across - turned), toRe, toIm, to + 3 * _stride);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Five(float[] re, float[] im, float[] toRe, float[] toIm)
        {
            const float Cosine1 = 0.30901699437494745f, Cosine2 = -0.8090169943749475f;
            const float Sine1 = 0.9510565162951535f, Sine2 = 0.5877852522924731f;
            for (var p = 0; p < _parts; p++)
            {
                var (w1, w2, w3, w4) = (Root(5 * p + 1), Root(5 * p + 2), Root(5 * p + 3), Root(5 * p + 4));
                for (var q = 0; q < _stride; q++)
                {
                    var a = Load(re, im, q + _stride * p);
                    var b = Load(re, im, q + _stride * (p + _parts));
                    var c = Load(re, im, q + _stride * (p + 2 * _parts));
                    var d = Load(re, im, q + _stride * (p + 3 * _parts));
                    var e = Load(re, im, q + _stride * (p + 4 * _parts));
                    var (outer, inner) = (b + e, c + d);
                    var (turnedOuter, turnedInner) = ((b - e).TurnedBack, (c - d).TurnedBack);
                    var to = q + _stride * 5 * p;
                    Store(a + outer + inner, toRe, toIm, to);
                    var middle = Complex8.Add(Complex8.Add(a, Cosine1, outer), Cosine2, inner);
                    var aside = Complex8.Add(Complex8.Add(default, Sine1, turnedOuter), Sine2, turnedInner);
                    Store(w1 * (middle + aside), toRe, toIm, to + _stride);
                    Store(w4 * (middle - aside), toRe, toIm, to + 4 * _stride);
                    middle = Complex8.Add(Complex8.Add(a, Cosine2, outer), Cosine1, inner);
                    aside = Complex8.Add(Complex8.Add(default, Sine2, turnedOuter), -Sine1, turnedInner);
                    Store(w2 * (middle + aside), toRe, toIm, to + 2 * _stride);
                    Store(w3 * (middle - aside), toRe, toIm, to + 3 * _stride);
                }
            }
        }

        private Complex8 Root(int at) => new(Vector256.Create(_cosine[at]), Vector256.Create(_sine[at]));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Complex8 Load(float[] re, float[] im, int at) => new(
            Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(re), (nuint)(at * Width)),
            Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(im), (nuint)(at * Width)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store(Complex8 value, float[] re, float[] im, int at)
        {
            value.Re.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(re), (nuint)(at * Width));
            value.Im.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(im), (nuint)(at * Width));
        }
    }
}

/// <summary>Eight complex numbers.</summary>
internal readonly record struct Complex8(Vector256<float> Re, Vector256<float> Im)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Complex8 operator +(Complex8 a, Complex8 b) => new(a.Re + b.Re, a.Im + b.Im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Complex8 operator -(Complex8 a, Complex8 b) => new(a.Re - b.Re, a.Im - b.Im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Complex8 operator *(Complex8 a, Complex8 b) =>
        new(Vector256.FusedMultiplyAdd(a.Re, b.Re, -(a.Im * b.Im)), Vector256.FusedMultiplyAdd(a.Re, b.Im, a.Im * b.Re));

    /// <summary>a + factor b</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Complex8 Add(Complex8 a, float factor, Complex8 b) =>
        new(Vector256.FusedMultiplyAdd(Vector256.Create(factor), b.Re, a.Re), Vector256.FusedMultiplyAdd(Vector256.Create(factor), b.Im, a.Im));

    /// <summary>-i times this</summary>
    internal Complex8 TurnedBack
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Im, -Re);
    }
}

/// <summary>Complex numbers in columns of eight: number k of sequence l is element 8 k + l.</summary>
internal sealed class Lanes(int length)
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
