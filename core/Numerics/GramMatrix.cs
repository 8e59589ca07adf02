using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Numerics;

/// <summary>
/// The Gram matrix A = Z^T Z, the sum over rows p of z_p z_p^T, in double, of vectors that come a block at a time, so that memory
/// stays at m x m whatever their number.
/// </summary>
internal static class GramMatrix
{
    /// <summary>Vectors a block: with their 784 columns they fit a second-level cache.</summary>
    private const int BlockSize = 64;

    /// <summary>
    /// Up to this width each part of the vectors has a sum of its own, wider ones share the tiles of one sum out: so many sums
    /// would take too much memory, and tiles are enough work then.
    /// </summary>
    private const int WidestPart = 512;

    /// <summary>Parts of the vectors: fixed, so that sums are the same on any number of threads.</summary>
    private const int Parts = 16;

    private const int TileRows = 4;
    private const int TileColumns = 8;

    /// <summary>Writes vectors <c>start</c> to <c>start + count</c> as rows of <c>stride</c> into the block.</summary>
    internal delegate void Fill(int start, int count, int stride, double[] block);

    /// <summary>(m, m), both triangles.</summary>
    internal static double[,] Of(int m, int vectors, int? threads, Fill fill, CancellationToken cancellation = default)
    {
        var stride = (m + TileColumns - 1) / TileColumns * TileColumns;
        var sum = new double[stride * stride];
        if (m > WidestPart)
        {
            AddBlocks(0, vectors, stride, sum, threads, fill, cancellation);
        }
        else
        {
            var sums = new double[Parts][];
            FixedOrder.ForEachPart(Parts, threads, part =>
            {
                var (start, end) = FixedOrder.Range(vectors, part, Parts);
                sums[part] = new double[stride * stride];
                AddBlocks(start, end, stride, sums[part], 1, fill, cancellation);
            }, cancellation);
            foreach (var part in sums) DoubleVectors.Add(sum, 1, part);
        }

        var result = new double[m, m];
        for (var i = 0; i < m; i++)
        {
            for (var j = i; j < m; j++) result[i, j] = result[j, i] = sum[i * stride + j];
        }
        return result;
    }

    private static void AddBlocks(int start, int end, int stride, double[] sum, int? threads, Fill fill, CancellationToken cancellation)
    {
        var block = new double[BlockSize * stride];
        for (; start < end; start += BlockSize)
        {
            var count = Math.Min(BlockSize, end - start);
            fill(start, count, stride, block);
            FixedOrder.ForEachPart(stride / TileColumns, threads, tile => AddTiles(block, count, stride, sum, tile), cancellation);
        }
    }

    /// <summary>Adds the block's share to the eight rows of tile <paramref name="tile"/>, from the diagonal rightwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTiles(double[] block, int count, int stride, double[] sum, int tile)
    {
        for (var row = tile * TileColumns; row < (tile + 1) * TileColumns; row += TileRows)
        {
            for (var column = tile * TileColumns; column < stride; column += TileColumns)
                AddTile(block, count, stride, sum, row, column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile(double[] block, int count, int stride, double[] sum, int row, int column)
    {
        Vector256<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        ref var first = ref MemoryMarshal.GetArrayDataReference(block);
        for (var p = 0; p < count; p++)
        {
            ref var rows = ref Unsafe.Add(ref first, p * stride + row);
            ref var columns = ref Unsafe.Add(ref first, p * stride + column);
            var (left, right) = (Vector256.LoadUnsafe(ref columns), Vector256.LoadUnsafe(ref columns, 4));
            var z = Vector256.Create(rows);
            (a0, a1) = (Vector256.FusedMultiplyAdd(z, left, a0), Vector256.FusedMultiplyAdd(z, right, a1));
            z = Vector256.Create(Unsafe.Add(ref rows, 1));
            (b0, b1) = (Vector256.FusedMultiplyAdd(z, left, b0), Vector256.FusedMultiplyAdd(z, right, b1));
            z = Vector256.Create(Unsafe.Add(ref rows, 2));
            (c0, c1) = (Vector256.FusedMultiplyAdd(z, left, c0), Vector256.FusedMultiplyAdd(z, right, c1));
            z = Vector256.Create(Unsafe.Add(ref rows, 3));
            (d0, d1) = (Vector256.FusedMultiplyAdd(z, left, d0), Vector256.FusedMultiplyAdd(z, right, d1));
        }
        Add(sum, row * stride + column, a0, a1);
        Add(sum, (row + 1) * stride + column, b0, b1);
        Add(sum, (row + 2) * stride + column, c0, c1);
        Add(sum, (row + 3) * stride + column, d0, d1);
    }

    private static void Add(double[] sum, int at, Vector256<double> left, Vector256<double> right)
    {
        var span = sum.AsSpan(at, TileColumns);
        (Vector256.Create<double>(span) + left).CopyTo(span);
        (Vector256.Create<double>(span[4..]) + right).CopyTo(span[4..]);
    }
}
