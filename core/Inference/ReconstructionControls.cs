using MedTransfer.Data;
using MedTransfer.Evaluation.Images;
using MedTransfer.Numerics;
using MedTransfer.Reduction.Linear;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>What an autoencoder has to beat: how near two reconstructions that know no network come to the test images, pixels in [0, 1].</summary>
/// <param name="MeanImage">The mean training image, whatever the image.</param>
/// <param name="Pca">The image's place among the principal components of the training images, taken back and clipped to [0, 1].</param>
/// <param name="Components">Numbers that describe an image to PCA: the width asked for, or the most there can be.</param>
public sealed record ReconstructionControls(ImageFidelity MeanImage, ImageFidelity Pca, int Components)
{
    /// <summary>512 MB of training pixels: all images of 28 pixels that there are, 2,675 of 224.</summary>
    private const int MostNumbers = 1 << 27;

    /// <summary>Test images that are held as floats at a time.</summary>
    private const int Block = 1024;

    /// <summary>Fits both on the training images, the first of them where all are too many, and measures them on test.</summary>
    /// <param name="width">Numbers that may describe an image: the width of the autoencoder's latent layer.</param>
    public static ReconstructionControls Of(Dataset data, int width)
    {
        ArgumentNullException.ThrowIfNull(data);
        var shape = new ImageShape(data.Info.Channels, data.Info.ImageSize, data.Info.ImageSize);
        var count = Math.Min(data.Train.Count, MostNumbers / shape.Pixels);
        var components = Math.Min(width, Math.Min(count, shape.Pixels));
        var map = new Pca(new PcaOptions { Components = components }).Fit(Pixels(data.Train, 0, count));
        var (byMean, byPca) = (new List<ImageError>(data.Test.Count), new List<ImageError>(data.Test.Count));
        for (var start = 0; start < data.Test.Count; start += Block)
        {
            var images = Pixels(data.Test, start, Math.Min(start + Block, data.Test.Count));
            byMean.AddRange(ImageFidelity.OfEach(images, Repeated(map.Mean, images.GetLength(0)), shape));
            byPca.AddRange(ImageFidelity.OfEach(images, Clipped(map.InverseTransform(map.Transform(images))), shape));
        }

        return new(ImageFidelity.Mean(byMean), ImageFidelity.Mean(byPca), components);
    }

    // (n, C S S) in [0, 1]
    private static float[,] Pixels(Split split, int start, int end)
    {
        using var scope = NewDisposeScope();
        return split.Source.Batch(start, end).flatten(1).to(ScalarType.Float32).div_(Scalars.Kept(255)).ToMatrix();
    }

    private static float[,] Repeated(IReadOnlyList<double> row, int count)
    {
        var rows = new float[count, row.Count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < row.Count; j++) rows[i, j] = (float)row[j];
        }

        return rows;
    }

    private static float[,] Clipped(float[,] values)
    {
        for (var i = 0; i < values.GetLength(0); i++)
        {
            for (var j = 0; j < values.GetLength(1); j++) values[i, j] = Math.Clamp(values[i, j], 0, 1);
        }

        return values;
    }
}
