using MedTransfer.Data;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Classification;
using MedTransfer.Tasks;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials;

/// <summary>What trials on the folds of one set say of the images they did not learn from.</summary>
public sealed record OutOfFold
{
    private readonly LearningTask task;
    private readonly IReadOnlyList<SplitPredictions> heldOut;

    private OutOfFold(LearningTask task, IReadOnlyList<SplitPredictions> heldOut) => (this.task, this.heldOut) = (task, heldOut);

    /// <summary>Images that were held out at least once, by their indices in the training split of the file, ascending.</summary>
    public required IReadOnlyList<int> FileIndices { get; init; }

    /// <summary>Classes or findings, a row an image.</summary>
    public required Labels Labels { get; init; }

    /// <summary>(N, K): the mean of the probabilities over the folds that held the image out.</summary>
    public required float[,] Probabilities { get; init; }

    /// <summary>How many folds held each image out.</summary>
    public required IReadOnlyList<int> TimesHeldOut { get; init; }

    /// <summary>
    /// Scores of those mean probabilities over all images. Not the mean of the folds' scores: models of different folds are ranked
    /// together, and where folds repeat, each image is judged by several of them.
    /// </summary>
    public required Scores Scores { get; init; }

    /// <summary>Each fold's own scores on what it held out, in the order given.</summary>
    public required IReadOnlyList<SplitMetrics> Folds { get; init; }

    /// <summary>
    /// A score of those mean probabilities with how it varies with the patients: pooled, so that models of different folds, whose probabilities
    /// may be on different scales, are ranked together. Null where it is undefined.
    /// </summary>
    /// <param name="patients">Of the images in the order of <see cref="FileIndices"/>.</param>
    public CaseScore? Pooled(string metric, Patients patients) => task.Score(metric, Probabilities, Labels, patients);

    /// <summary>The mean of the folds' own scores, each of which has one model's scale; folds for which it is undefined are left out. Null where it is for all.</summary>
    /// <inheritdoc cref="Pooled" path="/param"/>
    public CaseScore? FoldAveraged(string metric, Patients patients)
    {
        ArgumentNullException.ThrowIfNull(patients);
        var place = FileIndices.Index().ToDictionary(image => image.Item, image => image.Index);
        return CaseScore.MeanOfFolds(heldOut
            .Select(fold => task.Score(metric, fold.Probabilities, fold.Labels, patients.Subset([.. Enumerable.Range(0, fold.Labels.Count).Select(row => place[FileIndexOf(fold, row)])])))
            .OfType<CaseScore>());
    }

    /// <summary>Puts the folds' held-out predictions together.</summary>
    /// <param name="folds">Trials that differ in their fold, at least one.</param>
    /// <exception cref="MedTransferException">They are not of one set, or a file of theirs is damaged.</exception>
    public static OutOfFold Of(IReadOnlyList<TrialResult> folds)
    {
        RequireOneSet(folds);
        var rows = folds.SelectMany(fold => Rows(fold.Predictions(SplitName.Test))).GroupBy(row => row.FileIndex).OrderBy(image => image.Key)
            .Select(image => image.ToArray()).ToArray();
        var labels = Labels.Of(Matrix(rows, image => image[0].Labels));
        var probabilities = Matrix(rows, image => Mean([.. image.Select(row => row.Probabilities)]));
        var metrics = folds[0].Metrics;
        var task = LearningTask.Of(metrics.Task ?? throw new MedTransferException("The trials predict nothing: put together those of classifiers."), metrics.Train.Scores.PositiveClass ?? 1);
        return new OutOfFold(task, [.. folds.Select(fold => fold.Predictions(SplitName.Test))])
        {
            FileIndices = [.. rows.Select(image => image[0].FileIndex)],
            Labels = labels,
            Probabilities = probabilities,
            TimesHeldOut = [.. rows.Select(image => image.Length)],
            Scores = task.Scores(probabilities, labels),
            Folds = [.. folds.Select(fold => fold.Metrics.Test!)],
        };
    }

    private static void RequireOneSet(IReadOnlyList<TrialResult> folds)
    {
        if (folds.Count == 0)
            throw new ArgumentException("There are no folds to put together", nameof(folds));
        if (folds.FirstOrDefault(fold => fold.Trial.Spec.Target.Folds.Count == 0) is { } whole)
            throw new MedTransferException($"Trial {whole.Trial.Name} ({whole.Trial.Label}) is not on a fold: it holds no training image out.");
        var sets = folds.Select(fold => fold.Trial.Spec.Target).Select(data => data with { Path = "", Folds = [.. data.Folds.SkipLast(1)] });
        if (sets.Distinct().Skip(1).Any())
            throw new MedTransferException("The trials are folds of different sets: put together those of one dataset, sample and outer fold.");
        if (folds.DistinctBy(fold => fold.Trial.Name).Count() < folds.Count)
            throw new MedTransferException("A fold is given twice: give each once.");
    }

    private static IEnumerable<Row> Rows(SplitPredictions heldOut)
    {
        var labels = heldOut.Labels.Values;
        return Enumerable.Range(0, heldOut.Labels.Count).Select(row => new Row(FileIndexOf(heldOut, row), RowOf(labels, row), RowOf(heldOut.Probabilities, row)));
    }

    private static int FileIndexOf(SplitPredictions heldOut, int row) => heldOut.FileIndices?[row] ?? row;

    private static float[] Mean(float[][] rows) => [.. rows[0].Select((_, column) => (float)rows.Average(row => (double)row[column]))];

    private static T[] RowOf<T>(T[,] matrix, int row) => [.. Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column])];

    private static T[,] Matrix<T>(Row[][] images, Func<Row[], T[]> values)
    {
        var rows = Array.ConvertAll(images, image => values(image));
        var matrix = new T[rows.Length, rows.Length == 0 ? 0 : rows[0].Length];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < rows[row].Length; column++)
                matrix[row, column] = rows[row][column];
        }

        return matrix;
    }

    private readonly record struct Row(int FileIndex, byte[] Labels, float[] Probabilities);
}
