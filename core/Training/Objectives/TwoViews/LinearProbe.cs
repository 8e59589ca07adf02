using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Numerics;
using MedTransfer.Runtime;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.TwoViews;

/// <summary>
/// What embeddings that were learnt without labels are worth to a linear model: penalised logistic regression on those of training images as they are, of one fixed penalty, scored on the validation
/// images. It draws nothing, changes no weight and chooses nothing: it is there to be looked at.
/// </summary>
internal sealed class LinearProbe : IDisposable
{
    /// <summary>Training images at most, spread evenly over the split.</summary>
    private const int MostImages = 2000;

    /// <summary>C, see <see cref="FitOptions.InversePenalty"/>: strong, as embeddings in the making are noisy.</summary>
    private const double InversePenalty = 0.1;

    /// <summary>What the mean loss may be above its minimum, as the gradient and the Hessian's diagonal tell: far less than what a score shows.</summary>
    private const double Tolerance = 1e-10;

    private readonly LabelledImages train, validation;
    private readonly int outputs;

    /// <param name="data">With labels.</param>
    public LinearProbe(Dataset data, Device device)
    {
        var task = LearningTask.Of(data.Info);
        var count = Math.Min(MostImages, data.Train.Count);
        using var some = data.Train.Subset([.. Enumerable.Range(0, count).Select(image => (int)((long)image * data.Train.Count / count))]);
        (train, validation, outputs) = (LabelledImages.On(device, some, task), LabelledImages.On(device, data.Validation, task), data.Info.Outputs);
    }

    /// <summary>The ROC AUC of the validation images; null where it is undefined, nothing can be told apart in training, or the minimum is not reached.</summary>
    public double? RocAuc(FeatureLayers features, CancellationToken cancellation)
    {
        if (validation.Count == 0 || !LearningTask.HasContrast(train.Labels))
            return null;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (learned, told) = (ForwardPass.Map(features, train.Images, features.call), ForwardPass.Map(features, validation.Images, features.call));
        if (!cat([learned, told]).isfinite().all().item<bool>())
            return null;
        var columns = new StandardColumns(learned);
        var problems = HeadProblems.Of(train, outputs, ClassBalance.None);
        var batch = new LogisticBatch(PrincipalCoordinates.Of(columns.Values), problems.Targets, problems.Learned);
        if (!batch.Solve(problems.Penalties.div(Scalars.Kept(InversePenalty)), Tolerance, cancellation))
            return null;
        var (weights, biases) = columns.OfColumns(HeadProblems.HeadOf(batch.Minima(), train.Task));
        var logits = told.to(ScalarType.Float64).mm(weights.t()).add(biases, Scalars.One);
        return train.Task.Scores(train.Task.Probabilities(logits).ToMatrix(), validation.Labels).RocAuc;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        train.Dispose();
        validation.Dispose();
    }
}
