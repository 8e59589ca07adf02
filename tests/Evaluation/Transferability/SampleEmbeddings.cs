using MedTransfer.Numerics;

namespace MedTransfer.Tests.Evaluation.Transferability;

/// <summary>Embeddings that other tools can be given too, and random ones.</summary>
internal static class SampleEmbeddings
{
    /// <summary>Whole numbers, so that they are the same everywhere: NumPy's [[(2*i*i + 3*j*j + 7*i*j + 3*i + j) % 11 - 5 + (4*(i % 3) if j % 2 == 0 else 0) for j in range(d)] for i in range(n)].</summary>
    internal static float[,] Whole(int count, int columns)
    {
        var points = new float[count, columns];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < columns; j++) points[i, j] = (2 * i * i + 3 * j * j + 7 * i * j + 3 * i + j) % 11 - 5 + (j % 2 == 0 ? 4 * (i % 3) : 0);
        }

        return points;
    }

    /// <summary>The classes of <see cref="Whole"/>: 0, 1, 2, 0, 1, 2 and so on.</summary>
    internal static int[] Classes(int count) => [.. Enumerable.Range(0, count).Select(i => i % 3)];

    /// <summary>Sums of twelve uniform numbers less 6, as good as normal; in the first column an image of class k lies k times <paramref name="apart"/> farther.</summary>
    internal static float[,] Random(int count, int columns, ulong seed, float apart = 0)
    {
        var (random, points) = (new SplitMix64(seed), new float[count, columns]);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < columns; j++) points[i, j] = (float)(Enumerable.Range(0, 12).Sum(_ => random.Fraction()) - 6) + (j == 0 ? i % 3 * apart : 0);
        }

        return points;
    }

    internal static float[,] Map(this float[,] points, Func<float, float> change)
    {
        var changed = (float[,])points.Clone();
        for (var i = 0; i < points.GetLength(0); i++)
        {
            for (var j = 0; j < points.GetLength(1); j++) changed[i, j] = change(points[i, j]);
        }

        return changed;
    }

    internal static float[,] Rows(this float[,] points, int from)
    {
        var rows = new float[points.GetLength(0) - from, points.GetLength(1)];
        Array.Copy(points, from * points.GetLength(1), rows, 0, rows.Length);
        return rows;
    }

    /// <summary>Bad embeddings of four images, with a word that the message says.</summary>
    public static TheoryData<float[,], string> Bad() => new()
    {
        { new float[,] { { 1, 2 }, { 3, float.NaN }, { 0, 1 }, { 2, 2 } }, "row 1, column 1" },
        { new float[,] { { 1, 2 }, { 1, 2 }, { 1, 2 }, { 1, 2 } }, "all the same" },
        { new float[3, 2], "3" },
    };
}
