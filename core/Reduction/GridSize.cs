namespace MedTransfer.Reduction;

/// <summary>Sizes of grids that transforms are fast on, and that do not change with every iteration.</summary>
internal static class GridSize
{
    /// <summary>The smallest multiple of 8, not below either, that is a product of twos, threes and fives.</summary>
    internal static int AtLeast(int nodes, int fewest)
    {
        for (var size = (Math.Max(nodes, fewest) + 7) / 8 * 8; ; size += 8)
        {
            var left = size;
            foreach (var factor in new[] { 2, 3, 5 })
            {
                while (left % factor == 0) left /= factor;
            }
            if (left == 1) return size;
        }
    }

    /// <summary>The next power of the fourth root of 2.</summary>
    internal static double RoundUp(double step) => Math.Pow(2, Math.Ceiling(4 * Math.Log2(step)) / 4);
}
