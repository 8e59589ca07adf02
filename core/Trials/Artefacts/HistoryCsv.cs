using System.Globalization;
using System.Text.Json;
using MedTransfer.Training;

namespace MedTransfer.Trials.Artefacts;

/// <summary>
/// A training's epochs as comma-separated rows: the losses, then a column for each metric that the objective reports on the validation split,
/// <c>validation_balanced_accuracy</c> (of training images where an objective says so, as there are none for validation); a value that does not exist is an empty field.
/// </summary>
internal static class HistoryCsv
{
    private const string Losses = "epoch,learning_rate,train_loss,validation_loss", Prefix = "validation_";
    private const int FirstMetric = 4;

    public static string Format(IReadOnlyList<EpochRecord> history)
    {
        var names = history.Count == 0 ? [] : history[0].Validation.Names.ToList();
        return string.Concat(history.Select(epoch => Row(epoch, names)).Prepend(string.Join(',', [Losses, .. names.Select(ColumnOf)]) + "\n"));
    }

    public static IReadOnlyList<EpochRecord> Parse(string text)
    {
        var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (rows.Length == 0 || rows[0] != Losses && !rows[0].StartsWith($"{Losses},", StringComparison.Ordinal))
            throw new FormatException($"the header does not begin with {Losses}");
        var names = rows[0].Split(',').Skip(FirstMetric).Select(NameOf).ToList();
        return
        [
            .. rows.Skip(1).Select(row => row.Split(',') is var fields && fields.Length == FirstMetric + names.Count
                ? Record(fields, names)
                : throw new FormatException($"'{row}' has not {FirstMetric + names.Count} fields")),
        ];
    }

    private static EpochRecord Record(string[] fields, List<string> names) => new(
        int.Parse(fields[0], CultureInfo.InvariantCulture), Optional(fields[1]), Number(fields[2]), Optional(fields[3]),
        new(names.Select((name, place) => KeyValuePair.Create(name, Optional(fields[FirstMetric + place])))));

    private static string Row(EpochRecord epoch, List<string> names) => string.Create(CultureInfo.InvariantCulture,
        $"{epoch.Epoch},{epoch.LearningRate},{epoch.TrainLoss:R},{epoch.ValidationLoss:R}")
        + string.Concat(names.Select(name => string.Create(CultureInfo.InvariantCulture, $",{epoch.Validation[name]:R}"))) + "\n";

    private static string ColumnOf(string metric) => Prefix + JsonNamingPolicy.SnakeCaseLower.ConvertName(metric);

    private static string NameOf(string column)
    {
        if (!column.StartsWith(Prefix, StringComparison.Ordinal))
            throw new FormatException($"the column {column} is no {Prefix}metric");
        var words = column[Prefix.Length..].Split('_');
        return string.Concat(words.Select((word, place) => place == 0 || word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    private static double? Optional(string field) => field.Length == 0 ? null : Number(field);
}
