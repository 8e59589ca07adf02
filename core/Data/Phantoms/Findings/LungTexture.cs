namespace MedTransfer.Data.Phantoms.Findings;

/// <summary>Haze around both hila, like the wings of a bat, with swollen vessels and short lines at the bases; the heart is larger.</summary>
internal sealed class Edema(Draws draws) : Finding
{
    private readonly double density = draws.Between(0.25, 0.55), reach = draws.Between(0.45, 0.65), heart = draws.Between(1.03, 1.15);
    private readonly Texture haze = new(draws.Seed());

    public override Anatomy Reshape(Anatomy anatomy) => anatomy with { HeartHalfWidth = anatomy.HeartHalfWidth * heart };

    public override void Affect(in LungPoint at, ref LungTissue tissue)
    {
        var wing = Curve.Bump(at.ToHilum / reach) * (0.55 + 0.45 * haze.Rough(8 * at.X, 8 * at.Y));
        var lines = haze.Threads(2.5 * at.X, 17 * at.Y) * Curve.Step(0.16, 0.04, at.ToWall) * Curve.Step(0.45, 0.25, at.ToBase);
        tissue.Vessels *= 1.5;
        tissue.Cover(density * wing);
        tissue.Cover(0.3 * density * lines);
    }
}

/// <summary>A coarse net of scars, densest at the bases and under the wall, in lungs that have shrunk.</summary>
internal sealed class Fibrosis(Draws draws) : Finding
{
    private readonly double density = draws.Between(0.35, 0.75), mesh = draws.Between(9, 14), loss = draws.Between(0, 0.05);
    private readonly Texture net = new(draws.Seed());

    public override Anatomy Reshape(Anatomy anatomy) => anatomy with
    {
        RightDome = anatomy.RightDome - loss,
        LeftDome = anatomy.LeftDome - loss,
    };

    public override void Affect(in LungPoint at, ref LungTissue tissue)
    {
        var where = Math.Max(Curve.Step(0.75, 0.1, at.ToBase), 0.6 * Curve.Step(0.22, 0.03, at.ToWall));
        if (where == 0) return;
        var strands = Math.Max(net.Threads(mesh * at.X, mesh * at.Y), net.Threads(1.7 * mesh * at.X + 60, 1.7 * mesh * at.Y));
        tissue.Cover(density * where * (0.15 + 0.75 * strands));
    }
}

/// <summary>Overfilled lungs: low, flat domes, a narrow heart, few vessels, more air.</summary>
internal sealed class Emphysema(Draws draws) : Finding
{
    private readonly double descent = draws.Between(0.03, 0.12), flat = draws.Between(0.35, 0.75), heart = draws.Between(0.82, 0.96);
    private readonly double vessels = draws.Between(0.35, 0.65), air = draws.Between(1.02, 1.1);

    public override Anatomy Reshape(Anatomy anatomy) => anatomy with
    {
        RightDome = anatomy.RightDome + descent,
        LeftDome = anatomy.LeftDome + descent,
        DomeRise = anatomy.DomeRise * flat,
        HeartHalfWidth = anatomy.HeartHalfWidth * heart,
        HeartHalfHeight = anatomy.HeartHalfHeight * (1 + 0.5 * descent),
    };

    public override void Affect(in LungPoint at, ref LungTissue tissue)
    {
        tissue.Vessels *= vessels;
        tissue.Air *= air;
    }
}
