namespace MedTransfer.Models.Weights;

/// <summary>
/// Under which prefix a file has a network's arrays. PyTorch names an array after the modules around it, so that whatever wrapped a network in
/// training stays before its names: <c>module.</c> (several GPUs), <c>model.</c>, <c>backbone.</c>, <c>encoder.</c>, one inside the other too.
/// </summary>
internal static class WeightPrefix
{
    /// <summary>What our own models have before the names of their features' arrays.</summary>
    public const string OfFeatures = $"{Classifier.FeaturesPart}.";

    /// <summary>What usually wraps a network; <c>_orig_mod</c> is what torch.compile does. Names of other modules count where they hold half of the arrays or more.</summary>
    private static readonly HashSet<string> Wrappers = ["module", "model", "backbone", "encoder", "_orig_mod", Classifier.FeaturesPart];

    /// <summary>
    /// The prefixes under which most of the arrays are: one; several where the file has the network more than once (a student and a teacher);
    /// none where it has none of them.
    /// </summary>
    /// <param name="wanted">Names of the arrays, the first module's first: <c>conv1.weight</c>.</param>
    /// <param name="given">Names of the arrays in the file.</param>
    public static IReadOnlyList<string> Of(IReadOnlyCollection<string> wanted, IEnumerable<string> given)
    {
        var names = wanted.ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in given)
        {
            foreach (var start in Starts(name).Where(start => names.Contains(name[start..])))
                found[name[..start]] = found.GetValueOrDefault(name[..start]) + 1;
        }

        var best = found.Where(prefix => IsUsual(prefix.Key) || 2 * prefix.Value >= names.Count)
            .GroupBy(prefix => (Arrays: prefix.Value, IsUsual(prefix.Key)), prefix => prefix.Key).MaxBy(alike => alike.Key);
        return best is null ? [] : [.. best.Order(StringComparer.Ordinal)];
    }

    private static bool IsUsual(string prefix) => prefix.Split('.', StringSplitOptions.RemoveEmptyEntries).All(Wrappers.Contains);

    // behind each dot, and the very beginning
    private static IEnumerable<int> Starts(string name) => Enumerable.Range(0, name.Length).Where(i => i == 0 || name[i - 1] == '.');
}
