using static MedTransfer.Data.LabelTask;

namespace MedTransfer.Data.Catalogue;

/// <summary>
/// The twelve two-dimensional sets of MedMNIST 3.0 (Yang et al., Scientific Data 10:41, 2023) in their four sizes: facts of the
/// official catalogue, with the MD5 of every file.
/// </summary>
public static class MedMnist
{
    private static readonly int[] ImageSizes = [28, 64, 128, 224];

    private static readonly string[] Organs =
    [
        "bladder", "femur-left", "femur-right", "heart", "kidney-left", "kidney-right", "liver", "lung-left", "lung-right", "pancreas",
        "spleen",
    ];

    /// <summary>All 48 files, by set and then by size.</summary>
    public static IReadOnlyList<CatalogueEntry> Entries { get; } =
    [
        .. Sizes("pathmnist", MultiClass, 3, new(89996, 10004, 7180), [
            "adipose", "background", "debris", "lymphocytes", "mucus", "smooth muscle", "normal colon mucosa",
            "cancer-associated stroma", "colorectal adenocarcinoma epithelium"
        ],
            "a8b06965200029087d5bd730944a56c1", "55aa9c1e0525abe5a6b9d8343a507616",
            "ac42d08fb904d92c244187169d1fd1d9", "2c51a510bcdc9cf8ddb2af93af1eadec"),
        .. Sizes("chestmnist", MultiLabel, 1, new(78468, 11219, 22433), [
            "atelectasis", "cardiomegaly", "effusion", "infiltration", "mass", "nodule", "pneumonia", "pneumothorax",
            "consolidation", "edema", "emphysema", "fibrosis", "pleural", "hernia"
        ],
            "02c8a6516a18b556561a56cbdd36c4a8", "9de6cd0b934ebb5b7426cfba5efbae16",
            "db107e5590b27930b62dbaf558aebee3", "45bd33e6f06c3e8cdb481c74a89152aa"),
        .. Sizes("dermamnist", MultiClass, 3, new(7007, 1003, 2005), [
            "actinic keratoses and intraepithelial carcinoma", "basal cell carcinoma", "benign keratosis-like lesions",
            "dermatofibroma", "melanoma", "melanocytic nevi", "vascular lesions"
        ],
            "0744692d530f8e62ec473284d019b0c7", "b70a2f5635c6199aeaa28c31d7202e1f",
            "2defd784463fa5243564e855ed717de1", "8974907d8e169bef5f5b96bc506ae45d"),
        .. Sizes("octmnist", MultiClass, 1, new(97477, 10832, 1000), ["choroidal neovascularization", "diabetic macular edema", "drusen", "normal"],
            "c68d92d5b585d8d81f7112f81e2d0842", "e229e9440236b774d9f0dfef9d07bdaf",
            "0a97e76651ace45c5d943ee3f65b63ae", "abc493b6d529d5de7569faaef2773ba3"),
        .. Sizes("pneumoniamnist", BinaryClass, 1, new(4708, 524, 624), ["normal", "pneumonia"],
            "28209eda62fecd6e6a2d98b1501bb15f", "8f4eceb4ccffa70c672198ea285246c6",
            "05b46931834c231683c68f40c47b2971", "d6a3c71de1b945ea11211b03746c1fe1"),
        .. Sizes("retinamnist", OrdinalRegression, 3, new(1080, 120, 400), ["0", "1", "2", "3", "4"],
            "bd4c0672f1bba3e3a89f0e4e876791e4", "afda852cc34dcda56f86ad2b2457dbcc",
            "e48e916a24454daf90583d4e6efb1a18", "eae7e3b6f3fcbda4ae613ebdcbe35348"),
        // MedMNIST's paper calls class 1, normal and benign together, positive, and malignant negative: sensitivity would then be for health
        .. Sizes("breastmnist", BinaryClass, 1, new(546, 78, 156), ["malignant", "normal, benign"],
            "750601b1f35ba3300ea97c75c52ff8f6", "742edef2a1fd1524b2efff4bd7ba9364",
            "363e4b3f8d712e9b5de15470a2aaadf1", "b56378a6eefa9fed602bb16d192d4c8b")
            .Select(entry => entry with { Info = entry.Info with { PositiveClass = 0 } }),
        .. Sizes("bloodmnist", MultiClass, 3, new(11959, 1712, 3421), [
            "basophil", "eosinophil", "erythroblast", "immature granulocytes(myelocytes, metamyelocytes and promyelocytes)",
            "lymphocyte", "monocyte", "neutrophil", "platelet"
        ],
            "7053d0359d879ad8a5505303e11de1dc", "2b94928a2ae4916078ca51e05b6b800b",
            "adace1e0ed228fccda1f39692059dd4c", "b718ff6835fcbdb22ba9eacccd7b2601"),
        .. Sizes("tissuemnist", MultiClass, 1, new(165466, 23640, 47280), [
            "Collecting Duct, Connecting Tubule", "Distal Convoluted Tubule", "Glomerular endothelial cells",
            "Interstitial endothelial cells", "Leukocytes", "Podocytes", "Proximal Tubule Segments", "Thick Ascending Limb"
        ],
            "ebe78ee8b05294063de985d821c1c34b", "123ece2eba09d0aa5d698fda57103344",
            "61b955355d7425a89687b06cca3ce0c2", "b077128c4a949f0a4eb01517f9037b9c"),
        .. Sizes("organamnist", MultiClass, 1, new(34561, 6491, 17778), Organs,
            "68e3f8846a6bd62f0c9bf841c0d9eacc", "2dcccc29b88e6da5a01161ef20cda288",
            "eeae80d0a227a8d099027e1b3cfd3b60", "50747347e05c87dd3aaf92c49f9f3170"),
        .. Sizes("organcmnist", MultiClass, 1, new(12975, 2392, 8216), Organs,
            "b9ceb9546e10131b32923c5bbeaea2b1", "3ce34a8724ea6f548e6db4744d03b6a9",
            "773c1f009daa3fe5d9a2a201b2a7ed94", "050f5e875dc056f6768abf94ec9995d1"),
        .. Sizes("organsmnist", MultiClass, 1, new(13932, 2452, 8827), Organs,
            "9ab87b696fb54e2a387ebe992d6ed5f1", "53a6d115339d874c25e309a994ff46d3",
            "ded0c5fa01a95dc4978b956f613e9b8e", "b354719e553fbbb2513d5533f52a4cb1"),
    ];

    private static readonly Dictionary<string, CatalogueEntry> ByName =
        Entries.ToDictionary(entry => entry.Info.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The entry of a name such as <c>chestmnist</c> (28 pixels) or <c>chestmnist_64</c>, in upper or lower case; null where MedMNIST
    /// has no such set or size.
    /// </summary>
    public static CatalogueEntry? TryFind(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The entry whose file has this MD5, whatever its name is now; null where none has.</summary>
    public static CatalogueEntry? TryFindByMd5(string md5) => Entries.FirstOrDefault(entry => entry.Md5 == md5);

    /// <summary>What someone who misspelt a name may have meant: the names with the fewest edits (Levenshtein), nearest first, case ignored.</summary>
    internal static IEnumerable<string> Nearest(string typed, int count) => Entries.Select(entry => entry.Info.Name)
        .OrderBy(name => Edits(typed.ToLowerInvariant(), name.ToLowerInvariant())).ThenBy(name => name, StringComparer.Ordinal).Take(count);

    private static int Edits(string from, string to)
    {
        // edits[j]: from the part of `from` read so far to the first j characters of `to`.
        var edits = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            var diagonal = edits[0]++;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i] == to[j - 1] ? 0 : 1);
                diagonal = edits[j];
                edits[j] = Math.Min(replaced, Math.Min(edits[j], edits[j - 1]) + 1);
            }
        }
        return edits[^1];
    }

    private static IEnumerable<CatalogueEntry> Sizes(
        string flag, LabelTask task, int channels, SplitSizes counts, string[] labels, params string[] md5) =>
        ImageSizes.Zip(md5, (size, sum) =>
        {
            var name = size == 28 ? flag : $"{flag}_{size}";
            return new CatalogueEntry(new DatasetInfo(name, task, channels, size, labels), counts, sum);
        });
}

/// <summary>One official file of MedMNIST.</summary>
/// <param name="Md5">32 lower-case hexadecimal digits.</param>
public sealed record CatalogueEntry(DatasetInfo Info, SplitSizes Counts, string Md5)
{
    /// <summary>The name under which the file is published and looked for.</summary>
    public string FileName => $"{Info.Name}.npz";

    /// <summary>Where the file is published (Zenodo record 10519652).</summary>
    public Uri Url => new($"https://zenodo.org/records/10519652/files/{FileName}?download=1");
}

/// <summary>Images in each split.</summary>
public sealed record SplitSizes(int Train, int Validation, int Test)
{
    /// <summary>Images in the split of that name.</summary>
    public int this[SplitName name] => name switch
    {
        SplitName.Train => Train,
        SplitName.Validation => Validation,
        _ => Test,
    };
}
