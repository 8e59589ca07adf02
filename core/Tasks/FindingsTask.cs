using MedTransfer.Data;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Classification;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Tasks;

/// <summary>
/// Several findings an image, each there or not, whatever the others: sigmoid cross-entropy. One that is not known of an image adds nothing
/// to loss and scores.
/// </summary>
public sealed class FindingsTask : LearningTask
{
    /// <summary>The target of a finding that is not known.</summary>
    private const float Unknown = -1;

    /// <summary>float32 (N, L): 1 or 0, -1 where a finding is not known.</summary>
    public override Tensor Targets(Labels labels, Device device)
    {
        ArgumentNullException.ThrowIfNull(labels);
        using var scope = NewDisposeScope();
        var raw = labels.ToTensor();
        return raw.to(ScalarType.Float32).masked_fill_(raw.eq(Scalars.Kept(Labels.Missing)), Scalars.Kept(Unknown)).to(device).MoveToOuterDisposeScope();
    }

    /// <summary>Which of the targets are known: bool (N, L).</summary>
    public static Tensor Known(Tensor targets) => targets.ge(Scalars.Kept(0));

    /// <summary>The mean over the findings that are known, of all images; 0 where none is.</summary>
    public override Tensor Loss(Tensor logits, Tensor targets, Tensor? weights = null)
    {
        var known = Known(targets).to(logits.dtype);
        var each = nn.functional.binary_cross_entropy_with_logits(logits, targets.clamp_min(Scalars.Kept(0)), reduction: nn.Reduction.None, pos_weights: weights);
        return each.mul(known).sum().div(known.sum().clamp_min(Scalars.Kept(1)));
    }

    /// <summary>A sigmoid for each finding. In double, as libtorch's in float has other last bits at the end of a batch: images with one logit must not be ranked.</summary>
    public override Tensor Probabilities(Tensor logits) => logits.to(ScalarType.Float64).sigmoid().to(logits.dtype);

    /// <inheritdoc/>
    public override Tensor LogitsOf(Tensor probabilities) => probabilities.logit();

    /// <summary>The finding's logit.</summary>
    public override Tensor LogOdds(Tensor logits, int output) => logits.select(1, output);

    /// <inheritdoc/>
    public override Scores Scores(float[,] probabilities, Labels labels) => ClassificationScores.OfFindings(probabilities, labels.Values);

    /// <inheritdoc/>
    public override CaseScore? Score(string metric, float[,] probabilities, Labels labels, Patients patients)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return CaseScores.OfFindings(metric, probabilities, labels.Values, patients);
    }

    /// <summary>(L): n_without / n_with among the images of which the finding is known; 1 for one that all of them have, or none.</summary>
    public override double[] LossWeights(Labels labels, int outputs) => [.. Enumerable.Range(0, outputs).Select(finding =>
    {
        var counts = Enumerable.Range(0, labels.Count).CountBy(image => labels[image, finding]).ToDictionary();
        var (with, without) = (counts.GetValueOrDefault((byte)1), counts.GetValueOrDefault((byte)0));
        return with == 0 || without == 0 ? 1 : without / (double)with;
    })];

    private protected override int Group(Labels labels, int image)
    {
        for (var finding = 0; finding < labels.Columns; finding++)
        {
            if (labels[image, finding] == 1)
                return 1;
        }

        return 0;
    }
}
