namespace MedTransfer.Data.Checks;

/// <summary>Pixels that can be read and can hardly be meant: one colour, a range that is none of eight bits, masks, inverted images.</summary>
internal static class PixelNotes
{
    // a quarter of the range
    private const int NarrowRange = 64;

    // so few images may look inverted by themselves, or be drawings among photographs
    private const int Few = 2;

    public static IEnumerable<string> Of(DatasetStatistics statistics) => [.. statistics.Filled.SelectMany(split => OfSplit(split, statistics[split])), .. OfInverted(statistics)];

    private static IEnumerable<string> OfSplit(SplitName split, IReadOnlyList<ImageStatistics> images)
    {
        var highest = images.Max(image => image.High);
        if (highest == 0)
        {
            yield return FormattableString.Invariant($"All {images.Count:N0} images of {split.Text()} are black throughout: look at how they were saved.");
            yield break;
        }
        if (highest == 1)
        {
            yield return $"All pixels of {split.Text()} are 0 or 1 of 255, all but black: were images from 0 to 1 saved as whole numbers, or divided by 255 twice?";
            yield break;
        }
        if (highest < NarrowRange) yield return $"No pixel of {split.Text()} is above {highest} of 255: was a range of fewer bits saved as it is?";
        var masks = images.Count(image => image.HasTwoLevels && !image.IsBlank);
        if (masks > Few) yield return FormattableString.Invariant($"{masks:N0} of {images.Count:N0} images of {split.Text()} have two levels alone: are these masks, not images?");
        var blank = images.Count(image => image.IsBlank);
        if (blank > 0) yield return FormattableString.Invariant($"{blank:N0} of {images.Count:N0} images of {split.Text()} are of one colour throughout.");
        if (images.Count > 1 && blank == 0 && images.All(image => image.Digest == images[0].Digest))
            yield return FormattableString.Invariant($"All {images.Count:N0} images of {split.Text()} are the same, pixel by pixel.");
    }

    // by label where train's labels tell them apart
    private static IEnumerable<string> OfInverted(DatasetStatistics statistics)
    {
        var (data, images) = (statistics.Data, statistics[SplitName.Train]);
        var isInverted = InvertedImages.Find([.. images.Select(image => image.Thumbnail)]);
        var count = isInverted.Count(inverted => inverted);
        if (count <= Few) yield break;
        var (labels, areFindings) = (data.Train.Labels, data.Info.Task == LabelTask.MultiLabel);
        string[] each =
        [
            .. from label in Enumerable.Range(0, data.Info.Outputs)
               let members = Enumerable.Range(0, images.Count).Where(image => areFindings ? labels[image, label] == 1 : labels[image, 0] == label).ToList()
               let inverted = members.Count(image => isInverted[image])
               where inverted > 0
               select FormattableString.Invariant($"{inverted:N0} of {members.Count:N0} {(areFindings ? "with" : "of")} {OneLine.Quote(data.Info.LabelNames[label])}"),
        ];
        var byLabel = each.Length == 0 ? "" : $" ({OneLine.FirstFew(each)})";
        yield return FormattableString.Invariant($"{count:N0} of {images.Count:N0} images of train{byLabel} look inverted beside the others, or the others beside them: were black and white exchanged in some?");
    }
}
