using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>Sees nothing: every image (N, C, S, S) becomes the same embedding, one zero, so that a head on it can only learn its bias.</summary>
internal sealed class NoFeatures() : nn.Module<Tensor, Tensor>(nameof(NoFeatures))
{
    public override Tensor forward(Tensor images) => zeros([images.shape[0], 1], dtype: ScalarType.Float32, device: images.device);
}

/// <summary>Sees how bright an image is and nothing else: images (N, C, S, S) in [-1, 1] to their mean over pixels and channels, (N, 1).</summary>
internal sealed class MeanBrightness() : nn.Module<Tensor, Tensor>(nameof(MeanBrightness))
{
    public override Tensor forward(Tensor images) => images.flatten(1).mean([1], keepdim: true);
}
