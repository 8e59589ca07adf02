namespace MedTransfer.Data.Catalogue;

/// <summary>What someone who misspelt a name may have meant.</summary>
internal static class NearestNames
{
    /// <summary>The names with the fewest edits (Levenshtein) to <paramref name="typed"/>, nearest first, case ignored.</summary>
    public static IReadOnlyList<string> Of(string typed, IEnumerable<string> names, int count) =>
        [.. names.OrderBy(name => Edits(typed.ToLowerInvariant(), name.ToLowerInvariant())).ThenBy(name => name, StringComparer.Ordinal).Take(count)];

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
}
