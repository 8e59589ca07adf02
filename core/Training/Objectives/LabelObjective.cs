using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tasks;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>What tells the labels of images: features and a linear head, and the scores of its task.</summary>
public abstract record LabelObjective : Objective
{
    private protected LabelObjective(string name) : base(name)
    {
    }

    /// <inheritdoc/>
    public override string TitleOf(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        return architecture.Title;
    }

    /// <inheritdoc/>
    public override LabelTask? TaskOf(DatasetInfo data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Task;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> MetricsOn(DatasetInfo data) => LearningTask.Of(data).Metrics;

    internal override void RequireLearnable(Dataset drawn, string path)
    {
        foreach (var split in Enum.GetValues<SplitName>())
        {
            var labels = drawn[split].Labels;
            if (labels.Count > 0 && labels.Columns > 0 && labels.MissingCount == labels.Count * labels.Columns)
                throw new MedTransferException($"{path}: of the {labels.Count} {split.Text()} images of a training no finding of any is known, so that they can be neither learned from nor scored: label some of them, or take other images.");
        }
    }

    /// <inheritdoc/>
    public override nn.Module Create(ModelOptions model, DatasetInfo data, long seed) => Classifier.Create(model, data, seed);

    /// <inheritdoc/>
    public override SplitOutput Measure(nn.Module model, Split split, Measuring measuring)
    {
        ArgumentNullException.ThrowIfNull(measuring);
        var classifier = (Classifier)model;
        using var images = On(measuring.Device, split, measuring.Data);
        return new Predictor(classifier) { Embedder = measuring.Embedder, Depth = classifier.FrozenDepth(measuring.Plan) }.Pass(images, measuring.MostEmbeddings);
    }

    private protected static LabelledImages On(Device device, Split split, DatasetInfo data) =>
        LabelledImages.On(device, split, LearningTask.Of(data));
}
