using System.Runtime.InteropServices;
using MedTransfer.Data;
using MedTransfer.Data.Checks;
using MedTransfer.Data.Images;
using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Models.Weights;

namespace MedTransfer.Inference.TrainedModels;

/// <summary>What is kept of the images that a model learned from, to tell whether another is like them: no pixel, and no embedding of a single image.</summary>
/// <param name="Brightness">Mean grey level of each image, 0 to 255, ascending.</param>
/// <param name="Contrast">Standard deviation of each image's grey levels, ascending.</param>
/// <param name="Embeddings">How far each image's embedding lies from the others'; null where there are too few images to say.</param>
/// <param name="Pixels">Knows the pixels of each image again, and of those that it was pretrained on.</param>
public sealed record TrainingImages(IReadOnlyList<float> Brightness, IReadOnlyList<float> Contrast, CloudDistances? Embeddings, IReadOnlySet<UInt128> Pixels)
{
    private const string BrightnessKey = "brightness", ContrastKey = "contrast", MeanKey = "embeddings.mean", CovarianceKey = "embeddings.covariance",
        DistancesKey = "embeddings.distances", PixelsKey = "pixels";

    /// <summary>Places of images that stand for so many, where there are too many to embed all: ascending, and without any pattern.</summary>
    public static IReadOnlyList<int> SampleOf(int images) => QuerySample.Rows(images, CloudDistances.MostPoints);

    /// <summary>Of the images, and of the embeddings of all or some of them.</summary>
    /// <param name="groups">Whose the embedded images are, a number each; null where each stands for itself.</param>
    /// <param name="embeddings">(n, D).</param>
    /// <param name="pretraining">Images of the same size that it learned from before these, where they are known.</param>
    public static TrainingImages Of(Split images, IReadOnlyList<long>? groups, float[,] embeddings, params IEnumerable<Split> pretraining)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(pretraining);
        var levels = ImageLevels.Of(images);
        return new(
            [.. levels.Select(image => image.Brightness).Order()],
            [.. levels.Select(image => image.Contrast).Order()],
            CloudDistances.Of(embeddings, groups),
            levels.Select(image => image.Digest).Concat(pretraining.SelectMany(split => split.PixelDigests)).OfType<UInt128>().ToHashSet());
    }

    /// <summary>How an image compares.</summary>
    /// <param name="embedding">D numbers.</param>
    public ImageLikeness Compare(ImageLevels image, float[] embedding)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new(
            Tail.Of(Brightness, image.Brightness, sides: 2),
            Tail.Of(Contrast, image.Contrast, sides: 2),
            Embeddings is { } cloud ? Tail.Of(cloud.Distances, (float)cloud.Cloud.DistanceOf(embedding), sides: 1) : null,
            image.Digest is { } digest && Pixels.Contains(digest));
    }

    internal void Write(string path)
    {
        var arrays = new Dictionary<string, SafeTensor>
        {
            [BrightnessKey] = Vector([.. Brightness]),
            [ContrastKey] = Vector([.. Contrast]),
            [PixelsKey] = new(SafeTensorType.U8, [Pixels.Count, 16], Pixels.Order().SelectMany(EmbeddedImages.Bytes).ToArray()),
        };
        if (Embeddings is { } known)
        {
            arrays[MeanKey] = new(SafeTensorType.F64, [known.Cloud.Columns], MemoryMarshal.AsBytes(known.Cloud.Mean.AsSpan()).ToArray());
            arrays[CovarianceKey] = new(SafeTensorType.F64, [known.Cloud.Columns, known.Cloud.Columns], MemoryMarshal.AsBytes(known.Cloud.Covariance.Cast<double>().ToArray().AsSpan()).ToArray());
            arrays[DistancesKey] = Vector([.. known.Distances]);
        }

        Safetensors.Write(path, arrays);
    }

    internal static TrainingImages Read(string path)
    {
        var arrays = Safetensors.Read(path).Tensors;
        SafeTensor Array(string name) => arrays.GetValueOrDefault(name) ?? throw new MedTransferException($"{path}: lacks the array {name}: copy it again, or make the model anew with transfer.fsx.");
        CloudDistances? embeddings = null;
        if (arrays.ContainsKey(MeanKey))
        {
            var mean = Numbers<double>(Array(MeanKey));
            var covariance = new double[mean.Length, mean.Length];
            Buffer.BlockCopy(Numbers<double>(Array(CovarianceKey)), 0, covariance, 0, covariance.Length * sizeof(double));
            embeddings = new(new(mean, covariance, null), Numbers<float>(Array(DistancesKey)));
        }

        var pixels = Array(PixelsKey).Data.ToArray();
        return new(
            Numbers<float>(Array(BrightnessKey)),
            Numbers<float>(Array(ContrastKey)),
            embeddings,
            pixels.Chunk(16).Select(bytes => System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(bytes)).ToHashSet());
    }

    private static SafeTensor Vector(float[] values) => new(SafeTensorType.F32, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static T[] Numbers<T>(SafeTensor stored)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(stored.Data.Span).ToArray();
}

/// <summary>An image's grey levels in a few numbers.</summary>
/// <param name="Digest">Knows its pixels again; null where they are of one colour.</param>
/// <param name="Brightness">Mean over pixels and channels, 0 to 255.</param>
/// <param name="Contrast">Standard deviation over pixels and channels.</param>
public sealed record ImageLevels(UInt128? Digest, float Brightness, float Contrast)
{
    /// <summary>Of each image, in their order.</summary>
    public static IReadOnlyList<ImageLevels> Of(Split images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var (channels, size, _) = images.Source.Shape;
        var axis = AxisResampling.Of(size, Thumbnail.Side);
        return images.OfEach(planes =>
        {
            var statistics = ImageStatistics.Of(planes, channels, size, axis);
            return new ImageLevels(statistics.Digest, statistics.Brightness, statistics.Contrast);
        });
    }
}

/// <summary>How far out a number lies among those of the images that were learned from.</summary>
/// <param name="AsFar">How many of them are as high or higher; where both sides count, as low or lower, if these are fewer.</param>
/// <param name="Known">How many there are.</param>
/// <param name="Share">Share of images like them that lie as far out on any side, as far as so few tell: sides (AsFar + 1) / (Known + 1).</param>
/// <param name="IsFarOut">Whether it is beyond the quartiles by more than three times their distance (Tukey 1977), which few numbers tell too.</param>
public sealed record Tail(int AsFar, int Known, double Share, bool IsFarOut)
{
    /// <summary>Share of images like those that were learned from which may be called unlike them by one measure.</summary>
    public const double Unusual = .01;

    /// <summary>Whether it is that of few images, or of none by far.</summary>
    public bool IsUnusual => Share <= Unusual || IsFarOut;

    /// <summary>Of a number among others.</summary>
    /// <param name="known">Ascending.</param>
    /// <param name="sides">1 where only a high number is far out, 2 where a low one is too.</param>
    public static Tail Of(IReadOnlyList<float> known, float value, int sides)
    {
        ArgumentNullException.ThrowIfNull(known);
        var above = known.Count(other => other >= value);
        var asFar = sides == 2 ? Math.Min(above, known.Count(other => other <= value)) : above;
        var (low, high) = (known[known.Count / 4], known[known.Count - 1 - known.Count / 4]);
        var fence = 3 * (high - low);
        return new(asFar, known.Count, Math.Min(1, sides * (asFar + 1.0) / (known.Count + 1)), value > high + fence || (sides == 2 && value < low - fence));
    }
}

/// <summary>How like the images that a model learned from another one is.</summary>
/// <param name="Brightness">Of its mean grey level.</param>
/// <param name="Contrast">Of the standard deviation of its grey levels.</param>
/// <param name="Distance">Of the Mahalanobis distance of its embedding from theirs; null where it is not known.</param>
/// <param name="IsTrainingImage">Whether it is one of them, or of those that were pretrained on, pixel by pixel.</param>
public sealed record ImageLikeness(Tail Brightness, Tail Contrast, Tail? Distance, bool IsTrainingImage)
{
    /// <summary>Whether its embedding lies unusually far from those of the images that were learned from.</summary>
    public bool IsFar => Distance is { IsUnusual: true };

    /// <summary>Whether any measure says that it is another kind of image.</summary>
    public bool IsUnlike => Brightness.IsUnusual || Contrast.IsUnusual || IsFar;
}
