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
