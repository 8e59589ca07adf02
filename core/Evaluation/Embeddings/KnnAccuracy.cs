using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Evaluation.Embeddings;

/// <summary>
/// Share of points whose nearest neighbours vote for their class (Fix and Hodges, 1951): what an embedding alone says about the labels.
/// Euclidean distance; of classes with equal votes, the one with the nearest neighbour wins.
/// </summary>
public static class KnnAccuracy
{
    /// <summary>Share, 0 to 1, of the test points whose <paramref name="k"/> nearest training points vote for their class.</summary>
    /// <param name="train">(n, d), n at least k.</param>
    /// <param name="test">(m, d).</param>
    public static double Of(float[,] train, IReadOnlyList<int> trainLabels, float[,] test, IReadOnlyList<int> testLabels, int k = 5)
    {
        LabelledPoints.Require(train, trainLabels, Name);
        LabelledPoints.Require(test, testLabels, Name);
        if (train.GetLength(1) != test.GetLength(1))
            throw new MedTransferException(
                $"{Name} got training points of {train.GetLength(1)} columns and test points of {test.GetLength(1)}: give the same features.");
        RequireNeighbours(k, train.GetLength(0));
        return ShareRight(Neighbours.Of(test, new NeighbourIndex(train, k), k).Index, trainLabels, testLabels);
    }

    /// <summary>The same within one set: each point is judged by the <paramref name="k"/> nearest others.</summary>
    /// <param name="points">(n, d), n above k.</param>
    public static double LeaveOneOut(float[,] points, IReadOnlyList<int> labels, int k = 5)
    {
        LabelledPoints.Require(points, labels, Name);
        RequireNeighbours(k, points.GetLength(0) - 1);
        return ShareRight(Neighbours.Among(points, k).Index, labels, labels);
    }

    private const string Name = "k-NN accuracy";

    private static void RequireNeighbours(int k, int available)
    {
        if (k < 1 || k > available)
            throw new MedTransferException($"{Name} can ask 1 to {available} neighbours here, not {k}: set k within, or give more points.");
    }

    /// <summary>Share of points for whose class their neighbours vote, (n, k) row numbers, nearest first.</summary>
    internal static double ShareRight(int[,] neighbours, IReadOnlyList<int> votes, IReadOnlyList<int> truth)
    {
        var right = 0;
        for (var i = 0; i < truth.Count; i++)
        {
            if (Winner(neighbours, i, votes) == truth[i]) right++;
        }
        return (double)right / truth.Count;
    }

    private static int Winner(int[,] neighbours, int i, IReadOnlyList<int> votes)
    {
        var counts = new Dictionary<int, int>();
        for (var j = 0; j < neighbours.GetLength(1); j++)
        {
            var vote = votes[neighbours[i, j]];
            counts[vote] = counts.GetValueOrDefault(vote) + 1;
        }
        var most = counts.Values.Max();
        for (var j = 0; ; j++)
        {
            if (counts[votes[neighbours[i, j]]] == most) return votes[neighbours[i, j]];
        }
    }
}
