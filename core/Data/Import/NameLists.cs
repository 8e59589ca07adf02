using System.Text.Json;
using MedTransfer.Data.Formats;
using MedTransfer.Runtime;

namespace MedTransfer.Data.Import;

/// <summary>Which file each image of an imported set was, kept beside it where a folder was imported for recipes, and nowhere else: names may tell of patients.</summary>
public static class NameLists
{
    private const string FileName = "files.json";

    /// <summary>Names of a split's files below the folder, in the order of its images; null where the set was not imported so.</summary>
    /// <param name="npz">Path of the set.</param>
    /// <exception cref="MedTransferException">The list can't be read.</exception>
    public static IReadOnlyList<string>? TryRead(string npz, SplitName split)
    {
        ArgumentNullException.ThrowIfNull(npz);
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(npz))!, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            return FileErrors.Reading(path, () => JsonSerializer.Deserialize<Dictionary<string, List<string>>>(File.ReadAllText(path)))?.GetValueOrDefault(split.Text());
        }
        catch (JsonException)
        {
            return null;   // somebody's own file of that name
        }
    }

    internal static bool Exists(string folder) => File.Exists(Path.Combine(folder, FileName));

    internal static void Write(string folder, IReadOnlyDictionary<SplitName, IReadOnlyList<string>> names) =>
        WholeFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(names.ToDictionary(split => split.Key.Text(), split => split.Value)) + "\n");
}
