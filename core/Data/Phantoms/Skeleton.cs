namespace MedTransfer.Data.Phantoms;

/// <summary>What bones add to the attenuation.</summary>
internal sealed class Skeleton(Anatomy anatomy)
{
    private const double RibHalfWidth = 0.026;

    /// <summary>Ribs behind, which fall outwards, and in front, which fall inwards and end in cartilage.</summary>
    public double Ribs(double x, double y, double halfWidth, double dome)
    {
        var across = Math.Abs(x);
        var cage = Curve.Step(0.035, 0.01, across - halfWidth);
        if (cage == 0) return 0;
        var u = across / anatomy.CageHalfWidth;
        var behind = Bars(y - anatomy.RibSlope * (1.5 * u * u - 0.5 * u), 11, RibHalfWidth);
        var falling = (0.24 + 0.5 * anatomy.RibSlope) * u * (1.4 - 0.4 * u) - 0.14;
        var front = u < 0.4 ? 0 : Bars(y - 0.5 * anatomy.RibSpacing + falling, 6, 1.25 * RibHalfWidth) * Curve.Step(0.40, 0.60, u);
        // Rays that pass a curved rib lengthwise, at the wall, meet more of it; below the diaphragm ribs drown in the abdomen.
        var lengthwise = 1 + 0.5 * Curve.Step(0.12, 0, halfWidth - across);
        var drowned = 1 - 0.6 * Curve.Step(0, 0.12, y - dome);
        return anatomy.RibStrength * cage * drowned * lengthwise * (behind + 0.8 * front) * Curve.Step(0.05, 0.12, across);
    }

    /// <summary>Vertebrae with the gaps between them, and their spinous processes.</summary>
    public static double Spine(double x, double y)
    {
        var column = Curve.Step(0.125, 0.065, Math.Abs(x));
        if (column == 0) return 0;
        var vertebra = y / 0.125 - Math.Floor(y / 0.125);
        var body = Curve.Step(0.08, 0.2, vertebra) * Curve.Step(0.98, 0.86, vertebra);
        var process = Curve.Bump(x / 0.025) * Curve.Bump((vertebra - 0.7) / 0.25);
        return column * (0.075 + 0.05 * body) + 0.05 * process;
    }

    /// <summary>Collar bones, shoulder blades, heads of the upper arms.</summary>
    public double Shoulders(double x, double y)
    {
        if (y > 0.15) return 0;
        var across = Math.Abs(x);
        // From the breastbone outwards and up, in the shape of a flat S.
        var t = (across - 0.07) / (anatomy.CageHalfWidth + 0.13);
        var rising = y - anatomy.ClavicleHeight - 0.06 + anatomy.ClavicleTilt * t + 0.5 * t * (1 - t) * (0.5 - t);
        var collar = 0.14 * Cortical(rising / (0.030 + 0.012 * Curve.Bump(2 * t))) * Curve.Step(0, 0.06, t) * Curve.Step(1.02, 0.94, t);
        if (anatomy.ArmsRaised) return collar;
        var blade = Curve.Ellipse(across - anatomy.CageHalfWidth - 0.03 - 0.25 * (y + 0.36), y + 0.36, 0.15, 0.34);
        var arm = Curve.Ellipse(across - anatomy.CageHalfWidth - 0.27, y - anatomy.ClavicleHeight - 0.02, 0.13, 0.15);
        return collar + 0.055 * Curve.Step(-0.05, 0.1, blade) + 0.13 * Curve.Step(-0.1, 0.1, arm);
    }

    /// <summary>Raised arms, outside the body: flesh with a bone in it; 0 where they are not raised.</summary>
    public double Arms(double x, double y)
    {
        if (!anatomy.ArmsRaised) return 0;
        var (fromX, fromY) = (anatomy.CageHalfWidth + 0.06, anatomy.ClavicleHeight + 0.18);
        // Along a line that leaves the shoulder steeply upwards and outwards.
        const double alongX = 0.45, alongY = -0.893;
        var (dx, dy) = (Math.Abs(x) - fromX, y - fromY);
        var off = Math.Abs(dx * alongY - dy * alongX);
        var along = Curve.Step(-0.15, 0.02, dx * alongX + dy * alongY);
        return along * (0.42 * Curve.Step(0.165, 0.12, off) + 0.16 * Cortical(off / 0.05));
    }

    // A bar at every RibSpacing below the tip of the lungs, `count` in all.
    private double Bars(double y, int count, double halfWidth)
    {
        var place = (y - anatomy.Apex - 0.03) / anatomy.RibSpacing;
        var nearest = Math.Floor(place + 0.5);
        return nearest < 0 || nearest >= count ? 0 : Cortical((place - nearest) * anatomy.RibSpacing / halfWidth);
    }

    // A tube: denser at its borders, t = -1 and 1, than in its middle.
    private static double Cortical(double t) => Curve.Step(1.15, 0.75, Math.Abs(t)) * (0.7 + 0.5 * t * t);
}
