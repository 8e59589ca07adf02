namespace MedTransfer.Data.Phantoms;

/// <summary>Attenuation of the rays through a chest: soft tissue, bones, heart and vessels, less the air of the lungs.</summary>
internal sealed class Thorax
{
    private const double Edge = 0.014;
    private const double AirDepth = 0.46;

    private readonly Anatomy anatomy;
    private readonly Finding[] findings;
    private readonly Texture pattern;
    private readonly Skeleton skeleton;
    private readonly Heart heart;

    /// <param name="healthy">The patient without findings, which then reshape what they reshape.</param>
    public Thorax(Anatomy healthy, IReadOnlyList<Finding> findings)
    {
        this.findings = [.. findings];
        anatomy = findings.Aggregate(healthy, (shape, finding) => finding.Reshape(shape));
        pattern = new(anatomy.Pattern);
        skeleton = new(anatomy);
        heart = new(anatomy);
    }

    /// <summary>0 for a ray that meets nothing, about 0.3 in a lung, 1 where spine and abdomen lie behind each other.</summary>
    public double Attenuation(double x, double y)
    {
        var body = Body(x, y);
        if (body == 0) return skeleton.Arms(x, y);

        var halfWidth = anatomy.HalfWidth(y);
        var dome = anatomy.Dome(x);
        var water = heart.Inside(x, y);
        var soft = anatomy.Wall + 0.34 + 0.12 * water + Breasts(x, y) + 0.05 * (pattern.Clouds(4 * x + 40, 4 * y) - 0.5)
            + 0.16 * Curve.Step(0, 0.15, y - dome) - StomachGas(x, y) - Windpipe(x, y);
        var inside = Curve.Step(-Edge, Edge, halfWidth - Math.Abs(x)) * Curve.Step(-Edge, Edge, dome - y)
            * Curve.Step(-Edge, Edge, Math.Abs(x) - 0.7 * anatomy.Mediastinum);
        var lung = inside == 0 ? 0 : Lung(x, y, halfWidth, dome, water) * inside;
        return body * (soft + skeleton.Ribs(x, y, halfWidth, dome) + Skeleton.Spine(x, y) + skeleton.Shoulders(x, y) + lung)
            + skeleton.Arms(x, y) * (1 - body);
    }

    // What the lung adds to the soft tissue around it: mostly a negative number.
    private double Lung(double x, double y, double halfWidth, double dome, double water)
    {
        var side = x < 0 ? -1 : 1;
        var (outwards, below) = (Math.Abs(x) - 0.17, y - HilumHeight);
        var at = new LungPoint(x, y, side, halfWidth - Math.Abs(x), dome - y, y - anatomy.Apex, Math.Sqrt(outwards * outwards + below * below));
        var tissue = new LungTissue { Air = 1, Vessels = 1 };
        foreach (var finding in findings) finding.Affect(at, ref tissue);

        // The lung is thinner towards its borders and where the heart lies in front of it.
        var depth = AirDepth * (0.62 + 0.38 * Curve.Step(0, 0.28, at.ToWall)) * (0.8 + 0.2 * Curve.Step(0, 0.3, at.ToApex));
        var air = depth * tissue.Air * (1 - 0.86 * water);
        var vessels = tissue.Vessels * anatomy.Vessels * Vessels(at, outwards, below) * (1 - 0.8 * water);
        var texture = 0.06 * (pattern.Clouds(11 * x, 11 * y) - 0.5);
        return tissue.Added - (air - vessels - texture) * (1 - tissue.Opacity);
    }

    private double HilumHeight => anatomy.Apex + 0.58 * (anatomy.RightDome - anatomy.Apex);

    // Threads that run out from the hilum: fine in angle, long in distance. A diamond's "angle" serves for the circle's.
    private double Vessels(in LungPoint at, double outwards, double below)
    {
        var reach = Math.Abs(outwards) + Math.Abs(below) + 0.001;
        var angle = below / reach + (outwards < 0 ? 4 : 0) + 10 * at.Side;
        var bend = 0.35 * pattern.Clouds(4 * at.X, 4 * at.Y + 70);
        var trunks = pattern.Threads(5 * angle + bend, 2.2 * reach);
        var branches = pattern.Threads(11 * angle + 2 * bend + 90, 4.5 * reach + 13);
        var fading = Math.Max(0, 1 - reach / 0.95);
        var vessels = fading * (0.75 * trunks * Curve.Step(0.62, 0.2, reach) + 0.5 * branches);
        var hilum = Curve.Bump(at.ToHilum / 0.17);
        return hilum == 0 ? vessels : vessels + 1.1 * hilum * (0.45 + 0.55 * pattern.Clouds(13 * at.X, 13 * at.Y));
    }

    // Neck, sloping shoulders, flanks.
    private double Body(double x, double y)
    {
        var across = Math.Abs(x);
        var shoulder = anatomy.ClavicleHeight - 0.27 + 0.30 * across * across;
        var neck = Curve.Step(0.34, 0.28, across - 0.25 * Math.Max(0, y + 1));
        var skin = anatomy.CageHalfWidth + anatomy.Flank + 0.10 * Curve.Step(-0.1, -0.6, y);
        return Math.Max(neck, Curve.Step(-0.05, 0.05, y - shoulder)) * Curve.Step(0.02, -0.03, across - skin);
    }

    private double Breasts(double x, double y) => anatomy.Breasts == 0 ? 0
        : anatomy.Breasts * Curve.Step(0, 0.35, Curve.Ellipse(Math.Abs(x) - 0.42, y - 0.20, 0.33, 0.34));

    private double StomachGas(double x, double y)
    {
        var radius = anatomy.StomachGas;
        return radius == 0 ? 0 : 0.22 * Curve.Step(0, 0.4, Curve.Ellipse(x - 0.36, y - anatomy.LeftDome - 1.1 * radius, 1.4 * radius, radius));
    }

    private double Windpipe(double x, double y)
    {
        var carina = HilumHeight - 0.16;
        if (Math.Abs(x) > 0.17 || y > carina + 0.14) return 0;
        var main = Curve.Step(0.055, 0.035, Math.Abs(x)) * Curve.Step(0.03, -0.03, y - carina);
        var below = y - carina;
        var bronchi = Curve.Step(0.035, 0.015, Math.Abs(Math.Abs(x) - 0.9 * below)) * Curve.Step(-0.02, 0.02, below) * Curve.Step(0.14, 0.08, below);
        return 0.14 * Math.Max(main, bronchi);
    }
}
