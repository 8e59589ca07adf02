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
