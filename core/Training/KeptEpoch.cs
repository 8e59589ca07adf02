namespace MedTransfer.Training;

/// <summary>Which epoch's weights a training ends with.</summary>
public enum KeptEpoch
{
    /// <summary>The last one's: nothing is chosen.</summary>
    Last,

    /// <summary>Those of the best score on the validation split, the earliest of equals; see <see cref="FitOptions.KeptBy"/>.</summary>
    Best,
}
