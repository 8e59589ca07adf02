using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Numerics;

/// <summary>The few vector operations of an eigenvalue solver, four doubles at a time and always in the same order.</summary>
internal static class DoubleVectors
{
    private const int Width = 4;

    /// <summary>a . b</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    /// <summary>|a - b|^2</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector256<double> even = default, odd = default;
        var i = 0;
        for (; i <= a.Length - 2 * Width; i += 2 * Width)
        {
            var (low, high) = (Vector256.Create(a[i..]) - Vector256.Create(b[i..]), Vector256.Create(a[(i + Width)..]) - Vector256.Create(b[(i + Width)..]));
            (even, odd) = (Vector256.FusedMultiplyAdd(low, low, even), Vector256.FusedMultiplyAdd(high, high, odd));
        }
        var sum = FixedOrder.Sum(even + odd);
        for (; i < a.Length; i++) sum = Math.FusedMultiplyAdd(a[i] - b[i], a[i] - b[i], sum);
        return sum;
    }

    /// <summary>target += factor * a</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    /// <summary>target += factorA * a + factorB * b, all of one length</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add(Span<double> target, double factorA, ReadOnlySpan<double> a, double factorB, ReadOnlySpan<double> b)
    {
        RequireLength(target.Length, a, b);
        var (factorsA, factorsB) = (Vector256.Create(factorA), Vector256.Create(factorB));
        ref var first = ref MemoryMarshal.GetReference(target);
        ref var firstA = ref MemoryMarshal.GetReference(a);
        ref var firstB = ref MemoryMarshal.GetReference(b);
        var i = 0;
        for (; i <= target.Length - Width; i += Width)
        {
            var sum = Vector256.FusedMultiplyAdd(factorsA, Vector256.LoadUnsafe(ref firstA, (nuint)i), Vector256.LoadUnsafe(ref first, (nuint)i));
            Vector256.FusedMultiplyAdd(factorsB, Vector256.LoadUnsafe(ref firstB, (nuint)i), sum).StoreUnsafe(ref first, (nuint)i);
        }
        for (; i < target.Length; i++) target[i] = Math.FusedMultiplyAdd(factorB, b[i], Math.FusedMultiplyAdd(factorA, a[i], target[i]));
    }

    /// <summary>a . b, and target += factor * a, all of one length</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double DotAndAdd(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double factor, Span<double> target)
    {
        RequireLength(target.Length, a, b);
        Vector256<double> even = default, odd = default;
        var factors = Vector256.Create(factor);
        ref var first = ref MemoryMarshal.GetReference(target);
        ref var firstA = ref MemoryMarshal.GetReference(a);
        ref var firstB = ref MemoryMarshal.GetReference(b);
        var i = 0;
        for (; i <= a.Length - 2 * Width; i += 2 * Width)
        {
            var (low, high) = (Vector256.LoadUnsafe(ref firstA, (nuint)i), Vector256.LoadUnsafe(ref firstA, (nuint)(i + Width)));
            even = Vector256.FusedMultiplyAdd(low, Vector256.LoadUnsafe(ref firstB, (nuint)i), even);
            odd = Vector256.FusedMultiplyAdd(high, Vector256.LoadUnsafe(ref firstB, (nuint)(i + Width)), odd);
            Vector256.FusedMultiplyAdd(factors, low, Vector256.LoadUnsafe(ref first, (nuint)i)).StoreUnsafe(ref first, (nuint)i);
            Vector256.FusedMultiplyAdd(factors, high, Vector256.LoadUnsafe(ref first, (nuint)(i + Width))).StoreUnsafe(ref first, (nuint)(i + Width));
        }
        var sum = FixedOrder.Sum(even + odd);
        for (; i < a.Length; i++)
        {
            sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
            target[i] = Math.FusedMultiplyAdd(factor, a[i], target[i]);
        }
        return sum;
    }

    /// <summary>a . b, and target += factor * a, all of one length</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double DotAndAdd(ReadOnlySpan<float> a, ReadOnlySpan<double> b, double factor, Span<double> target)
    {
        if (b.Length != a.Length || target.Length != a.Length) throw new ArgumentException($"vectors of {a.Length}, {b.Length} and {target.Length}");
        Vector256<double> even = default, odd = default;
        var factors = Vector256.Create(factor);
        ref var first = ref MemoryMarshal.GetReference(target);
        ref var firstA = ref MemoryMarshal.GetReference(a);
        ref var firstB = ref MemoryMarshal.GetReference(b);
        var i = 0;
        for (; i <= a.Length - 2 * Width; i += 2 * Width)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref firstA, (nuint)i));
            even = Vector256.FusedMultiplyAdd(low, Vector256.LoadUnsafe(ref firstB, (nuint)i), even);
            odd = Vector256.FusedMultiplyAdd(high, Vector256.LoadUnsafe(ref firstB, (nuint)(i + Width)), odd);
            Vector256.FusedMultiplyAdd(factors, low, Vector256.LoadUnsafe(ref first, (nuint)i)).StoreUnsafe(ref first, (nuint)i);
            Vector256.FusedMultiplyAdd(factors, high, Vector256.LoadUnsafe(ref first, (nuint)(i + Width))).StoreUnsafe(ref first, (nuint)(i + Width));
        }
        var sum = FixedOrder.Sum(even + odd);
        for (; i < a.Length; i++)
        {
            sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
            target[i] = Math.FusedMultiplyAdd(factor, a[i], target[i]);
        }
        return sum;
    }

    /// <summary>a . b of four vectors a</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Vector256<double> DotFour(ReadOnlySpan<double> b, ReadOnlySpan<double> a0, ReadOnlySpan<double> a1, ReadOnlySpan<double> a2, ReadOnlySpan<double> a3)
    {
        RequireLength(b.Length, a0, a1);
        RequireLength(b.Length, a2, a3);
        Vector256<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        ref var first = ref MemoryMarshal.GetReference(b);
        ref var first0 = ref MemoryMarshal.GetReference(a0);
        ref var first1 = ref MemoryMarshal.GetReference(a1);
        ref var first2 = ref MemoryMarshal.GetReference(a2);
        ref var first3 = ref MemoryMarshal.GetReference(a3);
        var i = 0;
        for (; i <= b.Length - Width; i += Width)
        {
            var here = Vector256.LoadUnsafe(ref first, (nuint)i);
            sum0 = Vector256.FusedMultiplyAdd(here, Vector256.LoadUnsafe(ref first0, (nuint)i), sum0);
            sum1 = Vector256.FusedMultiplyAdd(here, Vector256.LoadUnsafe(ref first1, (nuint)i), sum1);
            sum2 = Vector256.FusedMultiplyAdd(here, Vector256.LoadUnsafe(ref first2, (nuint)i), sum2);
            sum3 = Vector256.FusedMultiplyAdd(here, Vector256.LoadUnsafe(ref first3, (nuint)i), sum3);
        }

        var sums = Vector256.Create(FixedOrder.Sum(sum0), FixedOrder.Sum(sum1), FixedOrder.Sum(sum2), FixedOrder.Sum(sum3));
        for (; i < b.Length; i++) sums = Vector256.FusedMultiplyAdd(Vector256.Create(b[i]), Vector256.Create(a0[i], a1[i], a2[i], a3[i]), sums);
        return sums;
    }

    /// <summary>target += factor * a of four vectors a, one after the other</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddFour(Span<double> target, Vector256<double> factors, ReadOnlySpan<double> a0, ReadOnlySpan<double> a1, ReadOnlySpan<double> a2, ReadOnlySpan<double> a3)
    {
        RequireLength(target.Length, a0, a1);
        RequireLength(target.Length, a2, a3);
        var (factor0, factor1, factor2, factor3) = (Vector256.Create(factors[0]), Vector256.Create(factors[1]), Vector256.Create(factors[2]), Vector256.Create(factors[3]));
        ref var first = ref MemoryMarshal.GetReference(target);
        ref var first0 = ref MemoryMarshal.GetReference(a0);
        ref var first1 = ref MemoryMarshal.GetReference(a1);
        ref var first2 = ref MemoryMarshal.GetReference(a2);
        ref var first3 = ref MemoryMarshal.GetReference(a3);
        var i = 0;
        for (; i <= target.Length - Width; i += Width)
        {
            var sum = Vector256.FusedMultiplyAdd(factor0, Vector256.LoadUnsafe(ref first0, (nuint)i), Vector256.LoadUnsafe(ref first, (nuint)i));
            sum = Vector256.FusedMultiplyAdd(factor1, Vector256.LoadUnsafe(ref first1, (nuint)i), sum);
            sum = Vector256.FusedMultiplyAdd(factor2, Vector256.LoadUnsafe(ref first2, (nuint)i), sum);
            Vector256.FusedMultiplyAdd(factor3, Vector256.LoadUnsafe(ref first3, (nuint)i), sum).StoreUnsafe(ref first, (nuint)i);
        }

        for (; i < target.Length; i++)
            target[i] = Math.FusedMultiplyAdd(factors[3], a3[i], Math.FusedMultiplyAdd(factors[2], a2[i], Math.FusedMultiplyAdd(factors[1], a1[i], Math.FusedMultiplyAdd(factors[0], a0[i], target[i]))));
    }

    private static void RequireLength(int length, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != length || b.Length != length) throw new ArgumentException($"vectors of {length}, {a.Length} and {b.Length}");
    }

    /// <summary>target = a - b</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
