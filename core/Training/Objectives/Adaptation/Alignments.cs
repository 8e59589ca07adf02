using MedTransfer.Transfer;

namespace MedTransfer.Training.Objectives.Adaptation;

/// <summary>What all that move the embeddings of two domains together ask for.</summary>
internal static class Alignments
{
    public static void Check(string title, double weight, TransferPlan plan)
    {
        if (weight is not (> 0 and <= float.MaxValue))
            throw new MedTransferException(FormattableString.Invariant($"The weight of {title} is {weight}, but must be above 0.")) { IsUsage = true };
        if (plan.TrainsHeadAlone)
            throw new MedTransferException($"{title} moves embeddings: use a plan whose features train, some of them at least.") { IsUsage = true };
    }
}
