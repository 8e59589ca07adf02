using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>What several classifiers say together: the mean of their probabilities.</summary>
public sealed record EnsemblePredictor(Ensemble Ensemble)
{
    /// <summary>A probability's logarithm is taken no lower, so that one image on which all are sure and wrong does not make the loss infinite.</summary>
    private const float LeastProbability = 1e-7f;

    /// <summary>Loss, probabilities and scores of labelled images.</summary>
    public Assessment Assess(LabelledImages images, LabelLoss loss)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // summed in double, in the members' order: the same members give the same bits
        var sum = Ensemble.Members.Select(member => loss.Probabilities(Inference.Map(member, images.Images, member.forward)).to(ScalarType.Float64)).Aggregate((a, b) => a.add(b, Scalars.One));
        var mean = sum.div(Scalars.Kept(Ensemble.Members.Count)).to(ScalarType.Float32);
        var clamped = mean.clamp(Scalars.Kept(LeastProbability), Scalars.Kept(1 - LeastProbability));
        var logits = loss.Task == LabelTask.MultiLabel ? clamped.logit() : clamped.log();
        var probabilities = mean.ToMatrix();
        return new Assessment(loss.Of(logits, images.Images.Targets).item<float>(), probabilities, loss.Scores(probabilities, images.Labels));
    }
}
