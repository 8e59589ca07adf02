using System.Runtime.InteropServices;
using MedTransfer.Data.Images;
using static TorchSharp.torch;

namespace MedTransfer.Data.Phantoms;

/// <summary>Where a split's radiographs are taken: its patients, what they have, and how they are placed and exposed.</summary>
internal sealed class Clinic
{
    private const int MostImagesOfAPatient = 4;

    private readonly Phantom phantom;
    private readonly SplitName split;

    public Clinic(Phantom phantom, SplitName split)
    {
        (this.phantom, this.split) = (phantom, split);
        var images = phantom.Counts[split];
        Labels = AreAdults
            ? FindingDeal.LikeChestMnist(images, Draws(Purpose.Labels, 0))
            : FindingDeal.TwoClasses(images, Pneumonias(images), Draws(Purpose.Labels, 0));
        Patients = Admit(images, Draws(Purpose.Patients, 0));
    }

    private enum Purpose
    {
        Labels,
        Patients,
        Anatomy,
        Image,
        Finding,
    }

    /// <summary>As in <see cref="Split.Labels"/>.</summary>
    public Labels Labels { get; }

    /// <summary>The number of each image's patient, who is in no other split.</summary>
    public long[] Patients { get; }

    /// <summary>Findings that the labels speak of, in their order.</summary>
    public IReadOnlyList<FindingKind> Kinds => AreAdults ? Enum.GetValues<FindingKind>() : [FindingKind.Pneumonia];

    /// <summary>An image of this split.</summary>
    public Radiograph Radiograph(int image)
    {
        var healthy = Anatomy(Patients[image]);
        var draws = Draws(Purpose.Image, image);
        // Nobody breathes in as deeply every time.
        var breath = draws.Around(0, 0.045);
        var patient = healthy with { RightDome = healthy.RightDome + breath, LeftDome = healthy.LeftDome + breath };
        return new()
        {
            Patient = patient,
            Findings = Present(image).ToDictionary(kind => kind, kind => kind.Draw(patient, Draws(Purpose.Finding, image, (int)kind))),
            Pose = AreAdults
                ? new(draws.Around(0, 0.055), draws.Around(0.02, 0.055), draws.Around(0, 0.025), draws.Around(1, 0.06))
                : new(draws.Around(0, 0.03), draws.Around(0.04, 0.03), draws.Around(0, 0.02), draws.Around(1.12, 0.04)),
            LevelOffset = draws.Around(AreAdults ? 0 : -0.03, 0.04),
            Contrast = draws.Around(AreAdults ? 3.4 : 2.9, 0.5),
            Noise = draws.Between(1, 3),
            Grain = draws.Seed(),
        };
    }

    private bool AreAdults => phantom.Kind == PhantomKind.Chest;

    private IEnumerable<FindingKind> Present(int image) => AreAdults
        ? Kinds.Where(kind => Labels[image, (int)kind] == 1)
        : Kinds.Where(_ => Labels[image, 0] == 1);

    private Anatomy Anatomy(long patient)
    {
        var draws = Draws(Purpose.Anatomy, patient);
        return AreAdults ? Phantoms.Anatomy.Adult(draws) : Phantoms.Anatomy.Child(draws);
    }

    // PneumoniaMNIST's proportions: 74 % in train and validation, 62.5 % in test.
    private int Pneumonias(int images) => split == SplitName.Test ? images * 5 / 8 : images * 37 / 50;

    private long[] Admit(int images, Draws draws)
    {
        var patients = new long[images];
        var patient = 1_000_000L * (int)split;
        for (var image = 0; image < images; patient++)
        {
            for (var left = 1 + draws.Below(MostImagesOfAPatient); left > 0 && image < images; left--) patients[image++] = patient;
        }
        return patients;
    }

    private Draws Draws(Purpose purpose, params ReadOnlySpan<long> numbers) =>
        Phantoms.Draws.For([phantom.Seed, (int)phantom.Kind, (int)split, (int)purpose, .. numbers]);
}

/// <summary>A clinic's radiographs, or an excerpt of them.</summary>
internal sealed class SplitRendering
{
    private readonly Clinic clinic;
    private readonly int[]? chosen;

    /// <param name="excerpt">As <see cref="Dataset.Excerpt"/>; null for all.</param>
    public SplitRendering(Clinic clinic, int? excerpt) => (this.clinic, chosen) = (clinic, excerpt is { } most ? Dataset.ExcerptOf(clinic.Labels, most) : null);

    public int Count => chosen?.Length ?? clinic.Patients.Length;

    /// <summary>Renders them, several at a time: uint8 (N, 1, S, S) of no dispose scope.</summary>
    /// <param name="threads">Most threads to use; null for every core.</param>
    public unsafe Tensor Render(int size, int? threads)
    {
        var images = empty([Count, 1, size, size], dtype: ScalarType.Byte).DetachFromDisposeScope();
        byte* target;
        using (var first = images[0]) fixed (byte* start = first.bytes) target = start;
        var pixels = size * size;
        void Take(int place) => Marshal.Copy(
            clinic.Radiograph(chosen?[place] ?? place).Take(size), 0, (nint)(target + (long)place * pixels), pixels);
        if (threads == 1)
        {
            for (var place = 0; place < Count; place++) Take(place);
        }
        else
        {
            Parallel.For(0, Count, new ParallelOptions { MaxDegreeOfParallelism = threads ?? -1 }, Take);
        }

        return images;
    }

    /// <summary>The split that these images are, drawn now or before.</summary>
    public Split SplitOf(IImageSource images) => chosen is null
        ? new(images, clinic.Labels, clinic.Patients)
        : new(images, clinic.Labels.Rows(chosen), Array.ConvertAll(chosen, image => clinic.Patients[image])) { FileIndices = chosen };
}
