namespace MedTransfer.Data.Phantoms.Findings;

/// <summary>A finding that consists of patches.</summary>
internal abstract class PatchedLung : Finding
{
    /// <summary>Set by the constructor of the finding.</summary>
    protected IReadOnlyList<Patch> Patches { get; init; } = [];

    public override void Affect(in LungPoint at, ref LungTissue tissue)
    {
        foreach (var patch in Patches) tissue.Cover(patch.Opacity(at.X, at.Y));
    }
}
