using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Numerics.Fourier;

/// <summary>
/// Fast Fourier transforms of a batch of eight complex sequences, X_k = sum over j of x_j exp(-2 pi i j k / n), by Stockham's
/// self-sorting passes of radix 4, 2, 3 and 5 (Van Loan, Computational Frameworks for the Fast Fourier Transform, 1992, 1.7).
/// </summary>
internal sealed class BatchedFft
{
    private const int Width = ComplexBatch.Count;

    private readonly List<Pass> _passes = [];

    /// <param name="length">A product of twos, threes and fives.</param>
    internal BatchedFft(int length)
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
    internal void Forward(ref ComplexBatch x, ref ComplexBatch other)
    {
        foreach (var pass in _passes)
        {
            pass.Run(x.Re, x.Im, other.Re, other.Im);
            (x, other) = (other, x);
        }
    }

    /// <summary>n times the inverse: with real and imaginary parts changing roles, the exponent changes its sign.</summary>
    internal void Backward(ref ComplexBatch x, ref ComplexBatch other)
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
                    var middle = ComplexVector.Add(a, -0.5f, sum);
                    var to = q + _stride * 3 * p;
                    Store(a + sum, toRe, toIm, to);
                    Store(w1 * ComplexVector.Add(middle, Sine, turned), toRe, toIm, to + _stride);
                    Store(w2 * ComplexVector.Add(middle, -Sine, turned), toRe, toIm, to + 2 * _stride);
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
                    var middle = ComplexVector.Add(ComplexVector.Add(a, Cosine1, outer), Cosine2, inner);
                    var aside = ComplexVector.Add(ComplexVector.Add(default, Sine1, turnedOuter), Sine2, turnedInner);
                    Store(w1 * (middle + aside), toRe, toIm, to + _stride);
                    Store(w4 * (middle - aside), toRe, toIm, to + 4 * _stride);
                    middle = ComplexVector.Add(ComplexVector.Add(a, Cosine2, outer), Cosine1, inner);
                    aside = ComplexVector.Add(ComplexVector.Add(default, Sine2, turnedOuter), -Sine1, turnedInner);
                    Store(w2 * (middle + aside), toRe, toIm, to + 2 * _stride);
                    Store(w3 * (middle - aside), toRe, toIm, to + 3 * _stride);
                }
            }
        }

        private ComplexVector Root(int at) => new(Vector256.Create(_cosine[at]), Vector256.Create(_sine[at]));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static ComplexVector Load(float[] re, float[] im, int at) => new(
            Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(re), (nuint)(at * Width)),
            Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(im), (nuint)(at * Width)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store(ComplexVector value, float[] re, float[] im, int at)
        {
            value.Re.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(re), (nuint)(at * Width));
            value.Im.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(im), (nuint)(at * Width));
        }
    }
}
