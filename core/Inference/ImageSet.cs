using System.Security.Cryptography;
using MedTransfer.Data;
using MedTransfer.Evaluation.Images;
using MedTransfer.Models;
using MedTransfer.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>A split on the compute device: images stay uint8 there and become floats, scaled as the model wants them, a batch at a time.</summary>
public sealed class ImageSet : IDisposable
{
    private readonly Tensor images;
    private readonly Scalar factor, offset;
    private readonly Lazy<string> digest;

    /// <summary>Moves a split's images to the device; the split itself is left as it is, and must outlive this.</summary>
    /// <param name="pixels">How pixels are scaled; default to [-1, 1].</param>
    public ImageSet(Split split, Device device, PixelScale? pixels = null)
    {
        ArgumentNullException.ThrowIfNull(split);
        var scale = pixels ?? PixelScale.Symmetric;
        // as single precision has them, so that the values are those of one product and one difference of floats
        (factor, offset) = (Scalars.Kept((float)(1 / (255 * scale.Deviation))), Scalars.Kept((float)(scale.Mean / scale.Deviation)));
        images = Shared(split.Images, device);
        Count = split.Count;
        Shape = new ImageShape((int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
        digest = new(() => DigestOf(split, scale));
    }

    /// <summary>Channels, height and width of every image.</summary>
    public ImageShape Shape { get; }

    /// <summary>Where the images are.</summary>
    public Device Device => images.device;

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>SHA-256 of all pixels, their shape and scale: what the images are, wherever they come from.</summary>
    public string Digest => digest.Value;

    /// <summary>Images <paramref name="start"/> to <paramref name="end"/> in file order: float32 (n, C, S, S).</summary>
    public Tensor Images(long start, long end) => ToFloats(images.slice(0, start, end, 1));

    /// <summary>The chosen images: float32 (n, C, S, S).</summary>
    public Tensor Images(Tensor indices) => ToFloats(images.index_select(0, indices));

    /// <inheritdoc/>
    public void Dispose() => images.Dispose();

    // its own handle of the images; the scope disposes of that of a copy on another device, which would keep its memory
    private static Tensor Shared(Tensor images, Device device)
    {
        using var scope = NewDisposeScope();
        return images.to(device).alias().MoveToOuterDisposeScope();
    }

    private Tensor ToFloats(Tensor bytes) => bytes.to(ScalarType.Float32).mul_(factor).sub_(offset);

    private static string DigestOf(Split split, PixelScale scale)
    {
        const int Block = 1024;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($"{string.Join('x', split.Images.shape)} {scale.Mean:R} {scale.Deviation:R}")));
        for (var start = 0; start < split.Count; start += Block)
        {
            using var scope = NewDisposeScope();
            hash.AppendData(split.Images.slice(0, start, Math.Min(start + Block, split.Count), 1).contiguous().bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
