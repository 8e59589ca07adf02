using System.Globalization;
using MedTransfer.Training;

namespace MedTransfer.Trials.Artefacts;

/// <summary>A training's epochs as comma-separated rows; a value that does not exist is an empty field.</summary>
internal static class HistoryCsv
{
    private const string Header = "epoch,learning_rate,train_loss,validation_loss,validation_accuracy,validation_balanced_accuracy,validation_auc";

    public static string Format(IEnumerable<EpochRecord> history) =>
        string.Concat(history.Select(Row).Prepend($"{Header}\n"));

    public static IReadOnlyList<EpochRecord> Parse(string text)
    {
        var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (rows.Length == 0 || rows[0] != Header)
            throw new FormatException($"the header is not {Header}");
        return [.. rows.Skip(1).Select(row => row.Split(',') is { Length: 7 } fields ? Record(fields) : throw new FormatException($"'{row}' has not seven fields"))];
    }

    private static EpochRecord Record(string[] fields) => new(
        int.Parse(fields[0], CultureInfo.InvariantCulture), Optional(fields[1]), Number(fields[2]), Number(fields[3]),
        Optional(fields[4]), Optional(fields[5]), Optional(fields[6]));

    private static string Row(EpochRecord epoch) => string.Create(CultureInfo.InvariantCulture,
        $"{epoch.Epoch},{epoch.LearningRate},{epoch.TrainLoss:R},{epoch.ValidationLoss:R},{epoch.ValidationAccuracy:R},{epoch.ValidationBalancedAccuracy:R},{epoch.ValidationAuc:R}\n");

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    private static double? Optional(string field) => field.Length == 0 ? null : Number(field);
}
