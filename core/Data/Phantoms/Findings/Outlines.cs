namespace MedTransfer.Data.Phantoms.Findings;

/// <summary>A heart wider than half the chest.</summary>
internal sealed class Cardiomegaly(Draws draws) : Finding
{
    private readonly double wider = draws.Between(1.18, 1.5), higher = draws.Between(1.05, 1.2);

    public override Anatomy Reshape(Anatomy anatomy) => anatomy with
    {
        HeartHalfWidth = anatomy.HeartHalfWidth * wider,
        HeartHalfHeight = anatomy.HeartHalfHeight * higher,
        HeartShift = anatomy.HeartShift + 0.10 * (wider - 1),
    };
}

/// <summary>Part of the stomach above the diaphragm: a round shadow behind the heart, gas over a level of fluid in it.</summary>
internal sealed class Hernia(Anatomy anatomy, Draws draws) : Finding
{
    private readonly double x = draws.Between(0.10, 0.22), y = anatomy.LeftDome - draws.Between(0.08, 0.16);
    private readonly double radius = draws.Between(0.14, 0.21), level = draws.Between(-0.3, 0.2), density = draws.Between(0.75, 0.95);

    public override void Affect(in LungPoint at, ref LungTissue tissue)
    {
        var inside = Curve.Ellipse(at.X - x, at.Y - y, 1.15 * radius, radius);
        if (inside < -0.1) return;
        var isThere = Curve.Step(-0.1, 0.05, inside);
        var isGas = Curve.Step(0.12, 0.2, inside) * Curve.Step(0.012, -0.012, at.Y - y - level * radius);
        tissue.Cover(density * isThere * (1 - isGas));
        tissue.Added += isThere * (0.10 - 0.30 * isGas);
    }
}
