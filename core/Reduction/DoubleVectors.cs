using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction;

/// <summary>The few vector operations of an eigenvalue solver, four doubles at a time and always in the same order.</summary>
internal static class DoubleVectors
{
    private const int Width = 4;

    /// <summary>a . b</summary>
    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector256<double> even = default, odd = default;
        var i = 0;
        for (; i <= a.Length - 2 * Width; i += 2 * Width)
        {
            even = Vector256.FusedMultiplyAdd(Vector256.Create(a[i..]), Vector256.Create(b[i..]), even);
            odd = Vector256.FusedMultiplyAdd(Vector256.Create(a[(i + Width)..]), Vector256.Create(b[(i + Width)..]), odd);
        }
        var sum = FixedOrder.Sum(even + odd);
        for (; i < a.Length; i++) sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }

    /// <summary>target += factor * a</summary>
    internal static void Add(Span<double> target, double factor, ReadOnlySpan<double> a)
    {
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i <= target.Length - Width; i += Width)
        {
            var here = target[i..];
            Vector256.FusedMultiplyAdd(factors, Vector256.Create(a[i..]), Vector256.Create<double>(here)).CopyTo(here);
        }
        for (; i < target.Length; i++) target[i] = Math.FusedMultiplyAdd(factor, a[i], target[i]);
    }

    /// <summary>target = a - b</summary>
    internal static void Subtract(ReadOnlySpan<float> a, ReadOnlySpan<double> b, Span<double> target)
    {
        var i = 0;
        for (; i <= a.Length - 2 * Width; i += 2 * Width)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(a[i..]));
            (low - Vector256.Create(b[i..])).CopyTo(target[i..]);
            (high - Vector256.Create(b[(i + Width)..])).CopyTo(target[(i + Width)..]);
        }
        for (; i < a.Length; i++) target[i] = a[i] - b[i];
    }

    /// <summary>target += a</summary>
    internal static void Add(Span<double> target, ReadOnlySpan<float> a)
    {
        var i = 0;
        for (; i <= a.Length - 2 * Width; i += 2 * Width)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(a[i..]));
            var here = target[i..];
            (Vector256.Create<double>(here) + low).CopyTo(here);
            (Vector256.Create<double>(here[Width..]) + high).CopyTo(here[Width..]);
        }
        for (; i < a.Length; i++) target[i] += a[i];
    }

    /// <summary>a *= factor</summary>
    internal static void Scale(Span<double> a, double factor)
    {
        for (var i = 0; i < a.Length; i++) a[i] *= factor;
    }

    /// <summary>(a, b) becomes (cosine a + sine b, cosine b - sine a).</summary>
    internal static void Rotate(Span<double> a, Span<double> b, double cosine, double sine)
    {
        for (var i = 0; i < a.Length; i++) (a[i], b[i]) = (cosine * a[i] + sine * b[i], cosine * b[i] - sine * a[i]);
    }
}
