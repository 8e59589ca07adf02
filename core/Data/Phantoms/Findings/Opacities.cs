namespace MedTransfer.Data.Phantoms.Findings;

/// <summary>An area of the lung whose air is replaced, whatever by: the same physics for a nodule and for pneumonia.</summary>
internal sealed record Patch
{
    public required double X { get; init; }

    public required double Y { get; init; }

    public required double HalfWidth { get; init; }

    public required double HalfHeight { get; init; }

    /// <summary>Opacity in the middle, 0 to 1.</summary>
    public required double Density { get; init; }

    /// <summary>Width of the border in parts of the radius.</summary>
    public required double Softness { get; init; }

    /// <summary>How irregular the outline is, in parts of the radius.</summary>
    public double Ragged { get; init; }

    /// <summary>Share of the opacity that comes and goes inside, 0 to 1.</summary>
    public double Mottled { get; init; }

    public ulong Pattern { get; init; }

    public double Opacity(double x, double y)
    {
        var inside = Curve.Ellipse(x - X, y - Y, HalfWidth, HalfHeight);
        if (inside < -Ragged - Softness) return 0;
        var texture = new Texture(Pattern);
        var outline = Ragged == 0 ? inside : inside + Ragged * (2 * texture.Rough(7 * x, 7 * y) - 1);
        var mottling = Mottled == 0 ? 1 : 1 - Mottled * Curve.Step(0.35, 0.7, texture.Rough(12 * x + 50, 12 * y));
        return Density * mottling * Curve.Step(-Softness, Softness, outline);
    }
}

/// <summary>A finding that consists of patches.</summary>
internal abstract class PatchedLung : Finding
{
    /// <summary>Set by the constructor of the finding.</summary>
    protected IReadOnlyList<Patch> Patches { get; init; } = [];

    public override void Affect(in LungPoint at, ref LungTissue tissue)
    {
        foreach (var patch in Patches) tissue.Cover(patch.Opacity(at.X, at.Y));
    }
}

/// <summary>A dense, nearly even region that stops at a fissure, with airways left open in it.</summary>
internal sealed class Consolidation : Finding
{
    private readonly Patch region;
    private readonly Texture airways;
    private readonly double fissure;
    private readonly bool above;

    public Consolidation(Anatomy anatomy, Draws draws)
    {
        var (x, y) = anatomy.InLung(draws.Side(), draws.Between(0.3, 0.6), draws.Between(0.3, 0.85));
        above = draws.Chance(0.5);
        fissure = y + (above ? 0.06 : -0.06);
        airways = new(draws.Seed());
        region = new()
        {
            X = x,
            Y = y,
            HalfWidth = draws.Between(0.20, 0.32),
            HalfHeight = draws.Between(0.18, 0.30),
            Density = draws.Between(0.65, 0.92),
            Softness = 0.18,
            Ragged = 0.15,
            Pattern = draws.Seed(),
        };
    }

    public override void Affect(in LungPoint at, ref LungTissue tissue)
    {
        var opacity = region.Opacity(at.X, at.Y);
        if (opacity == 0) return;
        var past = (at.Y - fissure - 0.15 * (Math.Abs(at.X) - Math.Abs(region.X))) * (above ? 1 : -1);
        var open = 0.35 * airways.Threads(8 * at.X, 8 * at.Y);
        tissue.Cover(opacity * (1 - open) * Curve.Step(0.02, -0.02, past));
    }
}

/// <summary>Airspaces filled in one region or two, mostly low: dense in the middle, mottled, fading into the lung.</summary>
internal sealed class Pneumonia : PatchedLung
{
    public Pneumonia(Anatomy anatomy, Draws draws)
    {
        // One in seven was taken too early to show more than a trace.
        var strength = draws.Chance(0.14) ? draws.Between(0.08, 0.2) : draws.Between(0.55, 1);
        var patches = new Patch[1 + draws.Below(3)];
        for (var i = 0; i < patches.Length; i++)
        {
            var (x, y) = anatomy.InLung(draws.Side(), draws.Between(0.1, 0.7), draws.Between(0.4, 0.92));
            patches[i] = new()
            {
                X = x,
                Y = y,
                HalfWidth = anatomy.CageHalfWidth * draws.Between(0.25, 0.48),
                HalfHeight = anatomy.CageHalfWidth * draws.Between(0.25, 0.5),
                Density = strength * draws.Between(0.8, 1.15),
                Softness = 0.45,
                Ragged = 0.3,
                Mottled = 0.5,
                Pattern = draws.Seed(),
            };
        }
        Patches = patches;
    }
}

/// <summary>Ill-defined, patchy and faint.</summary>
internal sealed class Infiltration : PatchedLung
{
    public Infiltration(Anatomy anatomy, Draws draws)
    {
        var side = draws.Side();
        var patches = new Patch[1 + draws.Below(3)];
        for (var i = 0; i < patches.Length; i++)
        {
            var (x, y) = anatomy.InLung(draws.Chance(0.7) ? side : -side, draws.Between(0.15, 0.75), draws.Between(0.35, 0.9));
            patches[i] = new()
            {
                X = x,
                Y = y,
                HalfWidth = draws.Between(0.14, 0.24),
                HalfHeight = draws.Between(0.14, 0.26),
                Density = draws.Between(0.3, 0.55),
                Softness = 0.6,
                Ragged = 0.35,
                Mottled = 0.75,
                Pattern = draws.Seed(),
            };
        }
        Patches = patches;
    }
}

/// <summary>Collapsed lung: dense plates low in one lung, whose diaphragm rises and draws the heart towards it.</summary>
internal sealed class Atelectasis : Finding
{
    private readonly int side;
    private readonly double loss;
    private readonly (double X, double Y, double Slope, double HalfLength, double HalfThickness, double Density)[] plates;

    public Atelectasis(Anatomy anatomy, Draws draws)
    {
        side = draws.Side();
        loss = draws.Between(0.04, 0.12);
        plates = new (double, double, double, double, double, double)[1 + draws.Below(3)];
        for (var i = 0; i < plates.Length; i++)
        {
            var (x, y) = anatomy.InLung(side, draws.Between(0.3, 0.75), draws.Between(0.62, 0.88));
            plates[i] = (x, y, draws.Between(-0.35, 0.35), draws.Between(0.14, 0.26), draws.Between(0.018, 0.036), draws.Between(0.5, 0.9));
        }
    }

    public override Anatomy Reshape(Anatomy anatomy) => anatomy with
    {
        RightDome = anatomy.RightDome - (side < 0 ? loss : 0),
        LeftDome = anatomy.LeftDome - (side > 0 ? loss : 0),
        HeartShift = anatomy.HeartShift + 0.5 * side * loss,
    };

    public override void Affect(in LungPoint at, ref LungTissue tissue)
    {
        if (at.Side != side) return;
        foreach (var plate in plates)
        {
            var along = (at.X - plate.X) / plate.HalfLength;
            var off = (at.Y - plate.Y - plate.Slope * (at.X - plate.X)) / plate.HalfThickness;
            tissue.Cover(plate.Density * Curve.Bump(along) * Curve.Step(1.3, 0.5, Math.Abs(off)));
        }
        tissue.Cover(2.5 * loss * Curve.Step(0.3, 0, at.ToBase));
    }
}
