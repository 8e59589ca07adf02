namespace MedTransfer.Data.Phantoms.Findings;

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
