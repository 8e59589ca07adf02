namespace MedTransfer.Evaluation.Cases;

/// <summary>
/// Whose the images of a split are. Images of one patient resemble each other, so that it is patients who are drawn at random; where they are
/// not known, each image counts as a patient of its own.
/// </summary>
public sealed class Patients
{
    private readonly int[] ofImage;

    private Patients(int[] ofImage, int count, bool areKnown) => (this.ofImage, Count, AreKnown) = (ofImage, count, areKnown);

    /// <summary>Number of patients.</summary>
    public int Count { get; }

    /// <summary>Number of images.</summary>
    public int Images => ofImage.Length;

    /// <summary>Whether the file says whose the images are.</summary>
    public bool AreKnown { get; }

    /// <summary>Whether no patient has two images, so that images are independent as far as is known.</summary>
    public bool HaveOneImageEach => ofImage.Distinct().Count() == Images;

    /// <summary>The patient of an image, 0 to <see cref="Count"/> - 1, in the order of their first images.</summary>
    public int this[int image] => ofImage[image];

    /// <summary>The same patients with these of their images, in their order: a fold of them has a part.</summary>
    public Patients Subset(IReadOnlyList<int> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return new([.. images.Select(image => ofImage[image])], Count, AreKnown);
    }

    /// <summary>As many patients as images.</summary>
    public static Patients OfImages(int images) => new([.. Enumerable.Range(0, images)], images, areKnown: false);

    /// <summary>Patients by an identifier an image; null for a split that has none.</summary>
    public static Patients Of(IReadOnlyList<long>? identifiers, int images)
    {
        if (identifiers is null)
            return OfImages(images);
        if (identifiers.Count != images)
            throw new ArgumentException($"{identifiers.Count} patients' identifiers of {images} images", nameof(identifiers));
        var numbers = new Dictionary<long, int>();
        var ofImage = new int[images];
        for (var image = 0; image < images; image++)
        {
            if (!numbers.TryGetValue(identifiers[image], out var number))
                numbers.Add(identifiers[image], number = numbers.Count);
            ofImage[image] = number;
        }

        return new(ofImage, numbers.Count, areKnown: true);
    }
}
