using MedTransfer.Data.Phantoms.Findings;

namespace MedTransfer.Data.Phantoms;

/// <summary>Something that can be seen in a radiograph: it changes the shape of organs, or the lung where it is, or both.</summary>
internal abstract class Finding
{
    /// <summary>The chest with this finding.</summary>
    public virtual Anatomy Reshape(Anatomy anatomy) => anatomy;

    /// <summary>Changes what a ray meets at a point of a lung.</summary>
    public virtual void Affect(in LungPoint at, ref LungTissue tissue)
    {
    }
}

/// <summary>The findings that can be drawn, in ChestMNIST's order, one a label.</summary>
internal enum FindingKind
{
    Atelectasis,
    Cardiomegaly,
    Effusion,
    Infiltration,
    Mass,
    Nodule,
    Pneumonia,
    Pneumothorax,
    Consolidation,
    Edema,
    Emphysema,
    Fibrosis,
    PleuralThickening,
    Hernia,
}

internal static class FindingKinds
{
    /// <summary>One case of a finding: place, size and strength are drawn.</summary>
    public static Finding Draw(this FindingKind kind, Anatomy anatomy, Draws draws) => kind switch
    {
        FindingKind.Atelectasis => new Atelectasis(anatomy, draws),
        FindingKind.Cardiomegaly => new Cardiomegaly(draws),
        FindingKind.Effusion => new Effusion(draws),
        FindingKind.Infiltration => new Infiltration(anatomy, draws),
        FindingKind.Mass => new Mass(anatomy, draws),
        FindingKind.Nodule => new Nodule(anatomy, draws),
        FindingKind.Pneumonia => new Pneumonia(anatomy, draws),
        FindingKind.Pneumothorax => new Pneumothorax(draws),
        FindingKind.Consolidation => new Consolidation(anatomy, draws),
        FindingKind.Edema => new Edema(draws),
        FindingKind.Emphysema => new Emphysema(draws),
        FindingKind.Fibrosis => new Fibrosis(draws),
        FindingKind.PleuralThickening => new PleuralThickening(anatomy, draws),
        FindingKind.Hernia => new Hernia(anatomy, draws),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such finding"),
    };
}
