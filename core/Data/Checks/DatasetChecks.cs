namespace MedTransfer.Data.Checks;

/// <summary>What keeps the scores on a set from meaning what they seem to mean.</summary>
/// <param name="Leaks">What voids scores on its test split.</param>
/// <param name="Notes">What was read otherwise than it stands in the file, can be read and can hardly be meant, or limits what scores say, a sentence each.</param>
public sealed record CheckResult(IReadOnlyList<Leak> Leaks, IReadOnlyList<string> Notes);

/// <summary>Looks for leaks and traps in sets, before anything is trained. Test images are looked at; of their labels it is counted how many there are of each.</summary>
public static class DatasetChecks
{
    /// <summary>What is to be known of a set on which ways are compared; of its test split nothing where folds of train take its place.</summary>
    public static CheckResult OfTarget(DatasetStatistics statistics)
    {
        var result = Of(statistics);
        // what is not read voids nothing
        if (statistics.Tested != SplitName.Test)
            return new([], [.. LabelNotes.OfFolds(statistics.Data), .. result.Notes]);
        return TestPower.Note(statistics.Data) is { } note ? result with { Notes = [note, .. result.Notes] } : result;
    }

    /// <summary>What is to be known of any set.</summary>
    public static CheckResult Of(DatasetStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var data = statistics.Data;
        return new(
            [.. PatientChecks.Leaks(data), .. Duplicates.Leaks(statistics)],
            [
                .. LabelNotes.Of(data),
                .. PatientChecks.Notes(data),
                .. PixelNotes.Of(statistics),
                .. Duplicates.Notes(statistics),
                .. Shortcuts.Notes(PropertiesOf(statistics[SplitName.Train]), data.Train.Labels, data.Train.Groups, data.Info.LabelNames, Shortcuts.Meaning),
            ]);
    }

    /// <summary>What is to be known of a set that weights are pretrained on, beside the one that they are transferred to.</summary>
    public static CheckResult Between(DatasetStatistics source, DatasetStatistics target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        return new([.. PatientChecks.LeaksBetween(source, target), .. Duplicates.LeaksBetween(source, target)], [.. Duplicates.NotesBetween(source, target)]);
    }

    /// <summary>Whether a note on a set casts doubt on every score on it, so that it belongs beside a verdict.</summary>
    public static bool IsCaveat(string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        return note == PatientChecks.NobodyKnown || note.Contains(Shortcuts.Meaning, StringComparison.Ordinal);
    }

    private static IEnumerable<(string, float[])> PropertiesOf(IReadOnlyList<ImageStatistics> images) =>
    [
        ("Mean brightness", [.. images.Select(image => image.Brightness)]),
        ("Contrast (the standard deviation of pixels)", [.. images.Select(image => image.Contrast)]),
        ("Brightness of the border", [.. images.Select(image => image.BorderBrightness)]),
        ("The share of even padding", [.. images.Select(image => image.Padding)]),
    ];
}
