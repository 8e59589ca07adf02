using System.Collections.Concurrent;
using MedTransfer.Data;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Tasks;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials.Testing;

/// <summary>
/// One way with one seed, and what its models say of images that they did not learn from: one model of a test split, or a model a fold, each of what that held
/// out.
/// </summary>
/// <param name="Parts">The test split, or the folds in their order.</param>
public sealed record TestedWay(IReadOnlyList<TestedPart> Parts)
{
    /// <summary>Of the test split.</summary>
    public static TestedWay OnTest(TrialResult result, Split test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return new([TestedPart.Of(result, Patients.Of(test.Groups, test.Count))]);
    }

    /// <summary>Of trials on the folds of one set, one a fold.</summary>
    /// <param name="whole">The split that was cut.</param>
    public static TestedWay OnFolds(IReadOnlyList<TrialResult> folds, Split whole)
    {
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(whole);
        var patients = Patients.Of(whole.Groups, whole.Count);
        // of an excerpt, images go by their places in the file
        var places = Enumerable.Range(0, whole.Count).ToDictionary(place => whole.FileIndices?[place] ?? place);
        return new([.. folds.Select(fold => TestedPart.Of(fold, patients.Subset([.. fold.Predictions(SplitName.Test).FileIndices!.Select(image => places[image])])))]);
    }

    /// <summary>The score of the test split; of folds the mean of their scores, as models of different folds are on scales of their own. Null where it is undefined for all.</summary>
    /// <param name="metric">A name of <see cref="Evaluation.Metric"/>.</param>
    public CaseScore? Score(string metric) => CaseScore.MeanOfFolds(Parts.Select(part => part.Score(metric)).OfType<CaseScore>());

    /// <summary>The mean score of all parts but one; null where it is undefined for all of these.</summary>
    public double? ScoreWithout(int part, string metric)
    {
        var others = Parts.Where((_, place) => place != part).Select(other => other.Score(metric)).OfType<CaseScore>().ToList();
        return others.Count == 0 ? null : others.Average(score => score.Value);
    }
}

/// <summary>What a model says of images that it did not learn from.</summary>
/// <param name="Task">What the labels ask for.</param>
/// <param name="Predictions">Labels and probabilities of what was held out.</param>
/// <param name="Patients">Those of the whole set, with the images of this part.</param>
public sealed record TestedPart(LearningTask Task, SplitPredictions Predictions, Patients Patients)
{
    private readonly ConcurrentDictionary<string, CaseScore?> scores = [];

    /// <summary>Of a trial, whose "test" is what was held out.</summary>
    /// <param name="patients">Of the images that were.</param>
    /// <exception cref="MedTransferException">It predicts nothing.</exception>
    public static TestedPart Of(TrialResult result, Patients patients)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new(result.Task, result.Predictions(SplitName.Test), patients);
    }

    /// <summary>A score of this part alone; null where it is undefined.</summary>
    public CaseScore? Score(string metric) => scores.GetOrAdd(metric, name => Task.Score(name, Predictions.Probabilities, Predictions.Labels, Patients));
}
