using MedTransfer.Models;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.TwoViews;

/// <summary>SimCLR (Chen et al., ICML 2020): of all views in a batch, each finds the other one of its own image (<see cref="TemperatureLoss"/>). The more images a batch has, the harder that is.</summary>
public sealed record ContrastiveLearning() : TwoViewLearning("simclr", "SimCLR")
{
    /// <summary>What similarities are divided by, 0.01 to 100: of a low one those that are most alike decide; default 0.5, as small batches like.</summary>
    public double Temperature { get; init; } = 0.5;

    /// <inheritdoc/>
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        base.Check(model, plan, fit);
        if (Temperature is not (>= 0.01 and <= 100))
            throw Wrong(FormattableString.Invariant($"The temperature of {Title} is {Temperature}, but must be 0.01 to 100"));
    }

    private protected override Tensor LossOf(Tensor first, Tensor second) => TemperatureLoss.Of(first, second, Temperature);
}
