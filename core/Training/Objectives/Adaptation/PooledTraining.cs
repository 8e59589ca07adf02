using MedTransfer.Models;
using MedTransfer.Transfer;

namespace MedTransfer.Training.Objectives.Adaptation;

/// <summary>
/// Images of both domains as they are, nothing aligned and nothing weighed: what the kinds of adaptation are to be read against. Without the target's labels it is the
/// source alone, trained on for as many steps.
/// </summary>
public sealed record PooledTraining() : DomainAdaptation("pooled", "pooled with the source")
{
    /// <inheritdoc/>
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        base.Check(model, plan, fit);
        if (!UsesSourceLabels)
            throw Wrong("Pooled training is on the source's labelled images too: let it use their labels");
    }
}
