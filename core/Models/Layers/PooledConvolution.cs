using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Models.Layers;

/// <summary>
/// A 3 x 3 convolution with a border of zeros, 2 x 2 max pooling and ReLU: (N, C, S, S) to maps (N, M, S / 2, S / 2). Images on a processor, which have no gradient
/// themselves, pass all three at once, each pixel's channels side by side in memory, see <see cref="PooledConvolutionKernel"/>; of all else libtorch does it. Ties and what is not a number
/// as libtorch has them. Gradients have no gradients of their own.
/// </summary>
internal static class PooledConvolution
{
    /// <summary>Channels of images that are convolved here: of more, libtorch is quicker.</summary>
    private const int MostChannels = 4;

    /// <summary>The maps of such images, or of such maps.</summary>
    public static Tensor Of(Conv2d convolution, Tensor images)
    {
        var (weight, bias) = (convolution.weight, convolution.bias!);
        if (IsOurs(images, weight))
            return (is_grad_enabled() && (weight.requires_grad || bias.requires_grad) ? Function.apply(images, weight, bias) : Values(images, weight, bias, null)).permute(0, 3, 1, 2);
        return ByLibtorch(convolution, images);
    }

    /// <summary>The same by libtorch alone, pooled before ReLU, which gives the same values and gradients (both are monotone) on a quarter of the elements.</summary>
    public static Tensor ByLibtorch(Conv2d convolution, Tensor images) => nn.functional.max_pool2d(Convolved(convolution, images), 2).relu_();

    // of an odd side the last row and column, which pooling drops, are not convolved
    private static Tensor Convolved(Conv2d convolution, Tensor images) => images.shape[2] % 2 == 1 && images.shape[3] == images.shape[2]
        ? nn.functional.conv2d(nn.functional.pad(images, [1, 0, 1, 0]), convolution.weight, convolution.bias)
        : convolution.call(images);

    private static bool IsOurs(Tensor images, Tensor weight) =>
        IsFloatHere(images) && !images.requires_grad && images.shape[1] <= MostChannels && IsEvenSquare(images)
        && weight.shape[0] % PooledConvolutionKernel.Width == 0 && HasRoom(images) && HasRoom(images.numel() / images.shape[1] / 4 * weight.shape[0]);

    private static bool HasRoom(Tensor values) => HasRoom(values.numel());

    // a span has no more bytes
    private static bool HasRoom(long floats) => floats <= int.MaxValue / sizeof(float);

    private static bool IsFloatHere(Tensor values) => PooledConvolutionKernel.IsFast && values.device_type == DeviceType.CPU && values.dtype == ScalarType.Float32;

    private static bool IsEvenSquare(Tensor values) => values.shape[2] % 2 == 0 && values.shape[2] == values.shape[3];

    private static PooledConvolutionKernel KernelOf(Tensor images, Tensor weight) => new((int)images.shape[1], (int)images.shape[2], (int)weight.shape[0]);

    // (N, S / 2, S / 2, M)
    private static Tensor Values(Tensor images, Tensor weight, Tensor bias, Tensor? places)
    {
        using var plain = images.contiguous();
        using var weights = weight.detach().contiguous();
        using var offsets = bias.detach().contiguous();
        var pooled = images.shape[2] / 2;
        var output = empty(images.shape[0], pooled, pooled, weight.shape[0]);
        KernelOf(images, weight).Forward(Floats(plain), Floats(weights), Floats(offsets), Floats(output), places is null ? [] : places.bytes, get_num_threads());
        return output;
    }

    private static Span<float> Floats(Tensor values) => MemoryMarshal.Cast<byte, float>(values.bytes);

    private sealed class Function : autograd.SingleTensorFunction<Function>
    {
        public override string Name => nameof(PooledConvolution);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (images, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
            var pooled = images.shape[2] / 2;
            var places = empty([images.shape[0], pooled, pooled, weight.shape[0]], ScalarType.Byte);
            var output = Values(images, weight, bias, places);
            ctx.save_for_backward([images, weight, places]);
            return output;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var saved = ctx.get_saved_variables();
            var (images, weight, places) = (saved[0], saved[1], saved[2]);
            using var plain = images.contiguous();
            using var slopes = grad_output.contiguous();
            var (ofWeights, ofBias) = KernelOf(images, weight).Backward(Floats(plain), places.bytes, Floats(slopes), get_num_threads());
            return [null!, tensor(ofWeights).reshape(weight.shape), tensor(ofBias)];
        }
    }
}
