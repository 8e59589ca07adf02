namespace MedTransfer.Data.Checks;

/// <summary>What keeps the scores on a set from meaning what they seem to mean.</summary>
/// <param name="Leaks">What voids scores on its test split.</param>
/// <param name="Notes">What was read otherwise than it stands in the file, can be read and can hardly be meant, or limits what scores say, a sentence each.</param>
public sealed record CheckResult(IReadOnlyList<Leak> Leaks, IReadOnlyList<string> Notes);

/// <summary>Looks for leaks and traps in sets, before anything is trained. Test images are looked at; of their labels no more than how many there are of each.</summary>
public static class DatasetChecks
{
    /// <summary>What is to be known of one set.</summary>
    public static CheckResult Of(DatasetLook look)
    {
        ArgumentNullException.ThrowIfNull(look);
        var data = look.Data;
        return new(
            [.. PatientChecks.Leaks(data), .. Duplicates.Leaks(look)],
            [
                .. data.ReadingNotes,
                .. LabelNotes.Of(data),
                .. PatientChecks.Notes(data),
                .. PixelNotes.Of(look),
                .. Duplicates.Notes(look),
                .. Shortcuts.Notes(PropertiesOf(look[SplitName.Train]), data.Train.Labels, data.Info.LabelNames),
            ]);
    }

    /// <summary>What is to be known of a set that weights are pretrained on, beside the one that they are transferred to.</summary>
    public static CheckResult Between(DatasetLook source, DatasetLook target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        return new([.. Duplicates.LeaksBetween(source, target)], [.. Duplicates.NotesBetween(source, target)]);
    }

    private static IEnumerable<(string, float[])> PropertiesOf(IReadOnlyList<ImageLook> images) =>
    [
        ("Mean brightness", [.. images.Select(image => image.Brightness)]),
        ("Contrast (the standard deviation of pixels)", [.. images.Select(image => image.Contrast)]),
        ("Brightness of the border", [.. images.Select(image => image.BorderBrightness)]),
        ("The width of an even border", [.. images.Select(image => image.EvenBorder)]),
    ];
}
