namespace MedTransfer.Data.Phantoms.Findings;

/// <summary>Overfilled lungs: low, flat domes, a narrow heart, few vessels, more air.</summary>
internal sealed class Emphysema(Draws draws) : Finding
{
    private readonly double descent = draws.Between(0.07, 0.16), flat = draws.Between(0.3, 0.6), heart = draws.Between(0.76, 0.88);
    private readonly double vessels = draws.Between(0.35, 0.6), air = draws.Between(1.06, 1.16);

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
