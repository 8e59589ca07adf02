using System.Globalization;

namespace MedTransfer.Data;

/// <summary>What a dataset is, before any image is read.</summary>
/// <param name="Name">MedMNIST's flag with its size suffix (<c>pneumoniamnist</c>, <c>chestmnist_64</c>), or a file's stem.</param>
/// <param name="Task">What the labels ask for; null where there are none.</param>
/// <param name="Channels">1 (grey) or 3 (RGB).</param>
/// <param name="ImageSize">Pixels a side.</param>
/// <param name="LabelNames">Names of the classes, or of the findings of a multi-label task.</param>
public sealed record DatasetInfo(string Name, LabelTask? Task, int Channels, int ImageSize, IReadOnlyList<string> LabelNames)
{
    /// <summary>Whether the images are drawn, not taken of anybody: what is measured on them must say so.</summary>
    public bool IsPhantom { get; init; }

    /// <summary>
    /// Of two classes the one that sensitivity, specificity, precision, F1 and average precision are of, 0 or 1: the disease where it is
    /// known which that is, else 1, the default. Says nothing of more classes or of findings, which are all scored.
    /// </summary>
    public int PositiveClass { get; init; } = 1;

    /// <summary>What remains of it when findings are merged into whether there is any.</summary>
    public DatasetInfo AsBinary() => this with { Task = LabelTask.BinaryClass, LabelNames = ["healthy", "disease"], PositiveClass = 1 };

    /// <summary>Width of a model's output: one logit a class or finding.</summary>
    public int Outputs => LabelNames.Count;

    /// <summary>Whether each image is of one of two classes.</summary>
    public bool HasTwoClasses => Outputs == 2 && Task is not (null or LabelTask.MultiLabel);

    /// <summary>The class or finding of that name, in upper or lower case, else of that number from 0; null where there is none.</summary>
    public int? TryFindLabel(string nameOrNumber)
    {
        for (var label = 0; label < Outputs; label++)
        {
            if (string.Equals(LabelNames[label], nameOrNumber, StringComparison.OrdinalIgnoreCase)) return label;
        }
        return int.TryParse(nameOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Outputs ? number : null;
    }
}

/// <summary>What the labels of a dataset ask for, in MedMNIST's terms.</summary>
public enum LabelTask
{
    /// <summary>Two classes, a softmax over two outputs.</summary>
    BinaryClass,

    /// <summary>K unordered classes, a softmax over K outputs.</summary>
    MultiClass,

    /// <summary>K ordered grades; as in MedMNIST, a softmax over K outputs.</summary>
    OrdinalRegression,

    /// <summary>L independent findings of 0 or 1, a sigmoid for each.</summary>
    MultiLabel,
}
