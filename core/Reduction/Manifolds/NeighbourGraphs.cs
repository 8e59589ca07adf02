using MedTransfer.Numerics;
using MedTransfer.Numerics.Graphs;
using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Reduction.Manifolds;

/// <summary>Graphs whose nodes are points and whose edges join near ones.</summary>
internal static class NeighbourGraphs
{
    /// <summary>Refuses fewer than <paramref name="least"/> neighbours, and as many as there are points or more.</summary>
    internal static void Require(int neighbours, int least, int points, string reducer)
    {
        if (neighbours < least || neighbours >= points)
            throw new MedTransferException($"{reducer} can take {least} to {points - 1} neighbours of {points} points, not {neighbours}: set Neighbours within.");
    }

    /// <summary>
    /// Every point joined to its nearest, in either direction, by edges as long as they are apart in the points' unit; and, where that leaves parts that
    /// no path joins, every two parts by the shortest edge between them (as scikit-learn's Isomap does).
    /// </summary>
    /// <param name="parts">How many parts there were before they were joined.</param>
    internal static SparseGraph Joined(float[,] points, Neighbours neighbours, int? threads, out int parts, CancellationToken cancellation)
    {
        var unit = 1.0 / PointUnit.Of(points);
        var edges = Edges(neighbours, unit).ToList();
        var graph = SparseGraph.Of(points.GetLength(0), edges, Math.Min);
        (var component, parts) = graph.Components();
        if (parts == 1) return graph;
        edges.AddRange(Bridges(points, component, parts, threads, cancellation));
        return SparseGraph.Of(points.GetLength(0), edges, Math.Min);
    }

    private static IEnumerable<(int From, int To, double Weight)> Edges(Neighbours neighbours, double unit)
    {
        for (var i = 0; i < neighbours.Index.GetLength(0); i++)
        {
            for (var j = 0; j < neighbours.Index.GetLength(1); j++)
                yield return (i, neighbours.Index[i, j], Math.Sqrt(neighbours.SquaredDistance[i, j]) * unit);
        }
    }

    /// <summary>The shortest edge between every two parts; of several as short, the one of the first points.</summary>
    private static List<(int From, int To, double Weight)> Bridges(float[,] points, int[] component, int parts, int? threads, CancellationToken cancellation)
    {
        var members = Enumerable.Range(0, parts).Select(part => Enumerable.Range(0, component.Length).Where(i => component[i] == part).ToArray()).ToArray();
        var unit = 1.0 / PointUnit.Of(points);
        var bridges = new List<(int, int, double)>();
        for (var a = 0; a < parts; a++)
        {
            // one search from each part among all that come after it would not tell which part is which
            for (var b = a + 1; b < parts; b++)
            {
                var (searched, queries) = (Rows(points, members[b]), Rows(points, members[a]));
                var nearest = Neighbours.Of(queries, new NeighbourIndex(searched, 1, threads, cancellation), 1, threads);
                var best = 0;
                for (var i = 1; i < members[a].Length; i++)
                {
                    if (nearest.SquaredDistance[i, 0] < nearest.SquaredDistance[best, 0]) best = i;
                }

                var (from, to) = (members[a][best], members[b][nearest.Index[best, 0]]);
                bridges.Add((from, to, Math.Sqrt(DoubleVectors.SquaredDistance(Doubles(points, from, unit), Doubles(points, to, unit))) * unit));
            }
        }

        return bridges;
    }

    private static double[] Doubles(float[,] points, int row, double unit) => [.. Enumerable.Range(0, points.GetLength(1)).Select(j => points[row, j] / unit)];

    private static float[,] Rows(float[,] points, int[] rows)
    {
        var chosen = new float[rows.Length, points.GetLength(1)];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < chosen.GetLength(1); j++) chosen[i, j] = points[rows[i], j];
        }

        return chosen;
    }
}
