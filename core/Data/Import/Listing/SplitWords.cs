namespace MedTransfer.Data.Import.Listing;

/// <summary>What folders and tables call the splits.</summary>
internal static class SplitWords
{
    /// <summary>The split that a word means, in upper or lower case; null where it means none.</summary>
    public static SplitName? Parse(string word) => word.ToUpperInvariant() switch
    {
        "TRAIN" or "TRAINING" => SplitName.Train,
        "VAL" or "VALID" or "VALIDATION" => SplitName.Validation,
        "TEST" or "TESTING" => SplitName.Test,
        _ => null,
    };
}
