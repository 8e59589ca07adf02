using MedTransfer.Numerics.Graphs;
using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Reduction.Manifolds;

/// <summary>Graphs whose nodes are points and whose edges join near ones.</summary>
internal static class NeighbourGraphs
{
    /// <summary>Refuses fewer than <paramref name="least"/> neighbours, and as many as there are points or more.</summary>
    internal static void Require(int neighbours, int least, int points, string reducer)
    {
        if (least >= points)
            throw new MedTransferException($"{reducer} takes {least + 1} points, for {least} neighbours each, and got {points}: give it more rows, or fewer components.");
        if (neighbours < least || neighbours >= points)
            throw new MedTransferException($"{reducer} can take {least} to {points - 1} neighbours of {points} points, not {neighbours}: set Neighbours within.");
    }

    /// <summary>
    /// Every point joined to its nearest, in either direction, by edges as long as they are apart in the unit of <see cref="PointUnit"/>; and, where that leaves parts that
    /// no path joins, every two parts by the shortest edge between them (as scikit-learn's Isomap does).
    /// </summary>
    /// <param name="parts">How many parts there were before they were joined.</param>
    internal static SparseGraph Joined(float[,] points, Neighbours neighbours, int? threads, out int parts, CancellationToken cancellation)
    {
        (var component, parts) = Components(neighbours);
        var edges = Edges(neighbours);
        if (parts > 1) edges = edges.Concat(Bridges(points, component, parts, threads, cancellation));
        return SparseGraph.Of(points.GetLength(0), edges, Math.Min);
    }

    /// <summary>The neighbours of each point, nearest first; and, where they leave parts that no path joins, as the last ones the other ends of the edges that join them, the shortest that together do.</summary>
    /// <param name="parts">How many parts there were before they were joined.</param>
    internal static int[][] JoinedNeighbours(float[,] points, Neighbours neighbours, int? threads, out int parts, CancellationToken cancellation)
    {
        var (n, k) = (neighbours.Index.GetLength(0), neighbours.Index.GetLength(1));
        var joined = new int[n][];
        for (var i = 0; i < n; i++)
        {
            joined[i] = new int[k];
            for (var j = 0; j < k; j++) joined[i][j] = neighbours.Index[i, j];
        }

        (var component, parts) = Components(neighbours);
        if (parts == 1) return joined;
        // the shortest first, unless its parts hang together already (Kruskal's tree)
        var tree = new DisjointSets(parts);
        foreach (var (from, to, _) in Bridges(points, component, parts, threads, cancellation).OrderBy(edge => edge.Weight))
        {
            if (!tree.Join(component[from], component[to])) continue;
            joined[from] = [.. joined[from], to];
            joined[to] = [.. joined[to], from];
        }

        return joined;
    }

    /// <summary>The part that each point hangs together with, numbered by their first points, and how many there are.</summary>
    private static (int[] Component, int Parts) Components(Neighbours neighbours)
    {
        var sets = new DisjointSets(neighbours.Index.GetLength(0));
        foreach (var (from, to, _) in Edges(neighbours)) sets.Join(from, to);
        return sets.Numbered();
    }

    private static IEnumerable<(int From, int To, double Weight)> Edges(Neighbours neighbours)
    {
        for (var i = 0; i < neighbours.Index.GetLength(0); i++)
        {
            for (var j = 0; j < neighbours.Index.GetLength(1); j++)
                yield return (i, neighbours.Index[i, j], Math.Sqrt(neighbours.SquaredDistance[i, j]));
        }
    }

    /// <summary>The shortest edge between every two parts; of several as short, the one of the first points. Time grows as n^2, memory as the square of the parts.</summary>
    private static IEnumerable<(int From, int To, double Weight)> Bridges(float[,] points, int[] component, int parts, int? threads, CancellationToken cancellation)
    {
        var shortest = new (float Square, int From, int To)[parts, parts];
        for (var a = 0; a < parts; a++)
        {
            for (var b = 0; b < parts; b++) shortest[a, b] = (float.PositiveInfinity, int.MaxValue, int.MaxValue);
        }

        using var nearest = new ThreadLocal<(float Square, int To)[]>(() => new (float, int)[parts]);
        var rows = new DistanceRows(points);
        rows.ForEach(points, threads, (i, squares) =>
        {
            var own = nearest.Value!;
            Array.Fill(own, (float.PositiveInfinity, int.MaxValue));
            for (var j = 0; j < squares.Length; j++)
            {
                if (squares[j] < own[component[j]].Square) own[component[j]] = (squares[j], j);
            }

            lock (shortest)
            {
                for (var b = component[i] + 1; b < parts; b++)
                {
                    var edge = (own[b].Square, i, own[b].To);
                    if (edge.CompareTo(shortest[component[i], b]) < 0) shortest[component[i], b] = edge;
                }
            }
        }, cancellation);

        for (var a = 0; a < parts; a++)
        {
            for (var b = a + 1; b < parts; b++) yield return (shortest[a, b].From, shortest[a, b].To, Math.Sqrt(shortest[a, b].Square));
        }
    }
}
