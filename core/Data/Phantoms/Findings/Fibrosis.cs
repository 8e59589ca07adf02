namespace MedTransfer.Data.Phantoms.Findings;

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
