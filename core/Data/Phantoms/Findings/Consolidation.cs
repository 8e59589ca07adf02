namespace MedTransfer.Data.Phantoms.Findings;

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
