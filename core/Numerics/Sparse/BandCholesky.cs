using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Numerics.Sparse;

/// <summary>
/// L L^T = A + shift I of a sparse symmetric matrix, its rows in an order that keeps entries near the diagonal (<see cref="BandOrder"/>): of each block of rows what lies
/// between its first entry and the diagonal, in square tiles (the envelope method of George and Liu 1981, block by block). Where every row hangs together with
/// every other, as with near points of many dimensions, the tiles are half the matrix: 4 n^2 bytes at most.
/// </summary>
internal sealed class BandCholesky
{
    /// <summary>Rows and columns of a tile: three fit a first-level cache.</summary>
    private const int Side = 32;

    private const int TileRows = 8;
    private const int TileColumns = 4;

    /// <summary>Multiplications of a column of tiles from which threads share it.</summary>
    private const double EnoughToShare = 2e6;

    private readonly int[] _order;

    /// <summary>Of each block of rows its first tile's column.</summary>
    private readonly int[] _first;

    /// <summary>Of each block of rows its tiles, one column of a tile after the other.</summary>
    private readonly double[][] _rows;

    private readonly int? _threads;

    private BandCholesky(int[] order, int[] first, int? threads)
    {
        (_order, _first, _threads) = (order, first, threads);
        _rows = [.. first.Select((column, row) => new double[(row - column + 1) * Side * Side])];
    }

    private int Blocks => _first.Length;

    /// <summary>A matrix's place in its tiles, before any of them is taken up.</summary>
    internal sealed class Plan
    {
        internal Plan(SparseSymmetric matrix)
        {
            Order = BandOrder.Of(matrix.Beside);
            var position = new int[Order.Length];
            for (var at = 0; at < Order.Length; at++) position[Order[at]] = at;
            First = [.. Enumerable.Range(0, (Order.Length + Side - 1) / Side)];
            for (var at = 0; at < Order.Length; at++)
            {
                foreach (var end in matrix.Beside.Ends(Order[at])) First[at / Side] = Math.Min(First[at / Side], position[end] / Side);
            }

            Position = position;
        }

        internal int[] Order { get; }

        internal int[] Position { get; }

        internal int[] First { get; }

        /// <summary>Of the factor.</summary>
        internal double Bytes => First.Select((first, row) => (row - first + 1.0) * Side * Side * sizeof(double)).Sum();

        /// <summary>Multiplications that the factor takes, more or less.</summary>
        internal double Multiplications => First.Select((first, row) => Math.Pow((row - first + 1.0) * Side, 2) * Side / 2).Sum();
    }

    /// <param name="shift">Added to the diagonal.</param>
    /// <exception cref="ArithmeticException">An eigenvalue of what is to be factored is 0 or less, as far as rounding tells.</exception>
    internal static BandCholesky Of(SparseSymmetric matrix, Plan plan, double shift, int? threads, CancellationToken cancellation)
    {
        var factor = new BandCholesky(plan.Order, plan.First, threads);
        for (var at = 0; at < factor.Blocks * Side; at++)
        {
            var block = at / Side;
            var diagonal = factor.Tile(block, block);
            if (at >= plan.Order.Length)
            {
                diagonal[at % Side * (Side + 1)] = 1;   // rows that fill the last block
                continue;
            }

            var node = plan.Order[at];
            diagonal[at % Side * (Side + 1)] = matrix.Diagonal[node] + shift;
            var ends = matrix.Beside.Ends(node);
            var weights = matrix.Beside.Weights(node);
            for (var e = 0; e < ends.Length; e++)
            {
                var column = plan.Position[ends[e]];
                if (column < at) factor.Tile(block, column / Side)[column % Side * Side + at % Side] = weights[e];
            }
        }

        factor.Factor(cancellation);
        return factor;
    }

    /// <summary>Writes (A + shift I)^-1 v of each vector v; the same bits for a vector in whatever company.</summary>
    internal void Solve(ReadOnlySpan<double[]> vectors, ReadOnlySpan<double[]> solutions)
    {
        var (given, results) = (vectors.ToArray(), solutions.ToArray());
        var parts = Math.Min(given.Length, Math.Min(_threads ?? Environment.ProcessorCount, Environment.ProcessorCount));
        // tiles are read once for all vectors of a part
        FixedOrder.ForEachPart(parts, _threads, part =>
        {
            var (start, end) = FixedOrder.Range(given.Length, part, parts);
            var moved = new double[end - start][];
            for (var k = 0; k < moved.Length; k++)
            {
                moved[k] = new double[Blocks * Side];
                for (var at = 0; at < _order.Length; at++) moved[k][at] = given[start + k][_order[at]];
            }

            Forward(moved);
            Backward(moved);
            for (var k = 0; k < moved.Length; k++)
            {
                for (var at = 0; at < _order.Length; at++) results[start + k][_order[at]] = moved[k][at];
            }
        });
    }

    /// <summary>The tile of this block of rows and columns, at or right of the first.</summary>
    private Span<double> Tile(int row, int column) => _rows[row].AsSpan((column - _first[row]) * Side * Side, Side * Side);

    private void Factor(CancellationToken cancellation)
    {
        var below = new List<int>[Blocks];
        for (var column = 0; column < Blocks; column++) below[column] = [];
        for (var row = 0; row < Blocks; row++)
        {
            for (var column = _first[row]; column < row; column++) below[column].Add(row);
        }

        for (var column = 0; column < Blocks; column++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (here, rows) = (column, below[column]);
            Update(here, here);
            FactorTile(Tile(here, here));
            var work = (double)rows.Count * (here - _first[here] + 1) * Side * Side * Side;
            FixedOrder.ForEachPart(rows.Count, work < EnoughToShare ? 1 : _threads, r =>
            {
                Update(rows[r], here);
                SolveTile(Tile(rows[r], here), Tile(here, here));
            }, cancellation);
        }
    }

    /// <summary>Takes from a tile the products of all tiles left of it with those of the block of rows that its column is.</summary>
    private void Update(int row, int column)
    {
        var target = Tile(row, column);
        for (var k = Math.Max(_first[row], _first[column]); k < column; k++) Subtract(target, Tile(row, k), Tile(column, k));
    }

    /// <summary>C -= A B^T</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(Span<double> c, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref var to = ref MemoryMarshal.GetReference(c);
        ref var left = ref MemoryMarshal.GetReference(a);
        ref var right = ref MemoryMarshal.GetReference(b);
        for (var row = 0; row < Side; row += TileRows)
        {
            for (var column = 0; column < Side; column += TileColumns)
            {
                Vector256<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
                for (var k = 0; k < Side; k++)
                {
                    var low = Vector256.LoadUnsafe(ref left, (nuint)(k * Side + row));
                    var high = Vector256.LoadUnsafe(ref left, (nuint)(k * Side + row + 4));
                    ref var factors = ref Unsafe.Add(ref right, k * Side + column);
                    var factor = Vector256.Create(factors);
                    (a0, a1) = (Vector256.FusedMultiplyAdd(factor, low, a0), Vector256.FusedMultiplyAdd(factor, high, a1));
                    factor = Vector256.Create(Unsafe.Add(ref factors, 1));
                    (b0, b1) = (Vector256.FusedMultiplyAdd(factor, low, b0), Vector256.FusedMultiplyAdd(factor, high, b1));
                    factor = Vector256.Create(Unsafe.Add(ref factors, 2));
                    (c0, c1) = (Vector256.FusedMultiplyAdd(factor, low, c0), Vector256.FusedMultiplyAdd(factor, high, c1));
                    factor = Vector256.Create(Unsafe.Add(ref factors, 3));
                    (d0, d1) = (Vector256.FusedMultiplyAdd(factor, low, d0), Vector256.FusedMultiplyAdd(factor, high, d1));
                }

                Take(ref Unsafe.Add(ref to, column * Side + row), a0, a1);
                Take(ref Unsafe.Add(ref to, (column + 1) * Side + row), b0, b1);
                Take(ref Unsafe.Add(ref to, (column + 2) * Side + row), c0, c1);
                Take(ref Unsafe.Add(ref to, (column + 3) * Side + row), d0, d1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(ref double at, Vector256<double> low, Vector256<double> high)
    {
        (Vector256.LoadUnsafe(ref at) - low).StoreUnsafe(ref at);
        (Vector256.LoadUnsafe(ref at, 4) - high).StoreUnsafe(ref at, 4);
    }

    /// <summary>Makes of the lower triangle its own factor.</summary>
    private static void FactorTile(Span<double> tile)
    {
        for (var column = 0; column < Side; column++)
        {
            var here = tile.Slice(column * Side, Side);
            for (var k = 0; k < column; k++) DoubleVectors.Add(here[column..], -tile[k * Side + column], tile.Slice(k * Side + column, Side - column));
            if (!(here[column] > 0)) throw new ArithmeticException("The matrix has an eigenvalue of 0 or less");
            DoubleVectors.Scale(here[column..], 1 / Math.Sqrt(here[column]));
        }
    }

    /// <summary>X of X L^T = tile, in the tile's place.</summary>
    private static void SolveTile(Span<double> tile, ReadOnlySpan<double> factor)
    {
        for (var column = 0; column < Side; column++)
        {
            var here = tile.Slice(column * Side, Side);
            for (var k = 0; k < column; k++) DoubleVectors.Add(here, -factor[k * Side + column], tile.Slice(k * Side, Side));
            DoubleVectors.Scale(here, 1 / factor[column * (Side + 1)]);
        }
    }

    private void Forward(double[][] vectors)
    {
        for (var row = 0; row < Blocks; row++)
        {
            for (var column = _first[row]; column < row; column++)
            {
                var tile = Tile(row, column);
                foreach (var vector in vectors)
                {
                    var here = vector.AsSpan(row * Side, Side);
                    for (var k = 0; k < Side; k++) DoubleVectors.Add(here, -vector[column * Side + k], tile.Slice(k * Side, Side));
                }
            }

            var diagonal = Tile(row, row);
            foreach (var vector in vectors)
            {
                var here = vector.AsSpan(row * Side, Side);
                for (var k = 0; k < Side; k++)
                {
                    here[k] /= diagonal[k * (Side + 1)];
                    DoubleVectors.Add(here[(k + 1)..], -here[k], diagonal.Slice(k * Side + k + 1, Side - k - 1));
                }
            }
        }
    }

    private void Backward(double[][] vectors)
    {
        for (var row = Blocks - 1; row >= 0; row--)
        {
            var diagonal = Tile(row, row);
            foreach (var vector in vectors)
            {
                var here = vector.AsSpan(row * Side, Side);
                for (var k = Side - 1; k >= 0; k--)
                    here[k] = (here[k] - DoubleVectors.Dot(diagonal.Slice(k * Side + k + 1, Side - k - 1), here[(k + 1)..])) / diagonal[k * (Side + 1)];
            }

            for (var column = _first[row]; column < row; column++)
            {
                var tile = Tile(row, column);
                foreach (var vector in vectors)
                {
                    ReadOnlySpan<double> here = vector.AsSpan(row * Side, Side);
                    for (var k = 0; k < Side; k++) vector[column * Side + k] -= DoubleVectors.Dot(tile.Slice(k * Side, Side), here);
                }
            }
        }
    }
}
