using System.Collections.Concurrent;
using MedTransfer.Data;
using MedTransfer.Data.Resampling;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Tasks;
using MedTransfer.Training;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials;

/// <summary>A finished trial, read from its folder.</summary>
/// <param name="Folder">Where its artefacts are.</param>
/// <param name="History">One record an epoch.</param>
public sealed record TrialResult(
    Trial Trial, TrialFolder Folder, TrialMetrics Metrics, TrialEnvironment Environment, IReadOnlyList<EpochRecord> History)
{
    private readonly ConcurrentDictionary<SplitName, SplitPredictions> predictions = [];
    private readonly ConcurrentDictionary<(string Metric, Patients Patients), CaseScore?> testScores = [];

    /// <summary>Whether labels of the test split were read to score it: a trial on a fold never reads that split, an autoencoder none of its labels.</summary>
    public bool IsScoredOnTest => Metrics is { Task: not null, Test: not null } && Trial.Spec.Target.Folds.Count == 0;

    /// <summary>
    /// Labels and probabilities of every image of a split, read once: of a trial on a fold, "test" is what the fold held out; of an
    /// autoencoder, there are labels alone.
    /// </summary>
    /// <exception cref="MedTransferException">Their file is damaged.</exception>
    public SplitPredictions Predictions(SplitName split) => predictions.GetOrAdd(split, Folder.ReadPredictions);

    /// <summary>What its labels ask for.</summary>
    /// <exception cref="MedTransferException">It predicts nothing.</exception>
    public LearningTask Task => LearningTask.Of(
        Metrics.Task ?? throw new MedTransferException($"Trial {Trial.Name} ({Trial.Label}) predicts nothing: take a classifier."), Metrics.Train.Scores.PositiveClass ?? 1);

    /// <summary>A score of the test split by its metric's name, with how it varies with the patients; null where it is undefined, or nothing is predicted.</summary>
    /// <param name="patients">Whose the test images are.</param>
    public CaseScore? TestScore(string metric, Patients patients) => testScores.GetOrAdd((metric, patients), _ =>
    {
        var test = Predictions(SplitName.Test);
        return Metrics.Task is null ? null : Task.Score(metric, test.Probabilities, test.Labels, patients);
    });

    /// <summary>Fails where its predictions are not of the images that it was scored on, as their file was cut or changed.</summary>
    /// <param name="labels">Of the test split of the data that it names; a trial on a fold is scored on others, of which the number alone is known.</param>
    /// <exception cref="MedTransferException">They are not; the message says what to do.</exception>
    public void RequireTestLabels(Labels labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (Metrics is not { Task: not null, Test: { } measured })
            return;
        var own = Predictions(SplitName.Test).Labels;
        var images = IsScoredOnTest ? labels.Count : measured.Scores.Images;
        if (own.Count != images || IsScoredOnTest && !own.Flat.SequenceEqual(labels.Flat))
            throw new MedTransferException($"The trial in {Folder.FullPath} is damaged, delete that folder and run again: the test labels in {Path.GetFileName(Folder.PredictionsPath)} are not those of the data ({own.Count} rows for {images} images).");
    }

    /// <summary>Embeddings of the train or test split with the class of each: train has 10,000 images at most.</summary>
    /// <exception cref="MedTransferException">Of validation none are kept, of a control that learns none and of an ensemble none at all.</exception>
    public LabelledEmbeddings Embeddings(SplitName split)
    {
        if (!Trial.Spec.HasEmbeddings)
        {
            throw new MedTransferException(Trial.Spec.Members is [var member, ..]
                ? $"Trial {Trial.Name} ({Trial.Label}) is an ensemble, which has no embeddings of its own: take those of a member, {member} for one."
                : $"Trial {Trial.Name} ({Trial.Label}) has no embeddings: {Trial.Spec.Describe()} learns none. Take a trial of a CNN or an autoencoder.");
        }

        var points = Folder.ReadEmbeddings(split);
        var labels = Predictions(split).Labels;
        if (labels.Count < points.GetLength(0))
            throw new MedTransferException($"{Folder.RowsPath} can't be read: {labels.Count} rows of {split.Text()}, {points.GetLength(0)} embeddings; delete its folder and run again.");
        return LabelledEmbeddings.Of(points, labels);
    }
}

/// <summary>Embeddings and what they belong to.</summary>
/// <param name="Points">(N, D), a row an image.</param>
/// <param name="Classes">The class of each image; of several findings, 1 where there is any. None where the images have no labels.</param>
public sealed record LabelledEmbeddings(float[,] Points, IReadOnlyList<int> Classes)
{
    /// <summary>How many images were left out, as it is not known whether they have any finding.</summary>
    public int LeftOut { get; init; }

    /// <summary>Of the first images of a split; those of which it is not known whether they have any finding are left out.</summary>
    /// <param name="points">(n, D), a row an image.</param>
    /// <param name="labels">Of n images or more.</param>
    internal static LabelledEmbeddings Of(float[,] points, Labels labels)
    {
        if (labels.Columns == 0)
            return new(points, []);
        var classes = Strata.Of(labels).Values;
        int[] told = [.. Enumerable.Range(0, points.GetLength(0)).Where(image => labels.Columns == 1 || labels.AnyPresent(image) || !labels.AnyMissing(image))];
        if (told.Length == points.GetLength(0))
            return new(points, [.. classes.Take(told.Length)]);
        var kept = new float[told.Length, points.GetLength(1)];
        for (var row = 0; row < told.Length; row++)
        {
            for (var column = 0; column < kept.GetLength(1); column++)
                kept[row, column] = points[told[row], column];
        }

        return new(kept, [.. told.Select(image => classes[image])]) { LeftOut = points.GetLength(0) - told.Length };
    }
}
