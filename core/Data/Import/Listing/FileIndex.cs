using System.Text;

namespace MedTransfer.Data.Import.Listing;

/// <summary>Finds the files that a table means: by path, with or without extension, with slashes or backslashes, by base name where that is unique.</summary>
internal sealed class FileIndex
{
    private readonly Tails[] kinds;

    /// <param name="others">What a name means only where it means none of <paramref name="images"/>.</param>
    public FileIndex(IReadOnlyList<string> images, IReadOnlyList<string> others) =>
        kinds = [new(images, hasExtension: true), new(images, hasExtension: false), new(others, hasExtension: true), new(others, hasExtension: false)];

    /// <summary>The files that a text from a table may mean. A name in the same case goes before one in another, a name with its extension before one without.</summary>
    public FileMatch Find(string text)
    {
        var parts = Parts(text);
        if (parts.Length == 0) return FileMatch.None;
        foreach (var kind in kinds)
        {
            if (kind.Find(parts) is { Names.Count: > 0 } match) return match;
        }
        return FileMatch.None;
    }

    /// <summary>A text from a table as comparisons have it: with slashes, without dots and slashes before.</summary>
    public static string Normal(string text) => string.Join('/', Parts(text));

    // some systems write an accent as a character of its own
    private static string[] Parts(string path) =>
        [.. path.Normalize(NormalizationForm.FormC).Split(['/', '\\'], StringSplitOptions.TrimEntries).Where(part => part is not ("" or "." or ".."))];

    /// <summary>Files by the last parts of their paths, as many as are asked for: thousands may have one base name.</summary>
    private sealed class Tails(IReadOnlyList<string> names, bool hasExtension)
    {
        private readonly Dictionary<int, ILookup<string, (string Name, string[] Parts)>> byLength = [];
        private readonly Lazy<List<(string Name, string[] Parts)>> paths = new(() => [.. names.Select(name => (name, PartsOf(name, hasExtension)))]);

        private int Deepest => field > 0 ? field : field = paths.Value.Count == 0 ? 1 : paths.Value.Max(path => path.Parts.Length);

        // The same path goes before one that is the end of the other, and that before the base name alone.
        public FileMatch Find(string[] parts)
        {
            if (First(parts, parts.Length, path => path.Parts.Length == parts.Length) is { Count: > 0 } same) return new(same, false);
            if (First(parts, parts.Length, _ => true) is { Count: > 0 } ends) return new(ends, false);
            for (var length = Math.Min(parts.Length - 1, Deepest); length > 0; length--)
            {
                if (First(parts, length, path => path.Parts.Length == length) is { Count: > 0 } whole) return new(whole, length == 1);
            }
            return new(First(parts, 1, _ => true), true);
        }

        // Those that have the last parts in common; two tell that it is not known which.
        private List<string> First(string[] parts, int length, Func<(string Name, string[] Parts), bool> fits)
        {
            if (length > Deepest) return [];
            if (!byLength.TryGetValue(length, out var lookup))
                byLength[length] = lookup = paths.Value.Where(path => path.Parts.Length >= length).ToLookup(path => Tail(path.Parts, length), StringComparer.OrdinalIgnoreCase);
            var tail = Tail(parts, length);
            var alike = lookup[tail].Where(fits);
            var first = alike.Where(path => Tail(path.Parts, length) == tail).Take(2).Select(path => path.Name).ToList();
            return first.Count > 0 ? first : [.. alike.Take(2).Select(path => path.Name)];
        }

        private static string Tail(string[] parts, int length) => string.Join('/', parts[^length..]);

        private static string[] PartsOf(string name, bool hasExtension)
        {
            var parts = Parts(name);
            if (!hasExtension) parts[^1] = Path.GetFileNameWithoutExtension(parts[^1]);
            return parts;
        }
    }
}

/// <summary>The files that a name means: one, where it is known which.</summary>
/// <param name="Names">None, one, or the first two.</param>
/// <param name="IsByBaseName">Whether the folders before the name are not those of the file.</param>
internal readonly record struct FileMatch(IReadOnlyList<string> Names, bool IsByBaseName)
{
    public static FileMatch None { get; } = new([], false);
}
