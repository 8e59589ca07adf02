using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MedTransfer.Numerics;
using MedTransfer.Numerics.Fourier;

namespace MedTransfer.Reduction.NeighbourEmbedding.Repulsion;

/// <summary>
/// Convolution of an M x M grid with an even kernel that reaches across it, nothing wrapping round, in transforms of length M alone. Along
/// x the grid counts as a polynomial modulo x^M = i: what would wrap comes back turned by i, so the real part is free of it (the
/// right-angle convolution of Nussbaumer, Fast Fourier Transform and Convolution Algorithms, 1982, 4.4). Along y the double length
/// splits into its even and odd frequencies, M of each. The kernel being even, its transform is real.
/// </summary>
internal sealed class GridConvolution
{
    private const int Width = ComplexBatch.Count;

    private readonly BatchedFft _fourier;
    private readonly int? _threads;
    private readonly ConcurrentBag<Buffers> _buffers = [];

    // exp(i pi k / 2M) and exp(-i pi k / M)
    private readonly (float[] Re, float[] Im) _quarter, _half;

    // [eight frequencies along x][row][8]
    private readonly float[] _re, _im;
    private readonly float[] _even, _odd;

    /// <param name="size">M, a product of twos, threes and fives, and a multiple of 8.</param>
    /// <param name="kernel">Its value so many nodes away along x and y, 0 to M - 1.</param>
    internal GridConvolution(int size, Func<int, int, double> kernel, int? threads)
    {
        (Size, _threads, _fourier) = (size, threads, new BatchedFft(size));
        (_quarter, _half) = (Turns(size, 0.5), Turns(size, -1));
        (_re, _im) = (new float[size * size], new float[size * size]);
        (_even, _odd) = (new float[size * size], new float[size * size]);
        SetKernel(kernel);
    }

    internal int Size { get; }

    /// <summary>Replaces the grid, row after row, by its convolution with the kernel.</summary>
    internal void Apply(float[] grid, CancellationToken cancellation = default)
    {
        ForEachBlock((block, buffers) => TransformRows(grid, block, buffers), cancellation);
        ForEachBlock(FilterColumns, cancellation);
        ForEachBlock((block, buffers) => TransformBack(grid, block, buffers), cancellation);
    }

    private void ForEachBlock(Action<int, Buffers> work, CancellationToken cancellation) =>
        FixedOrder.ForEachPart(Size / Width, _threads, block =>
        {
            if (!_buffers.TryTake(out var buffers)) buffers = new Buffers(Size);
            work(block, buffers);
            _buffers.Add(buffers);
        }, cancellation);

    private static (float[] Re, float[] Im) Turns(int size, double halfTurns)
    {
        var turns = Enumerable.Range(0, size).Select(k => Math.SinCos(halfTurns * Math.PI * k / size)).ToArray();
        return ([.. turns.Select(turn => (float)turn.Cos)], [.. turns.Select(turn => (float)turn.Sin)]);
    }

    /// <summary>Eight rows: turned by a quarter over their length, transformed, and laid down by frequency.</summary>
    private void TransformRows(float[] grid, int block, Buffers buffers)
    {
        var x = buffers.A;
        for (var column = 0; column < Size; column += Width)
            ComplexBatch.Transpose(ref grid[block * Width * Size + column], Size, ref x.Re[column * Width], Width);
        for (var column = 0; column < Size; column++)
        {
            var value = Vector256.Create(x.Re, column * Width);
            (value * Vector256.Create(_quarter.Im[column])).CopyTo(x.Im, column * Width);
            (value * Vector256.Create(_quarter.Re[column])).CopyTo(x.Re, column * Width);
        }
        _fourier.Forward(ref buffers.A, ref buffers.B);
        for (var u = 0; u < Size; u += Width)
        {
            var to = (u * Size) + block * Width * Width;
            ComplexBatch.Transpose(ref buffers.A.Re[u * Width], Width, ref _re[to], Width);
            ComplexBatch.Transpose(ref buffers.A.Im[u * Width], Width, ref _im[to], Width);
        }
    }

    /// <summary>Eight frequencies along x: there and back along y, the kernel in between.</summary>
    private void FilterColumns(int block, Buffers buffers)
    {
        var start = block * Width * Size;
        var re = _re.AsSpan(start, Width * Size);
        var im = _im.AsSpan(start, Width * Size);

        re.CopyTo(buffers.A.Re);
        im.CopyTo(buffers.A.Im);
        Filter(ref buffers.A, ref buffers.B, _even.AsSpan(start, Width * Size));
        (buffers.A, buffers.C) = (buffers.C, buffers.A);

        for (var y = 0; y < Size; y++) Store(Turn(Load(re, im, y), _half.Re[y], _half.Im[y]), buffers.A.Re, buffers.A.Im, y);
        Filter(ref buffers.A, ref buffers.B, _odd.AsSpan(start, Width * Size));
        for (var y = 0; y < Size; y++)
        {
            var odd = Turn(Load(buffers.A.Re, buffers.A.Im, y), _half.Re[y], -_half.Im[y]);
            Store(Load(buffers.C.Re, buffers.C.Im, y) + odd, re, im, y);
        }
    }

    private void Filter(ref ComplexBatch x, ref ComplexBatch other, ReadOnlySpan<float> kernel)
    {
        _fourier.Forward(ref x, ref other);
        for (var at = 0; at < kernel.Length; at += Width)
        {
            var factor = Vector256.Create(kernel[at..]);
            (Vector256.Create(x.Re, at) * factor).CopyTo(x.Re, at);
            (Vector256.Create(x.Im, at) * factor).CopyTo(x.Im, at);
        }
        _fourier.Backward(ref x, ref other);
    }

    /// <summary>Eight rows: back from frequencies, the turn undone, the real part kept.</summary>
    private void TransformBack(float[] grid, int block, Buffers buffers)
    {
        for (var u = 0; u < Size; u += Width)
        {
            var from = (u * Size) + block * Width * Width;
            ComplexBatch.Transpose(ref _re[from], Width, ref buffers.A.Re[u * Width], Width);
            ComplexBatch.Transpose(ref _im[from], Width, ref buffers.A.Im[u * Width], Width);
        }
        _fourier.Backward(ref buffers.A, ref buffers.B);
        var x = buffers.A;
        for (var column = 0; column < Size; column++)
        {
            var (re, im) = (Vector256.Create(x.Re, column * Width), Vector256.Create(x.Im, column * Width));
            var real = Vector256.FusedMultiplyAdd(re, Vector256.Create(_quarter.Re[column]), im * Vector256.Create(_quarter.Im[column]));
            real.CopyTo(x.Re, column * Width);
        }
        for (var column = 0; column < Size; column += Width)
            ComplexBatch.Transpose(ref x.Re[column * Width], Width, ref grid[block * Width * Size + column], Size);
    }

    /// <summary>
    /// The kernel's transform, by the steps of any grid. Its values on both sides of 0 make twice the real part of those on one,
    /// less the one at 0.
    /// </summary>
    private void SetKernel(Func<int, int, double> kernel)
    {
        var (grid, buffers) = (new float[Size * Size], new Buffers(Size));
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++) grid[y * Size + x] = (float)(kernel(x, y) / (x == 0 ? 2 : 1) / (y == 0 ? 2 : 1));
        }
        for (var block = 0; block < Size / Width; block++) TransformRows(grid, block, buffers);
        Array.Clear(_im);
        // 2 Re along x and along y; and 1 / M for the way back along x, 1 / 2M along y.
        var scale = Vector256.Create(4f / (2f * Size * Size));
        for (var block = 0; block < Size / Width; block++)
        {
            var start = block * Width * Size;
            var re = _re.AsSpan(start, Width * Size);
            for (var odd = 0; odd < 2; odd++)
            {
                for (var y = 0; y < Size; y++)
                {
                    var (cosine, sine) = odd == 0 ? (1f, 0f) : (_half.Re[y], _half.Im[y]);
                    Store(Turn(Load(re, _im, y), cosine, sine), buffers.A.Re, buffers.A.Im, y);
                }
                _fourier.Forward(ref buffers.A, ref buffers.B);
                var to = odd == 0 ? _even : _odd;
                for (var v = 0; v < Size; v++)
                {
                    var sharpened = Sharpening(block * Width, 2 * v + odd);
                    (Vector256.Create(buffers.A.Re, v * Width) * scale * sharpened).CopyTo(to, start + v * Width);
                }
            }
        }
    }

    /// <summary>
    /// One over the square of the cubic B-spline's transform, ((4 + 2 cos angle) / 6)^2 an axis: charges are spread, and the potential
    /// read off, by that spline.
    /// </summary>
    private Vector256<float> Sharpening(int u, int v)
    {
        Span<float> factors = stackalloc float[Width];
        var alongY = (2 + Math.Cos(Math.PI * v / Size)) / 3;
        for (var lane = 0; lane < Width; lane++)
        {
            var alongX = (2 + Math.Cos(2 * Math.PI * (u + lane - 0.25) / Size)) / 3;
            factors[lane] = (float)(1 / (alongX * alongX * alongY * alongY));
        }
        return Vector256.Create<float>(factors);
    }

    private static ComplexVector Turn(ComplexVector value, float cosine, float sine) =>
        value * new ComplexVector(Vector256.Create(cosine), Vector256.Create(sine));

    private static ComplexVector Load(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int at) =>
        new(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(re), (nuint)(at * Width)),
            Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(im), (nuint)(at * Width)));

    private static void Store(ComplexVector value, Span<float> re, Span<float> im, int at)
    {
        value.Re.StoreUnsafe(ref MemoryMarshal.GetReference(re), (nuint)(at * Width));
        value.Im.StoreUnsafe(ref MemoryMarshal.GetReference(im), (nuint)(at * Width));
    }

    private sealed class Buffers(int size)
    {
        internal ComplexBatch A = new(size), B = new(size), C = new(size);
    }
}
