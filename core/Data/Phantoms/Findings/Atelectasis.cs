namespace MedTransfer.Data.Phantoms.Findings;

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
