namespace MedTransfer.Data.Phantoms.Findings;

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
