using System.Globalization;
using MedTransfer.Training;

namespace MedTransfer.Trials;

/// <summary>A training's epochs as comma-separated rows; a value that does not exist is an empty field.</summary>
internal static class HistoryCsv
{
    private const string Header = "epoch,learning_rate,train_loss,validation_loss,validation_accuracy,validation_auc";

    public static string Format(IEnumerable<EpochRecord> history) =>
        string.Concat(history.Select(Row).Prepend($"{Header}\n"));

    public static IReadOnlyList<EpochRecord> Parse(string text)
    {
        var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (rows.Length == 0 || rows[0] != Header)
            throw new FormatException($"the header is not {Header}");
        return [.. rows.Skip(1).Select(row => row.Split(',') is { Length: 6 } fields ? fields : throw new FormatException($"'{row}' has not six fields")).Select(field =>
            new EpochRecord(int.Parse(field[0], CultureInfo.InvariantCulture), Optional(field[1]), Number(field[2]), Number(field[3]), Optional(field[4]), Optional(field[5])))];
    }

    private static string Row(EpochRecord epoch) => string.Create(CultureInfo.InvariantCulture,
        $"{epoch.Epoch},{epoch.LearningRate},{epoch.TrainLoss:R},{epoch.ValidationLoss:R},{epoch.ValidationAccuracy:R},{epoch.ValidationAuc:R}\n");

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    private static double? Optional(string field) => field.Length == 0 ? null : Number(field);
}
