namespace MedTransfer.Data.Import;

/// <summary>Which images have to lie in one split: those of a patient, and those that are the same pixel by pixel, whoever they are said to be of.</summary>
/// <param name="Numbers">One number an image; the same one in a group. Of images whose patient is known, a patient's.</param>
/// <param name="Duplicates">Images that another one before them equals.</param>
/// <param name="Merged">Patients that share such an image with another one, and count as one with it.</param>
/// <param name="Unknown">Images whose patient is not known.</param>
internal sealed record ImageGroups(IReadOnlyList<long> Numbers, int Duplicates, int Merged, int Unknown)
{
    /// <summary>Whether of any image it is known who is shown.</summary>
    public bool HasPatients => Unknown < Numbers.Count;

    public static ImageGroups Of(IReadOnlyList<ImportedImage> images)
    {
        // an image of nobody known stands for itself, by a number that no patient has
        long[] own = [.. images.Select((image, place) => image.Patient ?? -1L - place)];
        var parent = own.Distinct().ToDictionary(number => number);
        var first = new Dictionary<UInt128, long>();
        var (duplicates, merged) = (0, 0);
        for (var place = 0; place < images.Count; place++)
        {
            if (first.TryAdd(images[place].Pixels, own[place]))
                continue;
            duplicates++;
            var (one, other) = (Root(first[images[place].Pixels]), Root(own[place]));
            if (one == other)
                continue;
            if (one >= 0 && other >= 0)
                merged++;
            // a patient's number stays
            parent[Math.Min(one, other)] = Math.Max(one, other);
        }

        return new([.. own.Select(Root)], duplicates, merged, images.Count(image => image.Patient is null));

        long Root(long number)
        {
            while (parent[number] != number)
                number = parent[number];
            return number;
        }
    }
}
