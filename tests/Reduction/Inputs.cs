using System.Runtime.InteropServices;

namespace MedTransfer.Tests.Reduction;

/// <summary>Points to reduce, the same in every run.</summary>
internal static class Inputs
{
    /// <summary>
    /// (classes x size, width): balls of standard deviation about .6 whose centres lie about 4 apart in each column; point i is of
    /// class i % classes.
    /// </summary>
    internal static (float[,] Points, int[] Labels) Blobs(int classes, int size, int width, int seed = 1)
    {
        var random = new Random(seed);
        var centres = Fill(classes, width, (_, _) => 8 * random.NextDouble());
        var points = Fill(
            classes * size, width, (i, j) => centres[i % classes, j] + random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
        return (points, [.. Enumerable.Range(0, classes * size).Select(i => i % classes)]);
    }

    internal static float[,] Fill(int rows, int columns, Func<int, int, double> value)
    {
        var points = new float[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++) points[i, j] = (float)value(i, j);
        }
        return points;
    }

    internal static float[,] Rows(float[,] points, int start, int count) =>
        Fill(count, points.GetLength(1), (i, j) => points[start + i, j]);

    /// <summary>For comparisons to the bit, signs of zero included.</summary>
    internal static int[] Bits(float[,] values) => [.. values.Cast<float>().Select(BitConverter.SingleToInt32Bits)];

    internal static bool AllFinite(float[,] values) =>
        MemoryMarshal.CreateReadOnlySpan(ref values[0, 0], values.Length).IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) < 0;
}
