namespace MedTransfer.Data.Phantoms.Findings;

/// <summary>Overfilled lungs: low, flat domes, a narrow heart, few vessels, more air.</summary>
internal sealed class Emphysema(Draws draws) : Finding
{
    private readonly double descent = draws.Between(0.03, 0.12), flat = draws.Between(0.35, 0.75), heart = draws.Between(0.82, 0.96);
    private readonly double vessels = draws.Between(0.35, 0.65), air = draws.Between(1.02, 1.1);

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
