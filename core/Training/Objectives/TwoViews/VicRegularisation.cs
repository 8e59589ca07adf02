using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.TwoViews;

/// <summary>
/// VICReg (Bardes, Ponce and LeCun, ICLR 2022): the projections of two views are near each other, each of their columns varies over the batch, and no two columns vary together, so that they
/// do not all collapse to one point, nor to one line. The terms are those of <see cref="VicTerms"/>, weighed as in the paper.
/// </summary>
public sealed record VicRegularisation() : TwoViewLearning("vicreg", "VICReg")
{
    /// <summary>What the distance of the views weighs, 0 or above; default 25, as in the paper.</summary>
    public double InvarianceWeight { get; init; } = 25;

    /// <summary>What the lack of variance weighs, 0 or above; default 25, as in the paper. Without it all collapses.</summary>
    public double VarianceWeight { get; init; } = 25;

    /// <summary>What the covariances weigh, 0 or above; default 1, as in the paper.</summary>
    public double CovarianceWeight { get; init; } = 1;

    /// <inheritdoc/>
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        base.Check(model, plan, fit);
        foreach (var (name, weight) in new[] { ("invariance", InvarianceWeight), ("variance", VarianceWeight), ("covariance", CovarianceWeight) })
        {
            if (weight is not (>= 0 and <= float.MaxValue))
                throw Wrong(FormattableString.Invariant($"The weight of {Title}'s {name} is {weight}, but must be 0 or above"));
        }

        if (InvarianceWeight + VarianceWeight + CovarianceWeight == 0)
            throw Wrong($"All weights of {Title} are 0, so that there is nothing to learn: give one more");
    }

    private protected override Tensor LossOf(Tensor first, Tensor second) => VicTerms.Invariance(first, second).mul(Scalars.Kept(InvarianceWeight))
        .add(VicTerms.Variance(first).add(VicTerms.Variance(second), Scalars.One), Scalars.Kept(VarianceWeight / 2))
        .add(VicTerms.Covariance(first).add(VicTerms.Covariance(second), Scalars.One), Scalars.Kept(CovarianceWeight));
}
