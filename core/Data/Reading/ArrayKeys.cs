namespace MedTransfer.Data.Reading;

/// <summary>Names of a dataset's arrays in its archive, by MedMNIST's convention.</summary>
internal static class ArrayKeys
{
    public static string Images(SplitName split) => $"{Prefix(split)}_images";

    public static string Labels(SplitName split) => $"{Prefix(split)}_labels";

    /// <summary>One integer an image that says whose it is; our own addition to the convention.</summary>
    public static string Patients(SplitName split) => $"{Prefix(split)}_patients";

    private static string Prefix(SplitName split) => split switch
    {
        SplitName.Train => "train",
        SplitName.Validation => "val",
        _ => "test",
    };
}
