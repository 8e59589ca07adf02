using System.Buffers;
using System.Globalization;

namespace MedTransfer.Data;

/// <summary>How many there are of what, in words.</summary>
internal static class Counts
{
    private static readonly SearchValues<char> _letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary><c>1 image</c>, <c>1,200 images</c>.</summary>
    public static string Of(int count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>How many files there are, and the names of the first five: <c>1,200 files: 'a.png', ...</c>.</summary>
    public static string First(IReadOnlyCollection<string> names) => First(names, "file");

    /// <summary>As the other overload, of whatever they are.</summary>
    public static string First(IReadOnlyCollection<string> names, string one, string? many = null) =>
        $"{Of(names.Count, one, many)} ({string.Join(", ", names.Take(5).Select(OneLine.Quote))}{(names.Count > 5 ? ", ..." : "")})";

    /// <summary>How many files there are of each extension, most first: <c>12 .txt, 1 .json</c>.</summary>
    public static string ByExtension(IEnumerable<string> names)
    {
        string[] kinds =
        [
            .. names.CountBy(Extension)
                .OrderByDescending(kind => kind.Value).ThenBy(kind => kind.Key, StringComparer.Ordinal)
                .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Value:N0} {kind.Key}")),
        ];
        return OneLine.FirstFew(kinds);

        static string Extension(string name) => name.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase) ? ".nii.gz"
            // a full stop in a name begins no extension
            : Path.GetExtension(name) is { Length: > 1 and < 8 } extension && extension.AsSpan(1).IndexOfAnyExcept(_letters) < 0 ? extension.ToLowerInvariant()
            : "without extension";
    }
}
