namespace MedTransfer.Data.Phantoms.Findings;

/// <summary>Fluid around the lung: from a blunted angle to half a lung, with a surface that climbs at the wall.</summary>
internal sealed class Effusion : Finding
{
    private readonly bool right, left;
    private readonly double level, density;

    public Effusion(Draws draws)
    {
        var side = draws.Side();
        var both = draws.Chance(0.3);
        (right, left) = (both || side < 0, both || side > 0);
        var share = draws.Between(0, 1);
        level = 0.02 + 0.36 * share * share;
        density = draws.Between(0.8, 0.97);
    }

    public override void Affect(in LungPoint at, ref LungTissue tissue)
    {
        if (!(at.Side < 0 ? right : left)) return;
        // The angle at the wall fills first, and there the fluid stands highest.
        var climb = 0.20 * Curve.Step(0.36, 0, at.ToWall);
        tissue.Cover(density * Curve.Step(0.03, -0.03, at.ToBase - level - climb));
    }
}

/// <summary>A dense band between lung and ribs over part of the wall, often down to the angle.</summary>
internal sealed class PleuralThickening : Finding
{
    private readonly int side;
    private readonly double top, bottom, thickness, density;
    private readonly Texture border;

    public PleuralThickening(Anatomy anatomy, Draws draws)
    {
        side = draws.Side();
        var centre = draws.Between(0.25, 0.95);
        var extent = draws.Between(0.2, 0.4);
        top = anatomy.InLung(side, 1, centre - extent).Y;
        bottom = anatomy.InLung(side, 1, centre + extent).Y;
        thickness = draws.Between(0.05, 0.10);
        density = draws.Between(0.6, 0.95);
        border = new(draws.Seed());
    }

    public override void Affect(in LungPoint at, ref LungTissue tissue)
    {
        if (at.Side != side || at.ToWall > 2 * thickness) return;
        var taper = Curve.Step(top, top + 0.12, at.Y) * Curve.Step(bottom, bottom - 0.12, at.Y);
        var inwards = thickness * taper * (0.5 + border.Rough(2, 7 * at.Y));
        tissue.Cover(density * taper * Curve.Step(0.02, -0.015, at.ToWall - inwards));
    }
}

/// <summary>Air outside the lung: a dark rim without vessels at wall and tip, a thin line, and a lung that has shrunk from it.</summary>
internal sealed class Pneumothorax(Draws draws) : Finding
{
    private readonly int side = draws.Side();
    private readonly double gap = draws.Between(0.07, 0.24), line = draws.Between(0.05, 0.09), collapse = draws.Between(0.05, 0.16);

    public override void Affect(in LungPoint at, ref LungTissue tissue)
    {
        if (at.Side != side) return;
        // Air rises: the rim is widest at the tip.
        var rim = gap * (0.45 + 0.55 * Curve.Step(0.9, 0.1, at.ToApex));
        var beyond = Math.Min(at.ToWall, 0.75 * at.ToApex) - rim;
        var isRim = Curve.Step(0.006, -0.006, beyond);
        tissue.Vessels *= 1 - isRim;
        tissue.Air *= 1 + 0.22 * isRim;
        tissue.Cover(collapse * (1 - isRim));
        tissue.Added += line * Curve.Bump(beyond / 0.02);
    }
}
