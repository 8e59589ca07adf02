using System.Text.Json.Serialization;
using MedTransfer.Evaluation;
using MedTransfer.Training.Schedules;

namespace MedTransfer.Training;

/// <summary>How a model is trained.</summary>
public sealed record FitOptions
{
    /// <summary>Default Adam.</summary>
    public Solver Solver { get; init; } = Solver.Adam;

    /// <summary>Passes over the training images, at least 1; default 20. Not used by logistic regression.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>
    /// Images a step, at least 1; default 64. The last batch of an epoch may be smaller; where batch norm learns means and variances from its
    /// batch, a single image that is left joins the batch before, and 1 is refused.
    /// </summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Adam's step size, the largest one of a schedule; above 0; default 0.001.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How the step size changes; null, the default, keeps it.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>
    /// Before each step every weight that trains, biases too, shrinks by this times the step size: AdamW (Loshchilov and Hutter 2019).
    /// 0 or above; default 0.
    /// </summary>
    public double WeightDecay { get; init; }

    /// <summary>Ends the training early and keeps the best epoch; null, the default, trains all epochs.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Default the last epoch. Early stopping always keeps the best one.</summary>
    public KeptEpoch Keep { get; init; } = KeptEpoch.Last;

    /// <summary>The metric that the best epoch is told by, of those that the objective reports (<see cref="Metric"/>); default the ROC AUC. Early stopping goes by its own score.</summary>
    public string KeptBy { get; init; } = Metric.RocAuc;

    /// <summary>Only every so many epochs, and the last, are candidates for the best; at least 1, the default.</summary>
    public int CheckpointEvery { get; init; } = 1;

    /// <summary>Random changes of the training images; default null, none.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>What is done about classes of unequal size; default nothing.</summary>
    public ClassBalance Balance { get; init; } = ClassBalance.None;

    /// <summary>
    /// Whether the images pass the layers that stay anew in every epoch, as in a training that knows nothing of freezing: for its time, as
    /// the weights are the same but for rounding. Default no: what comes out of them is computed once, unless augmentation changes the images.
    /// </summary>
    public bool ThroughFrozenLayers { get; init; }

    /// <summary>
    /// Strength C of the data term of logistic regression against its penalty: it minimises the mean loss plus |W|^2 / (2 C n) for n images and
    /// standardised embeddings, the bias free.
    /// Above 0; default 1. Not used where <see cref="PenaltyChoice"/> chooses it.
    /// </summary>
    public double InversePenalty { get; init; } = 1;

    /// <summary>How logistic regression chooses its C on the training images; null, the default, takes <see cref="InversePenalty"/>, but a plan that begins with a head at its optimum chooses it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PenaltyChoice? PenaltyChoice { get; init; }

    /// <summary>
    /// The same for a head alone that goes to its optimum, with a penalty that it chooses: it sees every image once, as it is, so that classes are
    /// weighed where else rare ones would be drawn more often.
    /// </summary>
    public FitOptions ToConvergence() => this with
    {
        Solver = Solver.LogisticRegression,
        PenaltyChoice = PenaltyChoice ?? new(),
        Augmentation = null,
        Balance = Balance == ClassBalance.None ? ClassBalance.None : ClassBalance.Loss,
    };

    /// <summary>The metrics that epochs are told apart by; none where the last is kept.</summary>
    [JsonIgnore]
    public IEnumerable<string> ChosenBy => EarlyStopping is { } stopping ? [stopping.Metric] : Keep == KeptEpoch.Best ? [KeptBy] : [];

    /// <summary>The options, if every one lies in its range.</summary>
    /// <exception cref="MedTransferException">One does not; the message names it.</exception>
    public FitOptions Checked()
    {
        Schedule?.Checked();
        EarlyStopping?.Checked();
        Augmentation?.Checked();
        PenaltyChoice?.Checked();
        return Epochs < 1 ? throw OutOfRange("epochs", Epochs, "at least 1")
            : BatchSize < 1 ? throw OutOfRange("batch size", BatchSize, "at least 1")
            : LearningRate is not (> 0 and <= float.MaxValue) ? throw OutOfRange("learning rate", LearningRate, "above 0")
            : WeightDecay is not (>= 0 and <= float.MaxValue) ? throw OutOfRange("weight decay", WeightDecay, "0 or above")
            : CheckpointEvery < 1 ? throw OutOfRange("number of epochs between checkpoints", CheckpointEvery, "at least 1")
            : InversePenalty is not (> 0 and < double.PositiveInfinity) ? throw OutOfRange("inverse penalty", InversePenalty, "above 0")
            : Solver == Solver.LogisticRegression && Augmentation is not null ? throw OnceOnly("augmentation")
            : Solver == Solver.LogisticRegression && ThroughFrozenLayers ? throw OnceOnly("passes through frozen layers")
            : Solver == Solver.LogisticRegression && Balance == ClassBalance.Sampling ? throw OnceOnly("balance by sampling")
            : this;
    }

    private static MedTransferException OnceOnly(string what) =>
        new($"Logistic regression sees every image once, as it is: use it without {what}.") { IsUsage = true };

    internal static MedTransferException OutOfRange(string what, double value, string range) =>
        new(FormattableString.Invariant($"The {what} is {value}, but must be {range}.")) { IsUsage = true };
}

/// <summary>How the trainable weights are found.</summary>
public enum Solver
{
    /// <summary>Mini-batches and Adam (Kingma and Ba 2015), a stated number of epochs.</summary>
    Adam,

    /// <summary>The head alone, on embeddings computed once, to the one minimum of its penalised convex loss.</summary>
    LogisticRegression,
}

/// <summary>Which epoch's weights a training ends with.</summary>
public enum KeptEpoch
{
    /// <summary>The last one's: nothing is chosen.</summary>
    Last,

    /// <summary>Those of the best score on the validation split, the earliest of equals; see <see cref="FitOptions.KeptBy"/>.</summary>
    Best,
}

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
