namespace MedTransfer.Data;

/// <summary>What is to keep its share when a split is sampled or cut: its classes; of several findings, having any or none; without labels, one stratum.</summary>
/// <param name="Values">The stratum of each image.</param>
/// <param name="AreFindings">Whether 0 is "no finding" and 1 is "any", not a class.</param>
/// <param name="Names">Names of the classes; null where they have none.</param>
internal sealed record Strata(IReadOnlyList<int> Values, bool AreFindings, IReadOnlyList<string>? Names = null)
{
    public static Strata Of(byte[,] labels, IReadOnlyList<string>? names = null)
    {
        var values = new int[labels.GetLength(0)];
        for (var row = 0; row < values.Length; row++)
        {
            // of one column, its value; of several, 1 where there is any finding
            for (var column = 0; column < labels.GetLength(1); column++) values[row] = Math.Max(values[row], labels[row, column]);
        }
        return new(values, labels.GetLength(1) > 1, names);
    }

    /// <summary>A stratum as an error names it.</summary>
    public string NameOf(int value) => !AreFindings ? OneLine.Class(Names?.ElementAtOrDefault(value) ?? $"{value}") : value == 0 ? "without findings" : "with findings";
}
