namespace MedTransfer.Training;

/// <summary>What is done about classes of unequal size. Validation and test are never balanced.</summary>
public enum ClassBalance
{
    /// <summary>Nothing: every image counts once.</summary>
    None,

    /// <summary>
    /// Rare classes weigh more in the training loss: class k of K by N / (K n_k), so that every class has the same share of the whole;
    /// the images with a finding by n_without / n_with. Of a batch the weighted mean is taken.
    /// </summary>
    Loss,

    /// <summary>
    /// Rare classes are drawn more often: an epoch is N images drawn with replacement, every class equally likely (among findings: any of
    /// them, or none), and within a class every image. Some images come several times an epoch, some not at all.
    /// </summary>
    Sampling,
}
