using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MedTransfer.Numerics;

namespace MedTransfer.Reduction.NeighbourEmbedding.Repulsion;

/// <summary>
/// The repulsive forces through a potential on a grid, O(n) beside the grid: phi(y) = sum over j of 1 / (1 + |y - y_j|^2) is spread
/// by cubic B-splines, convolved and read off with its gradient; Z = sum of phi - n, and the force is -grad phi / 2. One charge and two
/// transforms, where Linderman et al. (Nature Methods 16, 2019) take four and nine. With nodes .35 apart forces are off by some 1 % of
/// their size, either way, Z by .02 %.
/// </summary>
internal sealed class GridRepulsion(int padded, double largestStep = GridRepulsion.UsualStep) : IRepulsion
{
    /// <summary>Between nodes, in units of the map.</summary>
    internal const double UsualStep = 0.35;

    /// <summary>At which Z is right to some 1e-5: for reading the divergence off.</summary>
    internal const double FineStep = 0.2;

    /// <summary>
    /// Finer than this gains nothing: the kernel is smooth at the scale of 1, and the gradient of the potential drowns in its rounding.
    /// </summary>
    private const double LeastStep = 0.125;

    private const int FewestNodes = 64;

    /// <summary>Nodes beyond the outermost points: those of the spline, and some for the ringing at the kernel's end.</summary>
    private const int Margin = 6;

    /// <summary>Nodes a side at most: a map this wide would have to have flown apart.</summary>
    private const int MostNodes = 2048;

    private const int BandHeight = 8;

    private readonly float[] _forceX = new float[padded];
    private readonly float[] _forceY = new float[padded];
    private readonly PointBands _bands = new();
    private GridConvolution? _convolution;
    private double _step;
    private float[] _grid = [];
    private double[] _potentials = [];

    public double Compute(Positions places, int? threads, CancellationToken cancellation = default)
    {
        var (left, right) = Range(places.X, places.Count);
        var (bottom, top) = Range(places.Y, places.Count);
        Fit(Math.Max(right - left, top - bottom), threads);
        var size = _convolution!.Size;
        var grid = new GridPlaces((float)(1 / _step), (float)((left + right) / 2), (float)((bottom + top) / 2), (size - 1) / 2f);
        _bands.Sort(places, grid, size);

        // A band's splines reach into the next: every other band at a time.
        var bands = size / BandHeight;
        Array.Clear(_grid);
        for (var odd = 0; odd < 2; odd++)
        {
            var first = odd;
            FixedOrder.ForEachPart((bands - odd + 1) / 2, threads, pair => Spread(places, grid, 2 * pair + first), cancellation);
        }
        _convolution.Apply(_grid, cancellation);
        FixedOrder.ForEachPart(bands, threads, band => _potentials[band] = ReadOff(places, grid, band), cancellation);
        return _potentials.Sum() - places.Count;
    }

    public Vector256<float> ForceOn(int first, int axis) => Vector256.Create(axis == 0 ? _forceX : _forceY, first);

    /// <summary>Grid and kernel for a map this wide; kept while they fit.</summary>
    private void Fit(double extent, int? threads)
    {
        if (!double.IsFinite(extent)) throw new MedTransferException("t-SNE's map has flown apart: lower LearningRate.");
        var step = Math.Max(
            Math.Clamp(GridSize.RoundUp(extent / (FewestNodes - Margin)), LeastStep, largestStep), extent / (MostNodes - Margin));
        var size = GridSize.AtLeast((int)Math.Ceiling(extent / step) + Margin, FewestNodes);
        if (_convolution?.Size == size && _step == step) return;
        _step = step;
        _convolution = new GridConvolution(size, (x, y) => 1 / (1 + step * step * ((double)x * x + (double)y * y)), threads);
        _grid = new float[size * size];
        _potentials = new double[size / BandHeight];
    }

    private static (double Least, double Largest) Range(float[] values, int count)
    {
        var (least, largest) = (values[0], values[0]);
        for (var i = 1; i < count; i++) (least, largest) = (Math.Min(least, values[i]), Math.Max(largest, values[i]));
        return (least, largest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(Positions places, GridPlaces grid, int band)
    {
        var size = _convolution!.Size;
        foreach (var i in _bands.Rows(band * BandHeight, BandHeight))
        {
            var (column, pastX) = grid.X(places.X[i]);
            var (row, pastY) = grid.Y(places.Y[i]);
            var (across, up) = (SplineWeights.Value(pastX), SplineWeights.Value(pastY));
            ref var node = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_grid), row * size + column);
            Vector128.FusedMultiplyAdd(across, Vector128.Create(up.GetElement(0)), Vector128.LoadUnsafe(ref node)).StoreUnsafe(ref node);
            node = ref Unsafe.Add(ref node, size);
            Vector128.FusedMultiplyAdd(across, Vector128.Create(up.GetElement(1)), Vector128.LoadUnsafe(ref node)).StoreUnsafe(ref node);
            node = ref Unsafe.Add(ref node, size);
            Vector128.FusedMultiplyAdd(across, Vector128.Create(up.GetElement(2)), Vector128.LoadUnsafe(ref node)).StoreUnsafe(ref node);
            node = ref Unsafe.Add(ref node, size);
            Vector128.FusedMultiplyAdd(across, Vector128.Create(up.GetElement(3)), Vector128.LoadUnsafe(ref node)).StoreUnsafe(ref node);
        }
    }

    /// <summary>Sets the forces on the band's points; the sum of their potentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double ReadOff(Positions places, GridPlaces grid, int band)
    {
        var (size, sum, toForce) = (_convolution!.Size, 0.0, (float)(-0.5 / _step));
        foreach (var i in _bands.Rows(band * BandHeight, BandHeight))
        {
            var (column, pastX) = grid.X(places.X[i]);
            var (row, pastY) = grid.Y(places.Y[i]);
            var (up, upSlope) = (SplineWeights.Value(pastY), SplineWeights.Slope(pastY));
            ref var node = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_grid), row * size + column);
            var nodes = Vector128.LoadUnsafe(ref node);
            var (value, slope) = (nodes * Vector128.Create(up.GetElement(0)), nodes * Vector128.Create(upSlope.GetElement(0)));
            nodes = Vector128.LoadUnsafe(ref node, (nuint)size);
            value = Vector128.FusedMultiplyAdd(nodes, Vector128.Create(up.GetElement(1)), value);
            slope = Vector128.FusedMultiplyAdd(nodes, Vector128.Create(upSlope.GetElement(1)), slope);
            nodes = Vector128.LoadUnsafe(ref node, (nuint)(2 * size));
            value = Vector128.FusedMultiplyAdd(nodes, Vector128.Create(up.GetElement(2)), value);
            slope = Vector128.FusedMultiplyAdd(nodes, Vector128.Create(upSlope.GetElement(2)), slope);
            nodes = Vector128.LoadUnsafe(ref node, (nuint)(3 * size));
            value = Vector128.FusedMultiplyAdd(nodes, Vector128.Create(up.GetElement(3)), value);
            slope = Vector128.FusedMultiplyAdd(nodes, Vector128.Create(upSlope.GetElement(3)), slope);

            var across = SplineWeights.Value(pastX);
            sum += Sum(across * value);
            _forceX[i] = toForce * Sum(SplineWeights.Slope(pastX) * value);
            _forceY[i] = toForce * Sum(across * slope);
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector128<float> v)
    {
        var pairs = v + Vector128.Shuffle(v, Vector128.Create(2, 3, 0, 1));
        return (pairs + Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}

/// <summary>Sizes of grids that transforms are fast on, and that do not change with every iteration.</summary>
internal static class GridSize
{
    /// <summary>The smallest multiple of 8, not below either, that is a product of twos, threes and fives.</summary>
    internal static int AtLeast(int nodes, int fewest)
    {
        for (var size = (Math.Max(nodes, fewest) + 7) / 8 * 8; ; size += 8)
        {
            var left = size;
            foreach (var factor in new[] { 2, 3, 5 })
            {
                while (left % factor == 0) left /= factor;
            }
            if (left == 1) return size;
        }
    }

    /// <summary>The next power of the fourth root of 2.</summary>
    internal static double RoundUp(double step) => Math.Pow(2, Math.Ceiling(4 * Math.Log2(step)) / 4);
}
