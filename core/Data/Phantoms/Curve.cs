namespace MedTransfer.Data.Phantoms;

/// <summary>
/// The shapes everything is drawn with. They, and whatever uses them, get by with + - * / and square roots, which IEEE 754 rounds the
/// same way on every machine; sines and exponentials differ in their last bits from one platform to the next.
/// </summary>
internal static class Curve
{
    /// <summary>0 up to <paramref name="from"/>, 1 beyond <paramref name="to"/> (which may be the smaller), a cubic between them.</summary>
    public static double Step(double from, double to, double value)
    {
        var t = (value - from) / (to - from);
        return t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t);
    }

    /// <summary>(1 - t^2)^2: 1 at 0, 0 from 1 and from -1 outwards.</summary>
    public static double Bump(double t) => t is <= -1 or >= 1 ? 0 : (1 - t * t) * (1 - t * t);

    /// <summary>How far inside an ellipse a point lies: 1 in the centre, 0 on the border, negative outside.</summary>
    public static double Ellipse(double x, double y, double halfWidth, double halfHeight) =>
        1 - Math.Sqrt(x * x / (halfWidth * halfWidth) + y * y / (halfHeight * halfHeight));

    /// <summary>
    /// The larger of two distances into a shape, rounded where they cross within <paramref name="rounding"/>: two shapes grown together.
    /// </summary>
    public static double Joined(double distance, double other, double rounding)
    {
        var share = Math.Clamp(0.5 + 0.5 * (distance - other) / rounding, 0, 1);
        return other + share * (distance - other) + rounding * share * (1 - share);
    }

    /// <summary>Two opacities, 0 to 1, one behind the other.</summary>
    public static double Behind(double opacity, double other) => 1 - (1 - opacity) * (1 - other);
}
