using MedTransfer.Models;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>Learns to tell the labels of images.</summary>
public sealed record ClassifierLearner(Classifier Classifier, LabelLoss Labels, LabelledImages Train, LabelledImages Validation) : ILearner
{
    /// <inheritdoc/>
    public nn.Module Model => Classifier;

    /// <inheritdoc/>
    public int Count => Train.Images.Count;

    /// <inheritdoc/>
    public Device Device => Train.Images.Targets.device;

    /// <inheritdoc/>
    public Tensor Loss(Tensor indices) =>
        Labels.Of(Classifier.forward(Train.Images.Images(indices)), Train.Images.Targets.index_select(0, indices));

    /// <inheritdoc/>
    public Validation Validate()
    {
        var assessed = new Predictor(Classifier).Assess(Validation, Labels);
        return new Validation(assessed.Loss, assessed.Scores);
    }
}
