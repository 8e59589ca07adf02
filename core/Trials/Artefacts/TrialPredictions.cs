using System.Globalization;
using System.Text;
using MedTransfer.Data;

namespace MedTransfer.Trials.Artefacts;

/// <summary>
/// What a trained model said of every image, as comma-separated rows of <c>split,index,label...,p0,p1,...</c>: the image's index in its split
/// of the file, its labels, where there are any (empty where a finding is not known), and a probability a class or finding, where any are
/// predicted.
/// </summary>
internal static class TrialPredictions
{
    public static string Format(IReadOnlyList<SplitPredictions> splits)
    {
        var (labels, outputs) = (splits[0].Labels.Columns, splits[0].Probabilities.GetLength(1));
        var text = new StringBuilder();
        text.AppendJoin(',', ["split", "index", .. labels == 1 ? ["label"] : Columns("label", labels), .. Columns("p", outputs)]).Append('\n');
        foreach (var split in splits)
            split.AppendRows(text);
        return text.ToString();
    }

    /// <summary>A split's rows of such a file.</summary>
    /// <exception cref="FormatException">They are none.</exception>
    public static SplitPredictions Read(string path, SplitName split)
    {
        var columns = File.ReadLines(path).FirstOrDefault("").Split(',');
        var labels = columns.Count(column => column.StartsWith("label", StringComparison.Ordinal));
        var rows = File.ReadLines(path).Where(line => line.StartsWith($"{SplitPredictions.NameOf(split)},", StringComparison.Ordinal))
            .Select(line => line.Split(',') is var fields && fields.Length == columns.Length ? fields : throw new FormatException($"'{line}' has not {columns.Length} fields"))
            .ToList();
        return new(
            split,
            [.. rows.Select(row => int.Parse(row[1], CultureInfo.InvariantCulture))],
            Labels.Of(Matrix(rows, 2, labels, field => field.Length == 0 ? Labels.Missing : byte.Parse(field, CultureInfo.InvariantCulture))),
            Matrix(rows, 2 + labels, columns.Length - 2 - labels, field => float.Parse(field, CultureInfo.InvariantCulture)));
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

    private static IEnumerable<string> Columns(string name, int count) => Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}{i}"));
}

/// <summary>Labels and probabilities of one split, a row an image.</summary>
/// <param name="Name">Which split.</param>
/// <param name="FileIndices">Each image's index in that split of the file; null where the split is whole.</param>
/// <param name="Probabilities">(N, K), (N, 0) where nothing is predicted.</param>
public sealed record SplitPredictions(SplitName Name, IReadOnlyList<int>? FileIndices, Labels Labels, float[,] Probabilities)
{
    internal static string NameOf(SplitName split) => split switch { SplitName.Train => "train", SplitName.Validation => "val", _ => "test" };

    internal void AppendRows(StringBuilder text)
    {
        var name = NameOf(Name);
        for (var row = 0; row < Labels.Count; row++)
        {
            text.Append(name).Append(',').Append(FileIndices?[row] ?? row);
            for (var column = 0; column < Labels.Columns; column++)
            {
                text.Append(',');
                if (!Labels.IsMissing(row, column))
                    text.Append(Labels[row, column]);
            }

            for (var column = 0; column < Probabilities.GetLength(1); column++)
                text.Append(CultureInfo.InvariantCulture, $",{Probabilities[row, column]:R}");
            text.Append('\n');
        }
    }
}
