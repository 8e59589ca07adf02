using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Numerics;
using MedTransfer.Runtime;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>What a model says of a set of images, in file order, without gradients and in evaluation mode.</summary>
/// <param name="Model">The model; its mode is left as evaluation.</param>
public sealed record Predictor(Classifier Model)
{
    /// <summary>Loss, probabilities and scores of labelled images.</summary>
    public Assessment Assess(LabelledImages images, LabelLoss loss)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return Assessment.Of(ForwardPass.Map(Model, images.Images, Model.forward), images, loss);
    }

    /// <summary>Embeddings of the first <paramref name="limit"/> images, of all without a limit: float32 (n, D).</summary>
    public Tensor Embeddings(ImageSet images, int? limit = null) => ForwardPass.Map(Model, images, Model.Features.call, limit);
}

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
        var sum = Ensemble.Members.Select(member => loss.Probabilities(ForwardPass.Map(member, images.Images, member.forward)).to(ScalarType.Float64)).Aggregate((a, b) => a.add(b, Scalars.One));
        var mean = sum.div(Scalars.Kept(Ensemble.Members.Count)).to(ScalarType.Float32);
        var clamped = mean.clamp(Scalars.Kept(LeastProbability), Scalars.Kept(1 - LeastProbability));
        var logits = loss.Task == LabelTask.MultiLabel ? clamped.logit() : clamped.log();
        var probabilities = mean.ToMatrix();
        return new Assessment(loss.Of(logits, images.Images.Targets).item<float>(), probabilities, loss.Scores(probabilities, images.Labels));
    }
}
