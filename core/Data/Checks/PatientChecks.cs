namespace MedTransfer.Data.Checks;

/// <summary>Patients with images in two splits, or known in some splits alone.</summary>
internal static class PatientChecks
{
    private static readonly (SplitName First, SplitName Second)[] Pairs =
        [(SplitName.Train, SplitName.Validation), (SplitName.Train, SplitName.Test), (SplitName.Validation, SplitName.Test)];

    public static IEnumerable<Leak> Leaks(Dataset data)
    {
        var shared = Pairs.Select(pair => (pair.First, pair.Second, Count: SharedCount(data, pair.First, pair.Second))).Where(pair => pair.Count > 0).ToList();
        if (shared.Count == 0) yield break;
        var said = shared.Select(pair => $"{pair.Count} of {data[pair.Second].Groups!.Distinct().Count()} patients of {pair.Second.Text()} are in {pair.First.Text()}");
        yield return new(Leak.SharedPatients, $"{string.Join(", ", said)} too: scores on {shared[^1].Second.Text()} tell in part what was learnt of these very patients");
    }

    public static IEnumerable<string> Notes(Dataset data)
    {
        var filled = SplitNames.All.Where(split => data[split].Count > 0).ToList();
        var known = filled.Where(split => data[split].Groups is not null).ToList();
        if (known.Count > 0 && known.Count < filled.Count)
            yield return $"Patients are known in {string.Join(" and ", known.Select(split => split.Text()))} alone: whether another split has images of the same patients can't be seen.";
    }

    private static int SharedCount(Dataset data, SplitName first, SplitName second) =>
        data[first].Groups is { } one && data[second].Groups is { } other ? one.Intersect(other).Count() : 0;
}
