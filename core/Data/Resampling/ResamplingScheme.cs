namespace MedTransfer.Data.Resampling;

/// <summary>How a set is cut, again and again, into images to learn from and images held out (Ramezan, Warner and Maxwell 2019, Remote Sensing 11:185).</summary>
public enum ResamplingScheme
{
    /// <summary>k parts of equal size, each held out once; repeated with other parts where asked for.</summary>
    KFold,

    /// <summary>A part of a given share, drawn anew each time: held-out parts may overlap.</summary>
    MonteCarlo,

    /// <summary>Each image (each patient, where grouped) held out once, alone: no draw.</summary>
    LeaveOneOut,

    /// <summary>As many draws as there are images, with replacement; what was never drawn, 37 % on average, is held out (Efron and Tibshirani 1997, .632).</summary>
    Bootstrap,
}
