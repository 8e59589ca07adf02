using System.Globalization;
using System.Text.Json;
using MedTransfer.Evaluation;
using MedTransfer.Training;

namespace MedTransfer.Trials.Artefacts;

/// <summary>
/// A training's epochs as comma-separated rows: the losses, then a column for each metric that the objective reports on the validation split,
/// <c>validation_balanced_accuracy</c> (of training images where an objective says so, as there are none for validation), then for each that it reports of the training's batches,
/// <c>train_domain_accuracy</c>; a value that does not exist is an empty field.
/// </summary>
internal static class HistoryCsv
{
    private const string Losses = "epoch,learning_rate,train_loss,validation_loss", ValidationPrefix = "validation_", TrainPrefix = "train_";
    private const int FirstMetric = 4;

    public static string Format(IReadOnlyList<EpochRecord> history)
    {
        List<string> validation = history.Count == 0 ? [] : [.. history[0].Validation.Names], training = history.Count == 0 ? [] : [.. history[0].Training.Names];
        var header = string.Join(',', [Losses, .. validation.Select(name => ColumnOf(ValidationPrefix, name)), .. training.Select(name => ColumnOf(TrainPrefix, name))]);
        return string.Concat(history.Select(epoch => Row(epoch, validation, training)).Prepend(header + "\n"));
    }

    public static IReadOnlyList<EpochRecord> Parse(string text)
    {
        var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (rows.Length == 0 || rows[0] != Losses && !rows[0].StartsWith($"{Losses},", StringComparison.Ordinal))
            throw new FormatException($"the header does not begin with {Losses}");
        var columns = rows[0].Split(',').Skip(FirstMetric).ToList();
        if (columns.Find(column => !IsOf(ValidationPrefix, column) && !IsOf(TrainPrefix, column)) is { } other)
            throw new FormatException($"the column {other} is no {ValidationPrefix} or {TrainPrefix}metric");
        return
        [
            .. rows.Skip(1).Select(row => row.Split(',') is var fields && fields.Length == FirstMetric + columns.Count
                ? Record(fields, columns)
                : throw new FormatException($"'{row}' has not {FirstMetric + columns.Count} fields")),
        ];
    }

    private static EpochRecord Record(string[] fields, List<string> columns)
    {
        MetricValues Of(string prefix) => new(columns.Index().Where(column => IsOf(prefix, column.Item)).Select(column => KeyValuePair.Create(NameOf(prefix, column.Item), Optional(fields[FirstMetric + column.Index]))));
        return new(int.Parse(fields[0], CultureInfo.InvariantCulture), Optional(fields[1]), Number(fields[2]), Optional(fields[3]), Of(ValidationPrefix)) { Training = Of(TrainPrefix) };
    }

    private static string Row(EpochRecord epoch, List<string> validation, List<string> training) => string.Create(CultureInfo.InvariantCulture,
        $"{epoch.Epoch},{epoch.LearningRate},{epoch.TrainLoss:R},{epoch.ValidationLoss:R}")
        + string.Concat(validation.Select(name => Field(epoch.Validation[name])).Concat(training.Select(name => Field(epoch.Training[name])))) + "\n";

    private static string Field(double? value) => string.Create(CultureInfo.InvariantCulture, $",{value:R}");

    private static bool IsOf(string prefix, string column) => column.StartsWith(prefix, StringComparison.Ordinal);

    private static string ColumnOf(string prefix, string metric) => prefix + JsonNamingPolicy.SnakeCaseLower.ConvertName(metric);

    private static string NameOf(string prefix, string column)
    {
        var words = column[prefix.Length..].Split('_');
        return string.Concat(words.Select((word, place) => place == 0 || word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    private static double? Optional(string field) => field.Length == 0 ? null : Number(field);
}
