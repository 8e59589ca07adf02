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
