using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;

namespace MedTransfer.Tests.Data;

/// <summary>Small datasets of our own making, with the arrays of a MedMNIST file.</summary>
internal static class DatasetFile
{
    public const int Size = 4;
    private static readonly (string Name, int Count)[] Splits = [("train", 12), ("val", 6), ("test", 4)];

    /// <summary>Grey images, pixel k of the file is k modulo 251, of classes 0 and 1 in turn.</summary>
    public static Dictionary<string, Array> Binary() => WithLabels((row, _) => (byte)(row % 2), columns: 1);

    /// <summary>The same images with three findings: row r has finding c where bit c of r is set.</summary>
    public static Dictionary<string, Array> Findings() => WithLabels((row, column) => (byte)(row >> column & 1), columns: 3);

    public static Dictionary<string, Array> WithLabels(Func<int, int, byte> label, int columns)
    {
        var arrays = new Dictionary<string, Array>();
        foreach (var (name, count) in Splits)
        {
            var images = new byte[count, Size, Size];
            var labels = new byte[count, columns];
            for (var pixel = 0; pixel < images.Length; pixel++)
                images[pixel / (Size * Size), pixel / Size % Size, pixel % Size] = (byte)(pixel % 251);
            for (var row = 0; row < count; row++)
            {
                for (var column = 0; column < columns; column++) labels[row, column] = label(row, column);
            }
            arrays[$"{name}_images"] = images;
            arrays[$"{name}_labels"] = labels;
        }
        return arrays;
    }

    public static void Write(string path, Dictionary<string, Array> arrays, bool compressed = true) =>
        NpzWriter.Write(path, arrays.OrderBy(array => array.Key, StringComparer.Ordinal), compressed);

    /// <summary>Loads the arrays as a file that is in no catalogue, some of them as bytes that no writer of ours writes.</summary>
    public static Dataset Load(string path, Dictionary<string, Array> arrays, Dictionary<string, byte[]> asBytes, int? uncertain = null)
    {
        var files = arrays.Where(array => !asBytes.ContainsKey(array.Key)).Select(array =>
        {
            using var stream = new MemoryStream();
            NpyWriter.Write(stream, array.Value);
            return ($"{array.Key}.npy", stream.ToArray());
        });
        File.WriteAllBytes(path, NpyBytes.Zip([.. files, .. asBytes.Select(array => ($"{array.Key}.npy", array.Value))]));
        return DatasetSource.Find(path, new DataFolders([])).Load(uncertain);
    }

    /// <summary>Loads the arrays as a file that is in no catalogue.</summary>
    public static Dataset Load(string path, Dictionary<string, Array> arrays)
    {
        Write(path, arrays);
        return DatasetSource.Find(path, new DataFolders([])).Load();
    }
}
