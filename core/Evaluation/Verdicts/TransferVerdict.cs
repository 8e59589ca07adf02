namespace MedTransfer.Evaluation.Verdicts;

/// <summary>What may be said of transfer, from its gain over no transfer and over what needs none.</summary>
public enum TransferAnswer
{
    /// <summary>The figures may not be put in words: a leak voids them, or they are not of patients, or of a run that only shows that everything works.</summary>
    None,

    /// <summary>It scores higher than no transfer, and than the best control.</summary>
    Helps,

    /// <summary>It scores higher than no transfer, but is not shown to score higher than the best control, which needs no transfer.</summary>
    HelpsNoMoreThanControls,

    /// <summary>It scores as no transfer does, within the margin.</summary>
    MakesNoDifference,

    /// <summary>Neither better, nor worse, nor the same is shown.</summary>
    NotShown,

    /// <summary>It scores lower than no transfer.</summary>
    Harms,
}

/// <summary>Whether an answer can be relied on.</summary>
public enum Trust
{
    /// <summary>The figures void it.</summary>
    No,

    /// <summary>More seeds or patients would tell.</summary>
    NotYet,

    /// <summary>Its interval counts seeds and patients in, and decides.</summary>
    Yes,
}

/// <summary>An answer to "does transfer help", and whether it can be relied on.</summary>
public sealed record TransferVerdict(TransferAnswer Answer, Trust Trust)
{
    /// <summary>The answer that follows from two comparisons. To say that transfer helps takes both, so that neither is adjusted for the other (an intersection-union test; Berger 1982, Technometrics 24:295-300).</summary>
    /// <param name="overNone">The recommended way against no transfer.</param>
    /// <param name="overControl">The same against the best control.</param>
    /// <param name="isVoid">Whether no words may follow from the figures.</param>
    public static TransferVerdict Of(WayVerdict overNone, WayVerdict overControl, bool isVoid) => (isVoid, overNone) switch
    {
        (true, _) => new(TransferAnswer.None, Trust.No),
        (_, WayVerdict.Better or WayVerdict.BetterByLess) => overControl is WayVerdict.Better or WayVerdict.BetterByLess
            ? new(TransferAnswer.Helps, Trust.Yes)
            // what does no better than a control by more than the margin is decided too
            : new(TransferAnswer.HelpsNoMoreThanControls, overControl is WayVerdict.Equivalent or WayVerdict.Worse or WayVerdict.WorseByLess ? Trust.Yes : Trust.NotYet),
        (_, WayVerdict.Equivalent) => new(TransferAnswer.MakesNoDifference, Trust.Yes),
        (_, WayVerdict.Worse or WayVerdict.WorseByLess) => new(TransferAnswer.Harms, Trust.Yes),
        _ => new(TransferAnswer.NotShown, Trust.NotYet),
    };
}
