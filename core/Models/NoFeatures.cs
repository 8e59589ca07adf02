using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>Sees nothing: every image (N, C, S, S) becomes the same embedding, one zero, so that a head on it can only learn its bias.</summary>
internal sealed class NoFeatures() : nn.Module<Tensor, Tensor>(nameof(NoFeatures))
{
    public override Tensor forward(Tensor images) => zeros([images.shape[0], 1], dtype: ScalarType.Float32, device: images.device);
}
