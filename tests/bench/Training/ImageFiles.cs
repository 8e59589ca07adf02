using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Numerics;

namespace MedTransfer.Bench;

/// <summary>Data files for measurements.</summary>
internal static class ImageFiles
{
    private const int Side = 28, Findings = 14;

    /// <summary>A set's images in a file of their own, so that a run reads them and does not draw them.</summary>
    internal static string Written(DatasetSource source, string folder)
    {
        using var data = source.Load();
        var path = Path.Combine(folder, $"{source.Name}.npz");
        NpzWriter.Write(path,
        [
            new("train_images", Grey(data.Train)), new("train_labels", data.Train.Labels.Values),
            new("val_images", Grey(data.Validation)), new("val_labels", data.Validation.Labels.Values),
            new("test_images", Grey(data.Test)), new("test_labels", data.Test.Labels.Values),
        ]);
        return path;
    }

    /// <summary>Random pixels with fourteen findings, each present in one of ten images: ChestMNIST in all but its content.</summary>
    internal static string Noise(string folder, int train, int validation, int test)
    {
        var random = new Random(0);
        var path = Path.Combine(folder, "noise.npz");
        NpzWriter.Write(path,
        [
            new("train_images", Pixels(random, train)), new("train_labels", Labels(random, train)),
            new("val_images", Pixels(random, validation)), new("val_labels", Labels(random, validation)),
            new("test_images", Pixels(random, test)), new("test_labels", Labels(random, test)),
        ], compressed: false);
        return path;
    }

    private static byte[,,] Grey(Split split)
    {
        var images = split.Images.ToImages();
        var grey = new byte[images.GetLength(0), images.GetLength(2), images.GetLength(3)];
        Buffer.BlockCopy(images, 0, grey, 0, grey.Length);
        return grey;
    }

    private static byte[,,] Pixels(Random random, int count)
    {
        var (images, row) = (new byte[count, Side, Side], new byte[Side * Side]);
        for (var image = 0; image < count; image++)
        {
            random.NextBytes(row);
            Buffer.BlockCopy(row, 0, images, image * row.Length, row.Length);
        }
        return images;
    }

    private static byte[,] Labels(Random random, int count)
    {
        var labels = new byte[count, Findings];
        for (var image = 0; image < count; image++)
        {
            for (var finding = 0; finding < Findings; finding++) labels[image, finding] = (byte)(random.Next(10) == 0 ? 1 : 0);
        }
        return labels;
    }
}
