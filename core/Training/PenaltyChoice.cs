using System.Text.Json.Serialization;

namespace MedTransfer.Training;

/// <summary>
/// How the C of a logistic regression is chosen: by cross-validation on the training images' embeddings, which no network passes again. The
/// folds are stratified and never cut a patient; they are drawn alike for every training, so that a head does not depend on the training's seed.
/// </summary>
public sealed record PenaltyChoice
{
    /// <summary>The values of C that are tried (<see cref="FitOptions.InversePenalty"/>): at least two, above 0, ascending; default .0001 to 10, two a decade. They are tried in this order, until two in a row lose clearly.</summary>
    public IReadOnlyList<double> InversePenalties { get; init; } = [1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

    /// <summary>Number of folds, at least 2; default 5. As many as there are images (patients, where they are known) where those are fewer.</summary>
    public int Folds { get; init; } = 5;

    internal PenaltyChoice Checked() =>
        InversePenalties.Count < 2 ? throw FitOptions.OutOfRange("number of inverse penalties to choose from", InversePenalties.Count, "at least 2")
        : InversePenalties.FirstOrDefault(tried => tried is not (> 0 and < double.PositiveInfinity), 1) is var bad and not 1 ? throw FitOptions.OutOfRange("inverse penalty", bad, "above 0")
        : !InversePenalties.Zip(InversePenalties.Skip(1)).All(pair => pair.First < pair.Second)
            ? throw new MedTransferException("The inverse penalties to choose from must ascend.") { IsUsage = true }
        : Folds < 2 ? throw FitOptions.OutOfRange("number of folds that choose a penalty", Folds, "at least 2")
        : this;
}

/// <summary>Which C a logistic regression was trained with, where it was chosen.</summary>
/// <param name="InversePenalty">That of the strongest penalty whose held-out loss is within one standard error of the lowest; the strongest tried where there are no folds.</param>
/// <param name="Folds">Folds that held out images; 0 where none can be made, as each class has one image (or patient).</param>
/// <param name="Tried">Every value tried, from the strongest penalty; none that is weaker once two in a row had lost clearly.</param>
public sealed record ChosenPenalty(double InversePenalty, int Folds, IReadOnlyList<TriedPenalty> Tried)
{
    /// <summary>Whether folds chose the smallest C of those tried: a smaller one might be better.</summary>
    [JsonIgnore]
    public bool IsStrongest => Folds > 0 && InversePenalty == Tried[0].InversePenalty;

    /// <summary>Whether folds chose the largest C of those tried: a larger one might be better.</summary>
    [JsonIgnore]
    public bool IsWeakest => Folds > 0 && InversePenalty == Tried[^1].InversePenalty;
}

/// <summary>A C and what came of it.</summary>
/// <param name="HeldOutLoss">The task's loss of the images held out, with the weights of the fit's loss; mean over folds. Null without folds.</param>
/// <param name="StandardError">Of that mean: the deviation between folds over the root of their number. Null below two folds.</param>
public sealed record TriedPenalty(double InversePenalty, double? HeldOutLoss, double? StandardError);
