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

    /// <summary>What remains of it when findings are merged into whether there is any.</summary>
    public DatasetInfo AsBinary() => this with { Task = LabelTask.BinaryClass, LabelNames = ["healthy", "disease"] };

    /// <summary>Width of a model's output: one logit a class or finding.</summary>
    public int Outputs => LabelNames.Count;
}
