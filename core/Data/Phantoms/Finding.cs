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
