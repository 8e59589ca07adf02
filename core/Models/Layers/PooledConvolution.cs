using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Models.Layers;

/// <summary>
/// A 3 x 3 convolution with a border of zeros, 2 x 2 max pooling and ReLU of images (N, C, S, S), which have no gradient themselves: maps (N, M, S / 2, S / 2), each pixel's
/// channels side by side in memory. On a processor in one pass of our own, see <see cref="PooledConvolutionKernel"/>, else by libtorch; ties and what is not a number as libtorch has them.
/// </summary>
internal static class PooledConvolution
{
    /// <summary>The maps of such images.</summary>
    public static Tensor Of(Conv2d convolution, Tensor images)
    {
        var (weight, bias) = (convolution.weight, convolution.bias!);
        return IsOurs(images, weight) ? (is_grad_enabled() && weight.requires_grad ? Function.apply(images, weight, bias) : Values(images, weight, bias, null)).permute(0, 3, 1, 2) : ByLibtorch(convolution, images);
    }

    /// <summary>
    /// The same by libtorch, pooled before ReLU, which gives the same values and gradients (both are monotone) on a quarter of the elements. Of an odd side the last row and
    /// column, which pooling drops, are not convolved.
    /// </summary>
    public static Tensor ByLibtorch(Conv2d convolution, Tensor images)
    {
        var convolved = images.shape[2] % 2 == 1 && images.shape[3] == images.shape[2]
            ? nn.functional.conv2d(nn.functional.pad(images, [1, 0, 1, 0]), convolution.weight, convolution.bias)
            : convolution.call(images);
        return nn.functional.max_pool2d(convolved, 2).relu_();
    }

    private static bool IsOurs(Tensor images, Tensor weight) =>
        PooledConvolutionKernel.IsFast && images.device_type == DeviceType.CPU && images.dtype == ScalarType.Float32 && !images.requires_grad
        && images.shape[2] % 2 == 0 && images.shape[2] == images.shape[3] && weight.shape[0] % PooledConvolutionKernel.Width == 0;

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
