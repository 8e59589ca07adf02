namespace MedTransfer.Data.Checks;

/// <summary>Patients with images in two splits, or known in some splits alone.</summary>
internal static class PatientChecks
{
    /// <summary>Where no image says whose it is.</summary>
    public const string NobodyKnown = "Who is shown is not known of any image: images of one patient may be in two splits, and intervals count images where they should count patients.";

    private static readonly (SplitName First, SplitName Second)[] Pairs =
        [(SplitName.Train, SplitName.Validation), (SplitName.Train, SplitName.Test), (SplitName.Validation, SplitName.Test)];

    public static IEnumerable<Leak> Leaks(Dataset data)
    {
        var shared = Pairs.Select(pair => (pair.First, pair.Second, Count: Shared(data[pair.First].Groups, data[pair.Second].Groups))).Where(pair => pair.Count > 0).ToList();
        if (shared.Count == 0) yield break;
        var said = shared.Select(pair => $"{OfPatients(pair.Count, data[pair.Second].Groups!)} of {pair.Second.Text()} {Are(pair.Count)} in {pair.First.Text()} too");
        yield return new(LeakKind.SharedPatients, $"{string.Join(", ", said)}: scores on {shared[^1].Second.Text()} tell in part what was learnt of these very patients");
    }

    public static IEnumerable<string> Notes(Dataset data)
    {
        var filled = SplitNames.All.Where(split => data[split].Count > 0).ToList();
        var known = filled.Where(split => data[split].Groups is not null).ToList();
        if (known.Count == 0 && !data.Info.IsPhantom)
            yield return NobodyKnown;
        if (known.Count > 0 && known.Count < filled.Count)
            yield return $"Patients are known in {string.Join(" and ", known.Select(split => split.Text()))} alone: whether another split has images of the same patients can't be seen.";
    }

    /// <summary>Patients that weights are pretrained on, among those that they are scored on: seen where both sets number patients by one secret.</summary>
    public static IEnumerable<Leak> LeaksBetween(DatasetStatistics ofSource, DatasetStatistics ofTarget)
    {
        var (source, target, tested) = (ofSource.Data, ofTarget.Data, ofTarget.Tested);
        if (source.Card?.PatientKey is not { } key || key != target.Card?.PatientKey || target[tested].Groups is not { } patients) yield break;
        // below 0 are images that stand for themselves
        var shared = Shared([.. new[] { source.Train, source.Validation }.SelectMany(split => split.Groups ?? []).Where(patient => patient >= 0)], patients);
        if (shared > 0)
            yield return new(LeakKind.SharedPatients, $"{OfPatients(shared, patients)} of {tested.Text()} {Are(shared)} in the source, {source.Info.Name}, too: scores on them tell in part what was learnt of these very patients");
    }

    private static int Shared(IReadOnlyList<long>? one, IReadOnlyList<long>? other) => one is null || other is null ? 0 : one.Intersect(other).Count();

    private static string OfPatients(int count, IReadOnlyList<long> all) => FormattableString.Invariant($"{count:N0} of {all.Distinct().Count():N0} patients");

    private static string Are(int count) => count == 1 ? "is" : "are";
}
