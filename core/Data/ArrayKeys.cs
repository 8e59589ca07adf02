using MedTransfer.Data.Formats;

namespace MedTransfer.Data;

/// <summary>Names of a dataset's arrays in its archive, by MedMNIST's convention.</summary>
internal static class ArrayKeys
{
    public static readonly SplitName[] Splits = [SplitName.Train, SplitName.Validation, SplitName.Test];

    public static string Images(SplitName split) => $"{Prefix(split)}_images";

    public static string Labels(SplitName split) => $"{Prefix(split)}_labels";

    /// <summary>One integer an image that says whose it is; our own addition to the convention.</summary>
    public static string Patients(SplitName split) => $"{Prefix(split)}_patients";

    /// <summary>What the array of a name is read for.</summary>
    public static ArrayRole RoleOf(string key) =>
        key.EndsWith("_images", StringComparison.Ordinal) ? ArrayRole.Images
        : key.EndsWith("_labels", StringComparison.Ordinal) ? ArrayRole.Labels
        : key.EndsWith("_patients", StringComparison.Ordinal) ? ArrayRole.Patients
        : ArrayRole.Numbers;

    private static string Prefix(SplitName split) => split switch
    {
        SplitName.Train => "train",
        SplitName.Validation => "val",
        _ => "test",
    };
}
