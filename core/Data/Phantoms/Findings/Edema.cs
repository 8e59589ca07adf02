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
