namespace MedTransfer.Data.Phantoms.Findings;

/// <summary>A heart wider than half the chest.</summary>
internal sealed class Cardiomegaly(Draws draws) : Finding
{
    private readonly double wider = draws.Between(1.25, 1.55), higher = draws.Between(1.08, 1.22);

    public override Anatomy Reshape(Anatomy anatomy) => anatomy with
    {
        HeartHalfWidth = anatomy.HeartHalfWidth * wider,
        HeartHalfHeight = anatomy.HeartHalfHeight * higher,
        HeartShift = anatomy.HeartShift + 0.10 * (wider - 1),
    };
}
