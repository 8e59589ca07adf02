namespace MedTransfer.Data.Resampling;

/// <summary>Which images have to lie on one side: those of a patient, and those that are the same pixel by pixel, whoever they are said to be of.</summary>
/// <param name="Numbers">One number an image; the same one in a group. Of images whose patient is known, a patient's.</param>
/// <param name="Duplicates">Images that another one before them equals.</param>
/// <param name="Merged">Patients that share such an image with another one, and count as one with it.</param>
internal sealed record ImageGroups(IReadOnlyList<long> Numbers, int Duplicates, int Merged)
{
    /// <param name="patients">The patient of each image, 0 or more; a number below 0 stands for that image alone.</param>
    /// <param name="pixels">Knows each image's pixels again; null of one that equals none, as it is of one colour.</param>
    public static ImageGroups Of(IReadOnlyList<long> patients, IReadOnlyList<UInt128?> pixels)
    {
        var parent = patients.Distinct().ToDictionary(number => number);
        var first = new Dictionary<UInt128, long>();
        var (duplicates, merged) = (0, 0);
        for (var place = 0; place < patients.Count; place++)
        {
            if (pixels[place] is not { } digest || first.TryAdd(digest, patients[place])) continue;
            duplicates++;
            var (one, other) = (Root(first[digest]), Root(patients[place]));
            if (one == other) continue;
            if (one >= 0 && other >= 0) merged++;
            // a patient's number stays
            parent[Math.Min(one, other)] = Math.Max(one, other);
        }
        return new([.. patients.Select(Root)], duplicates, merged);

        long Root(long number)
        {
            while (parent[number] != number) number = parent[number];
            return number;
        }
    }

    /// <summary>The groups of a split's images; null where each stands for itself.</summary>
    /// <param name="byPatient">Whether its patients count, where it knows them.</param>
    public static IReadOnlyList<long>? Of(Split split, bool byPatient)
    {
        var patients = byPatient ? split.Groups : null;
        var groups = Of(patients ?? [.. Enumerable.Range(0, split.Count).Select(place => -1L - place)], split.PixelDigests);
        return patients is null && groups.Duplicates == 0 ? null : groups.Numbers;
    }
}
