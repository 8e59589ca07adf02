using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MedTransfer.Models.Layers;

/// <summary>
/// A 3 x 3 convolution with a border of zeros, 2 x 2 max pooling and ReLU in one pass: the maps before pooling, four times as large as what is kept
/// of them, are never written. Eight output channels at a time, always in the same order, so that bits depend neither on threads nor on the processor.
/// </summary>
/// <param name="channels">Of an image.</param>
/// <param name="side">Pixels a side, even.</param>
/// <param name="maps">Output channels, a multiple of <see cref="Width"/>.</param>
internal sealed class PooledConvolutionKernel(int channels, int side, int maps)
{
    /// <summary>Output channels at a time.</summary>
    public const int Width = 8;

    private const int Taps = 9;

    // images whose gradients are added up by themselves: the same for any number of threads
    private const int Block = 16;

    private readonly int padded = side + 2, pooled = side / 2;

    /// <summary>Whether this processor has what makes it fast.</summary>
    public static bool IsFast { get; } = Fma.IsSupported || AdvSimd.IsSupported;

    private int ImageLength => channels * side * side;

    private int MapsLength => pooled * pooled * maps;

    /// <summary>Values of every map, and where each was in its window.</summary>
    /// <param name="images">(N, C, S, S)</param>
    /// <param name="weights">(M, C, 3, 3)</param>
    /// <param name="bias">(M)</param>
    /// <param name="output">(N, S / 2, S / 2, M)</param>
    /// <param name="places">The same; empty where no gradient is asked for.</param>
    /// <param name="threads">That share the images.</param>
    public unsafe void Forward(ReadOnlySpan<float> images, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> output, Span<byte> places, int threads)
    {
        var count = images.Length / ImageLength;
        var packed = Packed(weights);
        fixed (float* image = images, weight = packed, offset = bias, map = output)
        fixed (byte* place = places)
        {
            var (imageAt, weightAt, offsetAt, mapAt, placeAt) = ((nint)image, (nint)weight, (nint)offset, (nint)map, (nint)place);
            ForEachBlock(count, threads, (block, border) =>
            {
                for (var n = block * Block; n < Math.Min(count, (block + 1) * Block); n++)
                {
                    Pad((float*)imageAt + (long)n * ImageLength, border);
                    fixed (float* pixels = border)
                        Forward(pixels, (float*)weightAt, (float*)offsetAt, (float*)mapAt + (long)n * MapsLength, placeAt == 0 ? null : (byte*)placeAt + (long)n * MapsLength);
                }
            });
        }
    }

    /// <summary>Gradients of weights (M, C, 3, 3) and bias (M), from those of the output; an image has none.</summary>
    /// <param name="images">(N, C, S, S)</param>
    /// <param name="places">As <see cref="Forward(ReadOnlySpan{float}, ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, Span{byte}, int)"/> left them.</param>
    /// <param name="gradient">(N, S / 2, S / 2, M)</param>
    /// <param name="threads">That share the images.</param>
    public unsafe (float[] Weights, float[] Bias) Backward(ReadOnlySpan<float> images, ReadOnlySpan<byte> places, ReadOnlySpan<float> gradient, int threads)
    {
        var count = images.Length / ImageLength;
        var blocks = (count + Block - 1) / Block;
        var (ofWeights, ofBias) = (channels * Taps * maps, maps);
        var sums = new double[blocks][];
        fixed (float* image = images, slope = gradient)
        fixed (byte* place = places)
        {
            var (imageAt, slopeAt, placeAt) = ((nint)image, (nint)slope, (nint)place);
            ForEachBlock(count, threads, (block, border) =>
            {
                var (sum, own) = (new double[ofWeights + ofBias], new float[ofWeights + ofBias]);
                for (var n = block * Block; n < Math.Min(count, (block + 1) * Block); n++)
                {
                    Pad((float*)imageAt + (long)n * ImageLength, border);
                    fixed (float* pixels = border, here = own)
                        Backward(pixels, (byte*)placeAt + (long)n * MapsLength, (float*)slopeAt + (long)n * MapsLength, here, here + ofWeights);
                    for (var i = 0; i < sum.Length; i++)
                        sum[i] += own[i];
                }

                sums[block] = sum;
            });
        }

        var (weights, bias) = (new float[ofWeights], new float[ofBias]);
        for (var i = 0; i < ofWeights + ofBias; i++)
        {
            var sum = sums.Sum(block => block[i]);
            if (i < ofWeights)
                weights[PlaceInFile(i)] = (float)sum;
            else
                bias[i - ofWeights] = (float)sum;
        }

        return (weights, bias);
    }

    // each thread with room for one image and its border
    private void ForEachBlock(int count, int threads, Action<int, float[]> body)
    {
        var blocks = (count + Block - 1) / Block;
        float[] Border() => new float[channels * padded * padded];
        if (threads <= 1 || blocks == 1)
        {
            var border = Border();
            for (var block = 0; block < blocks; block++)
                body(block, border);
        }
        else
        {
            Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, Border, (block, _, border) =>
            {
                body(block, border);
                return border;
            }, _ => { });
        }
    }

    // eight maps side by side: (M / 8, C, 9, 8)
    private float[] Packed(ReadOnlySpan<float> weights)
    {
        var packed = new float[weights.Length];
        for (var i = 0; i < packed.Length; i++)
            packed[i] = weights[PlaceInFile(i)];
        return packed;
    }

    // where (M, C, 3, 3) has what is packed
    private int PlaceInFile(int i)
    {
        var (lane, tap, channel, group) = (i % Width, i / Width % Taps, i / (Width * Taps) % channels, i / (Width * Taps * channels));
        return ((group * Width + lane) * channels + channel) * Taps + tap;
    }

    private unsafe void Pad(float* image, float[] border)
    {
        for (var channel = 0; channel < channels; channel++)
        {
            for (var row = 0; row < side; row++)
                new ReadOnlySpan<float>(image + (channel * side + row) * side, side).CopyTo(border.AsSpan((channel * padded + row + 1) * padded + 1));
        }
    }

    // written out, here and in Backward: of vectors in arrays or loops none stays in a register
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Forward(float* pixels, float* weights, float* bias, float* output, byte* places)
    {
        for (var first = 0; first < maps; first += Width)
        {
            var offset = Vector256.Load(bias + first);
            var own = weights + first * channels * Taps;
            for (var row = 0; row < pooled; row++)
            {
                for (var column = 0; column < pooled; column++)
                {
                    var (s0, s1, s2, s3) = (offset, offset, offset, offset);
                    for (var channel = 0; channel < channels; channel++)
                    {
                        var w = own + channel * Taps * Width;
                        var (w0, w1, w2) = (Vector256.Load(w), Vector256.Load(w + 8), Vector256.Load(w + 16));
                        var (w3, w4, w5) = (Vector256.Load(w + 24), Vector256.Load(w + 32), Vector256.Load(w + 40));
                        var (w6, w7, w8) = (Vector256.Load(w + 48), Vector256.Load(w + 56), Vector256.Load(w + 64));
                        var line = pixels + (channel * padded + 2 * row) * padded + 2 * column;

                        var p = Vector256.Create(line[0]);
                        s0 = Vector256.FusedMultiplyAdd(p, w0, s0);
                        p = Vector256.Create(line[1]);
                        s0 = Vector256.FusedMultiplyAdd(p, w1, s0);
                        s1 = Vector256.FusedMultiplyAdd(p, w0, s1);
                        p = Vector256.Create(line[2]);
                        s0 = Vector256.FusedMultiplyAdd(p, w2, s0);
                        s1 = Vector256.FusedMultiplyAdd(p, w1, s1);
                        p = Vector256.Create(line[3]);
                        s1 = Vector256.FusedMultiplyAdd(p, w2, s1);

                        line += padded;
                        p = Vector256.Create(line[0]);
                        s0 = Vector256.FusedMultiplyAdd(p, w3, s0);
                        s2 = Vector256.FusedMultiplyAdd(p, w0, s2);
                        p = Vector256.Create(line[1]);
                        s0 = Vector256.FusedMultiplyAdd(p, w4, s0);
                        s1 = Vector256.FusedMultiplyAdd(p, w3, s1);
                        s2 = Vector256.FusedMultiplyAdd(p, w1, s2);
                        s3 = Vector256.FusedMultiplyAdd(p, w0, s3);
                        p = Vector256.Create(line[2]);
                        s0 = Vector256.FusedMultiplyAdd(p, w5, s0);
                        s1 = Vector256.FusedMultiplyAdd(p, w4, s1);
                        s2 = Vector256.FusedMultiplyAdd(p, w2, s2);
                        s3 = Vector256.FusedMultiplyAdd(p, w1, s3);
                        p = Vector256.Create(line[3]);
                        s1 = Vector256.FusedMultiplyAdd(p, w5, s1);
                        s3 = Vector256.FusedMultiplyAdd(p, w2, s3);

                        line += padded;
                        p = Vector256.Create(line[0]);
                        s0 = Vector256.FusedMultiplyAdd(p, w6, s0);
                        s2 = Vector256.FusedMultiplyAdd(p, w3, s2);
                        p = Vector256.Create(line[1]);
                        s0 = Vector256.FusedMultiplyAdd(p, w7, s0);
                        s1 = Vector256.FusedMultiplyAdd(p, w6, s1);
                        s2 = Vector256.FusedMultiplyAdd(p, w4, s2);
                        s3 = Vector256.FusedMultiplyAdd(p, w3, s3);
                        p = Vector256.Create(line[2]);
                        s0 = Vector256.FusedMultiplyAdd(p, w8, s0);
                        s1 = Vector256.FusedMultiplyAdd(p, w7, s1);
                        s2 = Vector256.FusedMultiplyAdd(p, w5, s2);
                        s3 = Vector256.FusedMultiplyAdd(p, w4, s3);
                        p = Vector256.Create(line[3]);
                        s1 = Vector256.FusedMultiplyAdd(p, w8, s1);
                        s3 = Vector256.FusedMultiplyAdd(p, w5, s3);

                        line += padded;
                        p = Vector256.Create(line[0]);
                        s2 = Vector256.FusedMultiplyAdd(p, w6, s2);
                        p = Vector256.Create(line[1]);
                        s2 = Vector256.FusedMultiplyAdd(p, w7, s2);
                        s3 = Vector256.FusedMultiplyAdd(p, w6, s3);
                        p = Vector256.Create(line[2]);
                        s2 = Vector256.FusedMultiplyAdd(p, w8, s2);
                        s3 = Vector256.FusedMultiplyAdd(p, w7, s3);
                        p = Vector256.Create(line[3]);
                        s3 = Vector256.FusedMultiplyAdd(p, w8, s3);
                    }

                    var at = (row * pooled + column) * maps + first;
                    PooledMaximum.Keep(s0, s1, s2, s3, output + at, places == null ? null : places + at);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Backward(float* pixels, byte* places, float* gradient, float* ofWeights, float* ofBias)
    {
        for (var first = 0; first < maps; first += Width)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default, a8 = default;
                var bias = Vector256<float>.Zero;
                for (var row = 0; row < pooled; row++)
                {
                    for (var column = 0; column < pooled; column++)
                    {
                        var at = (row * pooled + column) * maps + first;
                        var slope = Vector256.Load(gradient + at);
                        var where = PooledMaximum.Widened(places + at);
                        var g0 = (Vector256.Equals(where, Vector256<int>.Zero) & slope.AsInt32()).AsSingle();
                        var g1 = (Vector256.Equals(where, Vector256.Create(1)) & slope.AsInt32()).AsSingle();
                        var g2 = (Vector256.Equals(where, Vector256.Create(2)) & slope.AsInt32()).AsSingle();
                        var g3 = (Vector256.Equals(where, Vector256.Create(3)) & slope.AsInt32()).AsSingle();
                        bias += g0 + g1 + (g2 + g3);
                        var line = pixels + (channel * padded + 2 * row) * padded + 2 * column;

                        var p = Vector256.Create(line[0]);
                        a0 = Vector256.FusedMultiplyAdd(p, g0, a0);
                        p = Vector256.Create(line[1]);
                        a0 = Vector256.FusedMultiplyAdd(p, g1, a0);
                        a1 = Vector256.FusedMultiplyAdd(p, g0, a1);
                        p = Vector256.Create(line[2]);
                        a1 = Vector256.FusedMultiplyAdd(p, g1, a1);
                        a2 = Vector256.FusedMultiplyAdd(p, g0, a2);
                        p = Vector256.Create(line[3]);
                        a2 = Vector256.FusedMultiplyAdd(p, g1, a2);

                        line += padded;
                        p = Vector256.Create(line[0]);
                        a0 = Vector256.FusedMultiplyAdd(p, g2, a0);
                        a3 = Vector256.FusedMultiplyAdd(p, g0, a3);
                        p = Vector256.Create(line[1]);
                        a0 = Vector256.FusedMultiplyAdd(p, g3, a0);
                        a1 = Vector256.FusedMultiplyAdd(p, g2, a1);
                        a3 = Vector256.FusedMultiplyAdd(p, g1, a3);
                        a4 = Vector256.FusedMultiplyAdd(p, g0, a4);
                        p = Vector256.Create(line[2]);
                        a1 = Vector256.FusedMultiplyAdd(p, g3, a1);
                        a2 = Vector256.FusedMultiplyAdd(p, g2, a2);
                        a4 = Vector256.FusedMultiplyAdd(p, g1, a4);
                        a5 = Vector256.FusedMultiplyAdd(p, g0, a5);
                        p = Vector256.Create(line[3]);
                        a2 = Vector256.FusedMultiplyAdd(p, g3, a2);
                        a5 = Vector256.FusedMultiplyAdd(p, g1, a5);

                        line += padded;
                        p = Vector256.Create(line[0]);
                        a3 = Vector256.FusedMultiplyAdd(p, g2, a3);
                        a6 = Vector256.FusedMultiplyAdd(p, g0, a6);
                        p = Vector256.Create(line[1]);
                        a3 = Vector256.FusedMultiplyAdd(p, g3, a3);
                        a4 = Vector256.FusedMultiplyAdd(p, g2, a4);
                        a6 = Vector256.FusedMultiplyAdd(p, g1, a6);
                        a7 = Vector256.FusedMultiplyAdd(p, g0, a7);
                        p = Vector256.Create(line[2]);
                        a4 = Vector256.FusedMultiplyAdd(p, g3, a4);
                        a5 = Vector256.FusedMultiplyAdd(p, g2, a5);
                        a7 = Vector256.FusedMultiplyAdd(p, g1, a7);
                        a8 = Vector256.FusedMultiplyAdd(p, g0, a8);
                        p = Vector256.Create(line[3]);
                        a5 = Vector256.FusedMultiplyAdd(p, g3, a5);
                        a8 = Vector256.FusedMultiplyAdd(p, g1, a8);

                        line += padded;
                        p = Vector256.Create(line[0]);
                        a6 = Vector256.FusedMultiplyAdd(p, g2, a6);
                        p = Vector256.Create(line[1]);
                        a6 = Vector256.FusedMultiplyAdd(p, g3, a6);
                        a7 = Vector256.FusedMultiplyAdd(p, g2, a7);
                        p = Vector256.Create(line[2]);
                        a7 = Vector256.FusedMultiplyAdd(p, g3, a7);
                        a8 = Vector256.FusedMultiplyAdd(p, g2, a8);
                        p = Vector256.Create(line[3]);
                        a8 = Vector256.FusedMultiplyAdd(p, g3, a8);
                    }
                }

                var own = ofWeights + (first * channels + channel * Width) * Taps;
                a0.Store(own);
                a1.Store(own + 8);
                a2.Store(own + 16);
                a3.Store(own + 24);
                a4.Store(own + 32);
                a5.Store(own + 40);
                a6.Store(own + 48);
                a7.Store(own + 56);
                a8.Store(own + 64);
                bias.Store(ofBias + first);
            }
        }
    }
}
