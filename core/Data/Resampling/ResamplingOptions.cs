using System.Text.Json.Serialization;

namespace MedTransfer.Data.Resampling;

/// <summary>Which folds a set is cut into. Plain data: the same options cut the same images into the same folds.</summary>
public sealed record ResamplingOptions
{
    /// <summary>Default k-fold.</summary>
    public ResamplingScheme Scheme { get; init; } = ResamplingScheme.KFold;

    /// <summary>k of k-fold, at least 2; number of draws of Monte Carlo and bootstrap, at least 1; default 5. Leaving one out has as many as there are.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>How often k-fold is done, each time with other parts; at least 1, the default.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Monte Carlo's held-out share of the images (of the patients, where grouped), between 0 and 1; default 0.2.</summary>
    public double HeldOut { get; init; } = 0.2;

    /// <summary>Whether every class keeps its share in each part (of findings: images with any and images with none); default yes.</summary>
    public bool Stratified { get; init; } = true;

    /// <summary>Whether images of one patient never lie on both sides, where the set says whose they are; default yes.</summary>
    public bool Grouped { get; init; } = true;

    /// <summary>Draws the parts.</summary>
    [Seed]
    public long Seed { get; init; }

    /// <summary>
    /// Images held out over images learned from, for the corrected resampled t test; null for schemes that it is not made for, leaving one out and
    /// the bootstrap.
    /// </summary>
    [JsonIgnore]
    public double? HeldOutOverTrained => Scheme switch
    {
        ResamplingScheme.KFold => 1.0 / (Folds - 1),
        ResamplingScheme.MonteCarlo => HeldOut / (1 - HeldOut),
        _ => null,
    };

    /// <summary>The options, if every one lies in its range.</summary>
    /// <exception cref="MedTransferException">One does not; the message names it.</exception>
    public ResamplingOptions Checked()
    {
        var least = Scheme == ResamplingScheme.KFold ? 2 : 1;
        return Folds < least ? throw OutOfRange("number of folds", Folds, $"at least {least}")
            : Repeats < 1 ? throw OutOfRange("number of repeats", Repeats, "at least 1")
            : Repeats > 1 && Scheme != ResamplingScheme.KFold ? throw OutOfRange("number of repeats", Repeats, $"1: {Scheme} has no repeats, give it more folds")
            : HeldOut is not (> 0 and < 1) ? throw OutOfRange("held-out share", HeldOut, "between 0 and 1")
            : this;
    }

    /// <summary>The scheme in a few words, for tables: <c>5-fold</c>, <c>3 times 5-fold</c>, <c>10 draws of 20 %</c>.</summary>
    public string Describe() => Scheme switch
    {
        ResamplingScheme.KFold => Repeats == 1 ? $"{Folds}-fold" : $"{Repeats} times {Folds}-fold",
        ResamplingScheme.MonteCarlo => FormattableString.Invariant($"{Folds} draws of {100 * HeldOut:0.#} %"),
        ResamplingScheme.LeaveOneOut => "leave one out",
        _ => $"{Folds} bootstraps",
    };

    private static MedTransferException OutOfRange(string what, double value, string range) =>
        new(FormattableString.Invariant($"The {what} is {value}, but must be {range}.")) { IsUsage = true };
}

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
