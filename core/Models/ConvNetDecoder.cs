using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>
/// The mirror of <see cref="ConvNetFeatures"/>: a linear layer with ReLU from the latent to 64 maps, then three transposed 4x4 convolutions of
/// 32, 16 and C channels, each doubling the side, ReLU between them and a sigmoid at the end: (N, latent) to (N, C, S, S) in (0, 1).
/// </summary>
internal sealed class ConvNetDecoder : nn.Module<Tensor, Tensor>
{
    private readonly long side;
    private readonly Linear latent;
    private readonly ConvTranspose2d deconv1, deconv2, deconv3;

    public ConvNetDecoder(int channels, int imageSize, int width) : base(nameof(ConvNetDecoder))
    {
        side = imageSize / 8;
        latent = nn.Linear(width, 64 * side * side);
        deconv1 = Doubling(64, 32, imageSize / 4);
        deconv2 = Doubling(32, 16, imageSize / 2);
        deconv3 = Doubling(16, channels, imageSize);
        RegisterComponents();
    }

    public override Tensor forward(Tensor embeddings)
    {
        var x = latent.call(embeddings).relu_().reshape(-1, 64, side, side);
        x = deconv1.call(x).relu_();
        x = deconv2.call(x).relu_();
        return deconv3.call(x).sigmoid_();
    }

    // pooling drops the last row of an odd side (28, 14, 7, 3): it is padded back. Transposed, rather than enlarged and convolved: the gradient
    // of a plain convolution to one or two channels came out as NaN (libtorch 2.10 on a CPU, 16 channels of 28 x 28)
    private static ConvTranspose2d Doubling(int from, int to, int size) =>
        nn.ConvTranspose2d(from, to, 4, stride: 2, padding: 1, output_padding: size % 2);
}
