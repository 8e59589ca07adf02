using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Images;

namespace MedTransfer.Data.Phantoms;

/// <summary>
/// A set of chest radiographs that we draw, so that everything runs where there are no data: to run and to test, not to prove.
/// A seed gives the same bytes on every machine and with any number of threads.
/// </summary>
/// <param name="ImageSize">28 to 224 pixels a side; patients and findings are the same at every size.</param>
public sealed record Phantom(PhantomKind Kind, int ImageSize)
{
    /// <summary>Raised by hand whenever a set's pictures or labels change.</summary>
    public const int Version = 1;

    private const string Scheme = "phantom:";
    private const int LeastSize = 28, MostSize = 224;

    private static readonly (string Flag, PhantomKind Kind)[] Flags =
        [("phantom-chest", PhantomKind.Chest), ("phantom-pneumonia", PhantomKind.Pneumonia)];

    /// <summary>Every patient and image follows from it; default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary><c>phantom-chest</c> (28 pixels), <c>phantom-chest_64</c>, ...</summary>
    public string Name
    {
        get
        {
            var flag = Flags.First(known => known.Kind == Kind).Flag;
            return ImageSize == LeastSize ? flag : string.Create(CultureInfo.InvariantCulture, $"{flag}_{ImageSize}");
        }
    }

    /// <summary>Stands where other sets have a file's path: <c>phantom:</c> and the name. <see cref="TryFind"/> knows it.</summary>
    public string Path => Scheme + Name;

    /// <summary>Identifies the images, as a file's MD5 does: the MD5 of a text such as <c>phantom-chest_64 v1 seed 1</c>.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "It stands beside the MD5 sums of files and must look like them")]
    public string Digest => Convert.ToHexStringLower(
        MD5.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Name} v{Version} seed {Seed}"))));

    public SplitSizes Counts => Kind == PhantomKind.Chest ? new(3000, 400, 800) : new(1600, 250, 600);

    public DatasetInfo Info => (Kind == PhantomKind.Chest
        ? new DatasetInfo(Name, LabelTask.MultiLabel, 1, ImageSize, MedMnist.TryFind("chestmnist")!.Info.LabelNames)
        : new DatasetInfo(Name, LabelTask.BinaryClass, 1, ImageSize, ["normal", "pneumonia"])) with
    { IsPhantom = true };

    /// <summary>The set of that name, or of that <see cref="Path"/>; null where the name is no phantom's.</summary>
    /// <exception cref="MedTransferException">It begins like a phantom's, but there is no such set or size.</exception>
    public static Phantom? TryFind(string reference)
    {
        var name = reference.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? reference[Scheme.Length..] : reference;
        if (name.Length == reference.Length && !name.StartsWith("phantom-", StringComparison.OrdinalIgnoreCase)) return null;
        foreach (var (flag, kind) in Flags)
        {
            if (!name.StartsWith(flag, StringComparison.OrdinalIgnoreCase)) continue;
            if (name.Length == flag.Length) return new(kind, LeastSize);
            if (name[flag.Length] == '_' && int.TryParse(name.AsSpan(flag.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                && size is >= LeastSize and <= MostSize)
            {
                return new(kind, size);
            }
        }
        var flags = string.Join(" and ", Flags.Select(known => known.Flag));
        throw new MedTransferException($"{OneLine.Quote(reference)} is no phantom: there are {flags}, "
            + $"of {LeastSize} pixels, and of any size up to {MostSize} with a suffix, such as {Flags[0].Flag}_64");
    }

    /// <summary>Draws all images, or those of an excerpt alone; the caller disposes of the dataset.</summary>
    /// <param name="excerpt">As <see cref="Dataset.Excerpt"/>; null for all.</param>
    /// <param name="threads">Most threads to use, 1 or more; null for every core.</param>
    /// <param name="shared">Where other processes find the images too; null to have them alone.</param>
    public Dataset Load(int? excerpt = null, int? threads = null, SharedImages? shared = null)
    {
        var renderings = Array.ConvertAll(SplitNames.All, split => new SplitRendering(new Clinic(this, split), excerpt));
        var digest = excerpt is { } most ? string.Create(CultureInfo.InvariantCulture, $"{Digest}-{most}") : Digest;
        var packed = new PackedImages(Name, digest, Array.ConvertAll(renderings, split => split.Count), 1, ImageSize)
        {
            InMemory = () => Array.ConvertAll(renderings, split => split.Render(ImageSize, threads)),
            Streamed = use => Array.ForEach(renderings, split =>
            {
                using var drawn = split.Render(ImageSize, threads);
                ImageBytes.ForEachBlock(drawn, use);
            }),
        };
        var images = packed.Sources(shared);
        var splits = Array.ConvertAll(SplitNames.All, split => renderings[(int)split].SplitOf(images[(int)split]));
        return new(Info, Digest, splits[0], splits[1], splits[2]);
    }

    /// <summary>(S, S) grey levels of one image, the same as in the loaded set.</summary>
    /// <param name="image">Index in the split.</param>
    /// <param name="without">Index of a finding that is left out, all else and the exposure staying the same; null for none.</param>
    public byte[,] Picture(SplitName split, int image, int? without = null)
    {
        var clinic = new Clinic(this, split);
        var grey = clinic.Radiograph(image).Take(ImageSize, without is { } finding ? clinic.Kinds[finding] : null);
        var picture = new byte[ImageSize, ImageSize];
        Buffer.BlockCopy(grey, 0, picture, 0, grey.Length);
        return picture;
    }

    /// <summary>
    /// Where each finding changed an image: (L, S, S) for L findings in the order of the labels (of the pneumonia set, one), each entry
    /// the grey levels by which the pixel differs from the same picture without that finding; 0 for a finding that it has not.
    /// </summary>
    /// <param name="image">Index in the split.</param>
    public byte[,,] Masks(SplitName split, int image)
    {
        var clinic = new Clinic(this, split);
        var radiograph = clinic.Radiograph(image);
        var picture = radiograph.Take(ImageSize);
        var masks = new byte[clinic.Kinds.Count, ImageSize, ImageSize];
        for (var finding = 0; finding < clinic.Kinds.Count; finding++)
        {
            if (!radiograph.Findings.ContainsKey(clinic.Kinds[finding])) continue;
            var without = radiograph.Take(ImageSize, clinic.Kinds[finding]);
            for (var pixel = 0; pixel < picture.Length; pixel++)
                masks[finding, pixel / ImageSize, pixel % ImageSize] = (byte)Math.Abs(picture[pixel] - without[pixel]);
        }
        return masks;
    }

    /// <summary>
    /// A PNG of two healthy adults and one with each finding in the order of the labels, then eight healthy children and eight with
    /// pneumonia.
    /// </summary>
    /// <param name="size">Pixels a side of each picture.</param>
    public static byte[] Sheet(int size) => Phantoms.ContactSheet.Png(size);
}

/// <summary>The sets that we draw.</summary>
public enum PhantomKind
{
    /// <summary>Adults with fourteen findings, in ChestMNIST's order and proportions.</summary>
    Chest,

    /// <summary>Children with and without pneumonia, in PneumoniaMNIST's proportions.</summary>
    Pneumonia,
}
