using System.Runtime.Intrinsics;
using MedTransfer.Models.Layers;
using MedTransfer.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models.Layers;

/// <summary>The pass of our own beside libtorch's, and by finite differences.</summary>
[Collection(OneAtATime.Name)]
public sealed class PooledConvolutionTests
{
    [Theory]
    [InlineData(1, 28, 16, 5)]
    [InlineData(3, 28, 16, 3)]
    [InlineData(1, 8, 8, 40)]
    [InlineData(3, 64, 24, 2)]
    [InlineData(4, 10, 8, 2)]
    public void Values_and_gradients_are_libtorchs(int channels, int side, int maps, int images)
    {
        using var scope = NewDisposeScope();
        using var convolution = Convolution(channels, maps);
        var (ours, weights, bias) = Trained(convolution, Images(images, channels, side), PooledConvolution.Of);
        var (theirs, theirWeights, theirBias) = Trained(convolution, Images(images, channels, side), PooledConvolution.ByLibtorch);

        Assert.Equal(theirs.shape, ours.shape);
        Assert.InRange(ours.sub(theirs).abs().max().item<float>(), 0, 1e-5f);
        AssertClose(theirWeights, weights);
        AssertClose(theirBias, bias);
    }

    [Fact]
    public void Gradients_are_what_finite_differences_say()
    {
        using var scope = NewDisposeScope();
        using var convolution = Convolution(2, 8);
        var images = Images(2, 2, 8);
        var (_, weights, bias) = Trained(convolution, images, PooledConvolution.Of);
        var loss = LossInDouble(convolution, images);

        foreach (var place in new[] { 0, 17, 80, 143 })
            Assert.Equal(Slope(convolution.weight, place, loss), weights.flatten()[place].item<float>(), 2e-4 * Math.Max(1, Math.Abs(weights.abs().max().item<float>())));
        Assert.Equal(Slope(convolution.bias!, 3, loss), bias[3].item<float>(), 2e-4 * Math.Max(1, Math.Abs(bias.abs().max().item<float>())));
    }

    // black images: every window is a tie of four, the bias alone decides what ReLU cuts
    [Fact]
    public void Of_ties_the_first_counts_and_nothing_passes_where_ReLU_cuts()
    {
        using var scope = NewDisposeScope();
        using var convolution = nn.Conv2d(1, 8, 3, padding: 1);
        using (no_grad())
        {
            convolution.weight.fill_(0f);
            convolution.bias!.copy_(tensor([1f, -1f, 0f, 1f, 1f, 1f, 1f, 1f]));
        }

        var images = Images(1, 1, 8);
        var (values, weights, bias) = Trained(convolution, images, PooledConvolution.Of);
        var (_, theirWeights, theirBias) = Trained(convolution, images, PooledConvolution.ByLibtorch);

        Assert.Equal([1f, 0f, 0f], values[0, .., 0, 0].data<float>().Take(3));
        Assert.Equal(theirWeights.data<float>().ToArray(), weights.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(theirBias.data<float>().ToArray(), bias.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void What_is_not_a_number_stays_so()
    {
        using var scope = NewDisposeScope();
        using var convolution = Convolution(1, 8);
        using (no_grad())
            convolution.bias![2] = tensor(float.NaN);
        var values = PooledConvolution.Of(convolution, Images(1, 1, 8));
        Assert.True(values[0, 2].isnan().all().item<bool>());
        Assert.False(values[0, 1].isnan().any().item<bool>());
    }

    [Fact]
    public void Bits_do_not_depend_on_threads_nor_on_what_else_is_in_the_batch()
    {
        using var scope = NewDisposeScope();
        var kernel = new PooledConvolutionKernel(1, 28, 16);
        var random = new Random(1);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
        var (images, weights, bias, slopes) = (Numbers(40 * 28 * 28), Numbers(16 * 9), Numbers(16), Numbers(40 * 14 * 14 * 16));
        (float[] Values, float[] Weights, float[] Bias) Pass(int threads)
        {
            var (values, places) = (new float[40 * 14 * 14 * 16], new byte[40 * 14 * 14 * 16]);
            kernel.Forward(images, weights, bias, values, places, threads);
            var (ofWeights, ofBias) = kernel.Backward(images, places, slopes, threads);
            return (values, ofWeights, ofBias);
        }

        var (one, three) = (Pass(1), Pass(3));
        Assert.Equal(one.Values, three.Values);
        Assert.Equal(one.Weights, three.Weights);
        Assert.Equal(one.Bias, three.Bias);
        var alone = new float[14 * 14 * 16];
        kernel.Forward(images.AsSpan(39 * 28 * 28), weights, bias, alone, [], 1);
        Assert.Equal(one.Values[(39 * 14 * 14 * 16)..], alone);
    }

    [Theory]
    [InlineData(11, 16, false)]
    [InlineData(28, 12, false)]
    [InlineData(28, 16, true)]
    public void Other_shapes_and_images_with_a_gradient_are_libtorchs(int side, int maps, bool hasGradient)
    {
        using var scope = NewDisposeScope();
        using var convolution = Convolution(1, maps);
        var images = Images(2, 1, side).requires_grad_(hasGradient);
        var values = PooledConvolution.Of(convolution, images);
        Assert.Equal(PooledConvolution.ByLibtorch(convolution, images).data<float>().ToArray(), values.data<float>().ToArray());
        values.sum().backward();
        Assert.Equal(hasGradient, images.grad is not null);
    }

    // side 7: the last row and column of what is convolved would be dropped
    [Theory]
    [InlineData(7, 16)]
    [InlineData(14, 16)]
    [InlineData(14, 12)]
    public void Of_maps_it_is_convolution_pooling_and_ReLU_in_this_order(int side, int maps)
    {
        using var scope = NewDisposeScope();
        using var convolution = Convolution(2, maps);
        var (images, same) = (Images(3, 2, side).requires_grad_(), Images(3, 2, side).requires_grad_());

        var (ours, weights, bias) = Trained(convolution, images, PooledConvolution.Of);
        var (plain, plainWeights, plainBias) = Trained(convolution, same, (layer, of) => nn.functional.relu(nn.functional.max_pool2d(layer.call(of), 2)));

        AssertClose(plain, ours);
        AssertClose(plainWeights, weights);
        AssertClose(plainBias, bias);
        AssertClose(same.grad!, images.grad!);
    }

    // a window of each kind: ties, all below 0, the largest in each place, what is not a number anywhere
    [Fact]
    public void Pooling_is_libtorchs_to_the_bit()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        var values = randn(3, 8, 16, 16).mul(2).round().permute(0, 2, 3, 1).contiguous();
        values[0, 0, 0, 0] = float.NaN;
        values[1, 3, 2, 1] = float.NaN;
        values[2, 5, 5, 2] = float.PositiveInfinity;
        var slopes = randn(3, 8, 8, 8);
        var (pooled, ofValues) = Pooled(values.data<float>().ToArray(), slopes.data<float>().ToArray(), side: 16);

        var maps = values.permute(0, 3, 1, 2).clone().requires_grad_();
        var theirs = nn.functional.relu(nn.functional.max_pool2d(maps, 2));
        theirs.backward([slopes.permute(0, 3, 1, 2)]);

        Assert.Equal(theirs.permute(0, 2, 3, 1).contiguous().data<float>().ToArray(), pooled);
        Assert.Equal(maps.grad!.permute(0, 2, 3, 1).contiguous().data<float>().ToArray(), ofValues);
        Assert.Contains(pooled, float.IsNaN);
    }

    [Fact]
    public void Frozen_weights_get_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var convolution = Convolution(1, 8);
        foreach (var parameter in convolution.parameters())
            parameter.requires_grad_(false);
        Assert.False(PooledConvolution.Of(convolution, Images(1, 1, 8)).requires_grad);
    }

    [Fact]
    public void A_bias_alone_gets_its_gradient()
    {
        using var scope = NewDisposeScope();
        using var convolution = Convolution(1, 8);
        convolution.weight.requires_grad_(false);
        PooledConvolution.Of(convolution, Images(2, 1, 8)).sum().backward();
        var ours = convolution.bias!.grad!.clone();
        convolution.bias.grad = null;
        PooledConvolution.ByLibtorch(convolution, Images(2, 1, 8)).sum().backward();
        Assert.InRange((ours - convolution.bias.grad!).abs().max().item<float>(), 0, 1e-4);
    }

    /// <summary>Of eight channels side by side: maxima of windows, and the gradient that their places lead back.</summary>
    private static unsafe (float[] Pooled, float[] OfValues) Pooled(float[] values, float[] slopes, int side)
    {
        const int Width = PooledMaximum.Width;
        var (pooled, places, ofValues) = (new float[slopes.Length], new byte[slopes.Length], new float[values.Length]);
        fixed (float* output = pooled)
        fixed (byte* place = places)
        {
            for (var window = 0; window < slopes.Length / Width; window++)
            {
                var (line, column) = (window / (side / 2), window % (side / 2));
                int At(int which) => ((2 * line + which / 2) * side + 2 * column + which % 2) * Width;
                Vector256<float> Of(int which) => Vector256.Create(values, At(which));
                PooledMaximum.Keep(Of(0), Of(1), Of(2), Of(3), output + window * Width, place + window * Width);
                var widened = PooledMaximum.Widened(place + window * Width);
                for (var channel = 0; channel < Width; channel++)
                {
                    if (widened[channel] != PooledMaximum.Cut) ofValues[At(widened[channel]) + channel] = slopes[window * Width + channel];
                }
            }
        }

        return (pooled, ofValues);
    }

    private static Conv2d Convolution(int channels, int maps)
    {
        manual_seed(3);
        return nn.Conv2d(channels, maps, 3, padding: 1);
    }

    private static Tensor Images(int count, int channels, int side)
    {
        manual_seed(5);
        return rand(count, channels, side, side).mul(2).sub(1);
    }

    // a loss that no two places weigh the same in
    private static Tensor Weighed(Tensor values) => values.mul(linspace(-1, 1, values.numel(), values.dtype).reshape(values.shape)).sum();

    private static (Tensor Values, Tensor Weights, Tensor Bias) Trained(Conv2d convolution, Tensor images, Func<Conv2d, Tensor, Tensor> pass)
    {
        convolution.zero_grad();
        var values = pass(convolution, images);
        Weighed(values).backward();
        return (values.detach().clone(), convolution.weight.grad!.clone(), convolution.bias!.grad!.clone());
    }

    private static Func<double> LossInDouble(Conv2d convolution, Tensor images) => () =>
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var maps = nn.functional.conv2d(images.to(ScalarType.Float64), convolution.weight.to(ScalarType.Float64), convolution.bias!.to(ScalarType.Float64), padding: [1, 1]);
        return Weighed(nn.functional.max_pool2d(maps, 2).relu()).item<double>();
    };

    private static double Slope(Parameter parameter, int place, Func<double> loss)
    {
        const float Step = 1e-3f;
        double At(float by)
        {
            using var off = no_grad();
            using var flat = parameter.view(-1);
            var before = flat[place].item<float>();
            flat[place] = tensor(before + by);
            var value = loss();
            flat[place] = tensor(before);
            return value;
        }

        return (At(Step) - At(-Step)) / (2 * Step);
    }

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.InRange(actual.sub(expected).abs().max().item<float>() / expected.abs().max().item<float>(), 0, 1e-5f);
}
