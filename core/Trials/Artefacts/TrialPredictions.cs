using System.Globalization;
using System.Text;
using MedTransfer.Data;
using MedTransfer.Data.Resampling;

namespace MedTransfer.Trials.Artefacts;

/// <summary>What a trained model said of every image.</summary>
/// <param name="Splits">Labels and probabilities of each split, a row an image.</param>
/// <param name="TrainEmbeddings">(n, D), the first 10,000 training images at most; null where the model has no embeddings.</param>
/// <param name="TestEmbeddings">(N, D), or null.</param>
public sealed record TrialPredictions(
    IReadOnlyList<SplitPredictions> Splits, float[,]? TrainEmbeddings, float[,]? TestEmbeddings)
{
    /// <summary>Training images whose embeddings are kept, the first of them.</summary>
    internal const int MostTrainEmbeddings = 10_000;

    /// <summary>The first test images as an autoencoder draws them, (n, C, S, S) from 0 to 255; null for a classifier.</summary>
    public byte[,,,]? TestReconstructions { get; init; }

    /// <summary>
    /// Rows of <c>split,index,label...,p0,p1,...</c>: the image's index in its split of the file, its labels, where there are any, and a
    /// probability a class or finding, where any are predicted.
    /// </summary>
    public string ToCsv()
    {
        var (labels, outputs) = (Splits[0].Labels.GetLength(1), Splits[0].Probabilities.GetLength(1));
        var text = new StringBuilder();
        text.AppendJoin(',', ["split", "index", .. labels == 1 ? ["label"] : Columns("label", labels), .. Columns("p", outputs)]).Append('\n');
        foreach (var split in Splits)
            split.AppendRows(text);
        return text.ToString();
    }

    /// <summary>
    /// Classes of the first <paramref name="count"/> images of a split, from a file of these rows; of several findings, 1 where there is any.
    /// None where the file has no labels.
    /// </summary>
    internal static IReadOnlyList<int> ReadClasses(string path, SplitName split, int count)
    {
        var labels = Read(path, split, count).Labels;
        return labels.GetLength(0) == count
            ? labels.GetLength(1) == 0 ? [] : Strata.Of(Labels.Of(labels)).Values
            : throw Unreadable(path, new FormatException($"{labels.GetLength(0)} rows of the {split} split, {count} images"));
    }

    /// <summary>A split's labels and probabilities, from a file of these rows.</summary>
    /// <param name="limit">Reads so many of its first rows at most.</param>
    internal static SplitPredictions Read(string path, SplitName split, int limit = int.MaxValue)
    {
        try
        {
            var columns = File.ReadLines(path).FirstOrDefault("").Split(',');
            var labels = columns.Count(column => column.StartsWith("label", StringComparison.Ordinal));
            var rows = File.ReadLines(path).Where(line => line.StartsWith($"{SplitPredictions.NameOf(split)},", StringComparison.Ordinal)).Take(limit)
                .Select(line => line.Split(',') is var fields && fields.Length == columns.Length ? fields : throw new FormatException($"'{line}' has not {columns.Length} fields"))
                .ToList();
            return new(
                split,
                [.. rows.Select(row => int.Parse(row[1], CultureInfo.InvariantCulture))],
                Matrix(rows, 2, labels, field => byte.Parse(field, CultureInfo.InvariantCulture)),
                Matrix(rows, 2 + labels, columns.Length - 2 - labels, field => float.Parse(field, CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is FormatException or OverflowException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    private static T[,] Matrix<T>(List<string[]> rows, int first, int columns, Func<string, T> parse)
    {
        var matrix = new T[rows.Count, Math.Max(columns, 0)];
        for (var row = 0; row < rows.Count; row++)
        {
            for (var column = 0; column < columns; column++)
                matrix[row, column] = parse(rows[row][first + column]);
        }

        return matrix;
    }

    private static MedTransferException Unreadable(string path, Exception e) =>
        new($"{path} can't be read: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}; delete its folder and run again.", e);

    private static IEnumerable<string> Columns(string name, int count) => Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}{i}"));
}

/// <summary>Labels and probabilities of one split, a row an image.</summary>
/// <param name="Name">Which split.</param>
/// <param name="FileIndices">Each image's index in that split of the file; null where the split is whole.</param>
/// <param name="Probabilities">(N, K), (N, 0) where nothing is predicted.</param>
public sealed record SplitPredictions(SplitName Name, IReadOnlyList<int>? FileIndices, byte[,] Labels, float[,] Probabilities)
{
    internal static string NameOf(SplitName split) => split switch { SplitName.Train => "train", SplitName.Validation => "val", _ => "test" };

    internal void AppendRows(StringBuilder text)
    {
        var name = NameOf(Name);
        for (var row = 0; row < Labels.GetLength(0); row++)
        {
            text.Append(name).Append(',').Append(FileIndices?[row] ?? row);
            for (var column = 0; column < Labels.GetLength(1); column++)
                text.Append(',').Append(Labels[row, column]);
            for (var column = 0; column < Probabilities.GetLength(1); column++)
                text.Append(CultureInfo.InvariantCulture, $",{Probabilities[row, column]:R}");
            text.Append('\n');
        }
    }
}
