using MedTransfer.Data.Formats;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Scripts;

/// <summary>A source with two findings and a target with two classes, 28 x 28 pixels, in which a bright square tells the classes apart.</summary>
internal sealed class SyntheticSets : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <param name="poisoned">Whether test images are noise and their labels permuted; train and validation are the same either way.</param>
    public SyntheticSets(bool poisoned = false)
    {
        Write(Source, labels: 2, counts: [90, 30, 30], poisoned);
        Write(Target, labels: 1, counts: [120, 40, 40], poisoned);
        Write(Tiny, labels: 1, counts: [12, 6, 4], poisoned, size: 7);
    }

    public string Folder => folder.Path;

    public string Source => Path.Combine(folder.Path, "source.npz");

    public string Target => Path.Combine(folder.Path, "target.npz");

    /// <summary>Fewer images, and smaller, than a CNN or a map can do with.</summary>
    public string Tiny => Path.Combine(folder.Path, "tiny.npz");

    /// <param name="counts">Images of train, validation and test.</param>
    /// <param name="size">Pixels a side.</param>
    /// <param name="seed">Draws other images where it is another.</param>
    public static void Write(string path, int labels, int[] counts, bool poisoned = false, int size = 28, int seed = 7)
    {
        var random = new Random(seed);
        var arrays = new List<KeyValuePair<string, Array>>();
        foreach (var (split, count) in new[] { "train", "val", "test" }.Zip(counts))
        {
            var images = new byte[count, size, size];
            var findings = new byte[count, labels];
            var isPoisoned = poisoned && split == "test";
            var places = Enumerable.Range(0, count).ToArray();
            if (isPoisoned)
                random.Shuffle(places);
            for (var i = 0; i < count; i++)
            {
                for (var label = 0; label < labels; label++)
                    findings[i, label] = (byte)((places[i] >> label) & 1);
                for (var y = 0; y < size; y++)
                {
                    for (var x = 0; x < size; x++)
                        images[i, y, x] = (byte)(isPoisoned ? random.Next(256) : random.Next(100) + (findings[i, 0] == 1 && x is > 8 and < 18 && y is > 8 and < 18 ? 120 : 0));
                }
            }

            arrays.Add(new($"{split}_images", images));
            arrays.Add(new($"{split}_labels", findings));
        }

        NpzWriter.Write(path, arrays);
    }

    public void Dispose() => folder.Dispose();
}
