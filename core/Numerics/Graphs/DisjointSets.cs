namespace MedTransfer.Numerics.Graphs;

/// <summary>Which of some items hang together, as pairs of them are joined one by one (Tarjan, J. ACM 1975).</summary>
internal sealed class DisjointSets(int count)
{
    private readonly int[] _parents = [.. Enumerable.Range(0, count)];

    /// <summary>Joins two items; false where they hung together already.</summary>
    internal bool Join(int a, int b)
    {
        (a, b) = (First(a), First(b));
        _parents[Math.Max(a, b)] = Math.Min(a, b);
        return a != b;
    }

    /// <summary>The set of each item, numbered by their first items, and how many there are.</summary>
    internal (int[] Set, int Count) Numbered()
    {
        var set = new int[_parents.Length];
        var sets = 0;
        for (var i = 0; i < set.Length; i++) set[i] = _parents[i] == i ? sets++ : set[First(i)];
        return (set, sets);
    }

    /// <summary>The first item of a set; ways to it are cut short.</summary>
    private int First(int i)
    {
        while (_parents[i] != i) i = _parents[i] = _parents[_parents[i]];
        return i;
    }
}
