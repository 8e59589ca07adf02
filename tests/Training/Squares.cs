using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

/// <summary>Noisy images in which odd ones, class 1, have a bright square: 28 pixels a side, grey.</summary>
internal static class Squares
{
    public const int Size = 28;

    public static DatasetInfo Info { get; } = new("squares", LabelTask.BinaryClass, 1, Size, ["empty", "square"]);

    public static LearningTask Task { get; } = LearningTask.Of(LabelTask.BinaryClass);

    /// <summary>Values 0 to 127, 128 more in a square of 8 pixels a side whose left edge is at <paramref name="left"/>.</summary>
    /// <param name="first">Other images for another number.</param>
    public static byte[,,] Pixels(int count, int first = 0, int left = 10)
    {
        var noise = new Random(first);
        var pixels = new byte[count, Size, Size];
        for (var image = 0; image < count; image++)
        {
            for (var row = 0; row < Size; row++)
            {
                for (var column = 0; column < Size; column++)
                {
                    var bright = image % 2 == 1 && row is >= 10 and < 18 && column >= left && column < left + 8;
                    pixels[image, row, column] = (byte)(noise.Next(128) + (bright ? 128 : 0));
                }
            }
        }

        return pixels;
    }

    /// <summary>0, 1, 0, 1, ...</summary>
    public static byte[,] Labels(int count)
    {
        var labels = new byte[count, 1];
        for (var image = 1; image < count; image += 2)
            labels[image, 0] = 1;
        return labels;
    }

    public static LabelledImages Train() => On(Pixels(60), Labels(60), Task);

    public static LabelledImages Validation() => On(Pixels(40, first: 1), Labels(40), Task);

    /// <summary>So many training images, and of others two thirds as many. Squares are label 1; of three classes and of two findings one more is rarer.</summary>
    public static Dataset Dataset(LabelTask task, int outputs, int images = 60)
    {
        var others = 2 * images / 3;
        return new(Info with { Task = task, LabelNames = [.. Enumerable.Range(0, outputs).Select(label => $"label {label}")] }, "", Split(images, 0), Split(others, 1), Split(others, 2));

        Split Split(int count, int first)
        {
            var labels = new byte[count, task == LabelTask.MultiLabel ? outputs : 1];
            for (var image = 0; image < count; image++)
            {
                labels[image, 0] = (byte)(outputs == 3 && image % 10 == 4 ? 2 : image % 2);
                if (task == LabelTask.MultiLabel)
                    labels[image, 1] = (byte)(image % 3 == 0 ? 1 : 0);
            }

            return new(tensor(Pixels(count, first).Cast<byte>().ToArray()).reshape(count, 1, Size, Size), MedTransfer.Data.Labels.Of(labels), null);
        }
    }

    public static LabelledImages On(Array pixels, byte[,] labels, LearningTask task)
    {
        using var split = Split(pixels, labels);
        return LabelledImages.On(CPU, split, task);
    }

    public static Split Split(Array pixels, byte[,] labels) => new(
        tensor(pixels.Cast<byte>().ToArray()).reshape(pixels.GetLength(0), 1, pixels.GetLength(1), pixels.GetLength(2)), MedTransfer.Data.Labels.Of(labels), null);
}
