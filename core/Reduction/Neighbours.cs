using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction;

/// <summary>The exact nearest neighbours of points, nearest first; equally near ones in the order of their row numbers.</summary>
/// <param name="Index">(m, k) row numbers among the searched points.</param>
/// <param name="SquaredDistance">(m, k), in the unit of <see cref="DistanceRows"/>, squared.</param>
internal sealed record Neighbours(int[,] Index, float[,] SquaredDistance)
{
    /// <summary>The <paramref name="k"/> points nearest to each, itself left out (but not its duplicates).</summary>
    internal static Neighbours Among(float[,] points, int k, int? threads = null, CancellationToken cancellation = default) =>
        Find(new DistanceRows(points), points, k, leaveOut: true, threads, cancellation);

    /// <summary>The <paramref name="k"/> of the searched points nearest to each query.</summary>
    internal static Neighbours Of(float[,] queries, DistanceRows searched, int k, int? threads = null) =>
        Find(searched, queries, k, leaveOut: false, threads, default);

    private static Neighbours Find(
        DistanceRows searched, float[,] queries, int k, bool leaveOut, int? threads, CancellationToken cancellation)
    {
        var index = new int[queries.GetLength(0), k];
        var squared = new float[queries.GetLength(0), k];
        using var candidates = new ThreadLocal<ulong[]>(() => new ulong[4 * k + 2 * Vector256<float>.Count]);
        searched.ForEach(queries, threads, (query, distances) =>
        {
            var nearest = Select(distances, leaveOut ? query : -1, k, candidates.Value!);
            for (var j = 0; j < k; j++)
            {
                index[query, j] = (int)(uint)nearest[j];
                squared[query, j] = BitConverter.UInt32BitsToSingle((uint)(nearest[j] >> 32));
            }
        }, cancellation);
        return new Neighbours(index, squared);
    }

    /// <summary>
    /// The k smallest as sorted keys: the bits of the distance, which order as it does because it is not negative, above the
    /// row number. What can't be among them is passed over eight at a time.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ReadOnlySpan<ulong> Select(ReadOnlySpan<float> distances, int leftOut, int k, ulong[] candidates)
    {
        var (count, limit) = (0, float.PositiveInfinity);
        ref var values = ref MemoryMarshal.GetReference(distances);
        var lanes = Vector256<float>.Count;
        var i = 0;
        for (; i <= distances.Length - lanes; i += lanes)
        {
            var near = Vector256.LessThan(Vector256.LoadUnsafe(ref values, (nuint)i), Vector256.Create(limit)).ExtractMostSignificantBits();
            for (; near != 0; near &= near - 1) Take(i + BitOperations.TrailingZeroCount(near), distances);
            if (count >= candidates.Length - lanes) Prune();
        }
        for (; i < distances.Length; i++)
        {
            if (distances[i] < limit) Take(i, distances);
        }
        Prune();
        candidates.AsSpan(0, k).Sort();
        return candidates.AsSpan(0, k);

        void Take(int point, ReadOnlySpan<float> from)
        {
            if (point != leftOut) candidates[count++] = (ulong)BitConverter.SingleToUInt32Bits(from[point]) << 32 | (uint)point;
        }

        void Prune()
        {
            limit = BitConverter.UInt32BitsToSingle((uint)(PutSmallestFirst(candidates.AsSpan(0, count), k) >> 32));
            count = k;
        }
    }

    /// <summary>Moves the k smallest keys to the front, in no order, and returns the largest of them (Hoare's Find, 1961).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong PutSmallestFirst(Span<ulong> keys, int k)
    {
        var (low, high) = (0, keys.Length - 1);
        while (low < high)
        {
            var (a, b, c) = (keys[low], keys[(low + high) / 2], keys[high]);
            var pivot = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (keys[i] < pivot) i++;
                while (keys[j] > pivot) j--;
                if (i > j) break;
                (keys[i], keys[j]) = (keys[j], keys[i]);
                (i, j) = (i + 1, j - 1);
            }
            if (k - 1 <= j) high = j;
            else if (k - 1 >= i) low = i;
            else break;
        }
        return keys[k - 1];
    }
}
