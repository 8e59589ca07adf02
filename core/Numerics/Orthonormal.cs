namespace MedTransfer.Numerics;

/// <summary>Makes directions orthonormal, in order, where rounding or missing rank left them short.</summary>
internal static class Orthonormal
{
    /// <summary>Below this share of the longest, a direction is rounding, not data.</summary>
    private const double Negligible = 1e-7;

    /// <summary>
    /// Gram-Schmidt, each direction twice for the rounding. A direction that carries no variance becomes the coordinate axis
    /// that is farthest from the span of those before it.
    /// </summary>
    internal static void Complete(double[][] directions, int width)
    {
        var longest = directions.Max(Length);
        for (var k = 0; k < directions.Length; k++)
        {
            var before = directions.AsSpan(0, k);
            var direction = directions[k];
            if (Length(direction) <= Negligible * longest)
            {
                Array.Clear(direction);
                direction[FarthestAxis(before, width)] = 1;
            }
            for (var pass = 0; pass < 2; pass++)
            {
                DoubleVectors.Scale(direction, 1 / Length(direction));
                foreach (var other in before) DoubleVectors.Add(direction, -DoubleVectors.Dot(direction, other), other);
            }
            DoubleVectors.Scale(direction, 1 / Length(direction));
        }
    }

    private static int FarthestAxis(ReadOnlySpan<double[]> span, int width)
    {
        var (best, least) = (0, double.PositiveInfinity);
        for (var axis = 0; axis < width; axis++)
        {
            var inside = 0.0;
            foreach (var direction in span) inside += direction[axis] * direction[axis];
            if (inside < least) (best, least) = (axis, inside);
        }
        return best;
    }

    private static double Length(double[] direction) => Math.Sqrt(DoubleVectors.Dot(direction, direction));
}
