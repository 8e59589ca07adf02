namespace MedTransfer.Reduction;

/// <summary>
/// The unit in which points are compared: the power of two at their largest value, in which no square of a difference between them
/// overflows or is lost, and which changes no bit of a mantissa. Orders and ratios of distances are those of the points.
/// </summary>
internal static class PointUnit
{
    /// <summary>What the points are to be multiplied by; 1 where all are 0.</summary>
    internal static float Of(float[,] points)
    {
        var largest = 0f;
        foreach (var value in points) largest = Math.Max(largest, Math.Abs(value));
        // 2^126 is the largest whose inverse is a normal number.
        return largest > 0 ? MathF.ScaleB(1, Math.Clamp(-Math.ILogB(largest), -126, 126)) : 1;
    }
}
