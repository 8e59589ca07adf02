using MedTransfer.Data;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Evaluation.Intervals;
using MedTransfer.Training.Objectives.TwoViews;
using MedTransfer.Trials.Artefacts;
using static TorchSharp.torch;

namespace MedTransfer.Trials.Repetition;

/// <summary>A test figure of a trial and of the same spec trained anew.</summary>
/// <param name="Metric">Its name (<see cref="Evaluation.Metric"/>).</param>
/// <param name="Original">Null where it is undefined.</param>
/// <param name="Repeated">Null where it is undefined.</param>
/// <param name="Sampling">
/// 95 % interval of the original, which covers which images happened to be in the test split; null where both are the same, where there is
/// none, and where the original's predictions do not give its figure.
/// </param>
public sealed record FigureComparison(string Metric, double? Original, double? Repeated, Interval? Sampling)
{
    private const double Alpha = .05;

    // other versions may add up in another order
    private const double Rounding = 1e-9;

    /// <summary>Repeated less original; null where one is undefined.</summary>
    public double? Difference => Repeated - Original;

    /// <summary>Whether the repeated figure is the original's, or lies within its interval; null where that can't be told.</summary>
    public bool? Agrees => Original == Repeated ? true
        : Original is null || Repeated is null ? false
        : Sampling?.Contains(Repeated.Value);

    /// <summary>Accuracy and ROC AUC of a classifier, the mean squared error of an autoencoder; of what learnt from two views the effective rank of its embeddings.</summary>
    /// <param name="load">The dataset that a reference names.</param>
    internal static IReadOnlyList<FigureComparison> Of(TrialResult original, TrialResult repeated, Func<DataReference, Dataset> load)
    {
        string[] names = original.Metrics.Task is not null ? [Evaluation.Metric.Accuracy, Evaluation.Metric.RocAuc]
            : [original.Trial.Spec.Objective is TwoViewLearning ? Evaluation.Metric.EffectiveRank : Evaluation.Metric.Mse];
        return [.. names.Select(name =>
        {
            var (then, now) = (original.Metrics.Test?.Scores.Values[name], repeated.Metrics.Test?.Scores.Values[name]);
            return new FigureComparison(name, then, now, then is null || now is null || then == now ? null : SamplingOf(name, then.Value, original, load));
        })];
    }

    /// <summary>The largest difference of a test probability; null where the images or the outputs are not the same, or there are none.</summary>
    internal static double? ProbabilityDifference(TrialResult original, TrialResult repeated)
    {
        var (then, now) = (TestPredictions(original), TestPredictions(repeated));
        if (then is null || now is null || then.Probabilities.Length == 0
            || then.Probabilities.GetLength(1) != now.Probabilities.GetLength(1) || !then.FileIndices!.SequenceEqual(now.FileIndices!))
            return null;
        return then.Probabilities.Cast<float>().Zip(now.Probabilities.Cast<float>(), (p, q) => Math.Abs((double)p - q)).Max();
    }

    // none where an artefact was changed into something that no trial writes
    private static Interval? SamplingOf(string metric, double figure, TrialResult original, Func<DataReference, Dataset> load)
    {
        try
        {
            if (original.Metrics.Task is null)
                return metric == Evaluation.Metric.Mse ? OfErrors(original, load) : null;
            var score = original.TestScore(metric, Patients.OfImages(original.Predictions(SplitName.Test).Labels.Count));
            return score is not null && Math.Abs(score.Value - figure) <= Rounding ? ScoreEstimate.OfModel(score).Interval95 : null;
        }
        catch (Exception e) when (e is MedTransferException or ArgumentException)
        {
            return null;
        }
    }

    // Student's interval of the mean, its spread taken from the images of which there are reconstructions
    private static Interval? OfErrors(TrialResult original, Func<DataReference, Dataset> load)
    {
        using var scope = NewDisposeScope();
        using var drawn = original.Folder.ReadReconstructions();
        using var data = original.Trial.Spec.Target.Draw(load(original.Trial.Spec.Target));
        var images = data.Test.Source.Batch(0, Math.Min(drawn.Count, data.Test.Count));
        if (!images.shape.SequenceEqual(drawn.Images.shape) || drawn.Count < 2)
            return null;
        var differences = images.to(ScalarType.Float64).sub(drawn.Images.to(ScalarType.Float64)).flatten(1);
        var errors = differences.mul(differences).mean([1]).data<double>();
        var (mean, fidelity) = (Summary.Of(errors.Select(error => error / (255.0 * 255))), original.Metrics.Fidelity(SplitName.Test));
        var half = StudentT.Critical(Alpha, mean.Count - 1) * mean.StandardDeviation!.Value / Math.Sqrt(fidelity.Images);
        return new(fidelity.Mse - half, fidelity.Mse + half);
    }

    // one whose file was changed beyond reading has none
    internal static SplitPredictions? TestPredictions(TrialResult trial)
    {
        try
        {
            return trial.Predictions(SplitName.Test);
        }
        catch (MedTransferException)
        {
            return null;
        }
    }
}
