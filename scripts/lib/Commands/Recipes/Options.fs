namespace MedTransfer.Recipes

open System
open MedTransfer.Data.Checks
open MedTransfer.Data.Import
open MedTransfer.Data.Phantoms
open MedTransfer.Models
open MedTransfer.Models.Onnx
open MedTransfer.Data.Resampling
open MedTransfer.Training
open MedTransfer.Training.Schedules
open MedTransfer.Transfer
open MedTransfer.Trials.Execution.Slurm

/// How much of the target's training split a trial learns from.
type TargetSize =
    /// A stratified sample of that many images.
    | Images of int
    /// Every image.
    | AllImages

    override size.ToString() =
        match size with
        | Images n -> string n
        | AllImages -> "all"

/// How the options of each way are chosen before it is run.
type Search =
    /// Every combination of the values tried.
    | Grid
    /// That many combinations drawn at random.
    | Draws of int

/// Where trials are run.
type Engine =
    | ThisMachine
    /// A cluster, and whether the recipe is left once they are submitted.
    | Slurm of asked: SlurmOptions * detaches: bool

/// What the command line asks of a recipe, every default filled in but those that depend on the data.
type Options = {
    /// None: the recipe's default.
    Source: string option
    /// Where several are compared, all of them, in place of one; or those besides it.
    Sources: string list
    /// A file of weights to transfer, in place of a source.
    Weights: string option
    /// An ONNX file whose encoder is transferred, in place of a source.
    Encoder: string option
    /// Which of its outputs is the embedding.
    Output: string option
    /// What becomes of several tokens an image.
    Tokens: TokenPooling
    /// Pixels a side that networks are given; None: as the set has them, and a backbone's own.
    ImageSize: int option
    /// How a backbone's pixels are scaled; None: its own.
    Normalisation: PixelScale option
    Target: string option
    TargetSizes: TargetSize list option
    DataFolder: string option
    /// What uncertain labels (-1) are read as, 0 or 1; None: they are an error.
    UncertainAs: int option
    /// Of the target's two classes the positive one, by name or number. None: the disease where it is known, else class 1.
    Positive: string option
    Epochs: int
    PretrainingEpochs: int
    /// Images a step; None: what each training has of its own.
    BatchSize: int option
    /// Adam's step size; None: what each training has of its own.
    LearningRate: float option
    /// How it changes over a training on the target; None: it stays.
    Schedule: LearningRateSchedule option
    /// AdamW's, of trainings on the target.
    WeightDecay: float
    /// Whether the target's training images change at random.
    Augment: bool
    /// What trainings on the target do about classes of unequal size.
    Balance: ClassBalance
    /// Ways of transfer; None: the recipe's.
    Ways: NamedWay list option
    /// Whether batch norms of what is transferred keep the source's means and variances.
    KeepStatistics: bool
    Keep: KeptEpoch
    Patience: int
    /// Of cross-validation and tuning; 0: no cross-validation.
    Folds: int
    Tuning: Search option
    /// How training images are cut for tuning.
    Resampling: ResamplingScheme
    /// Also estimate by nested cross-validation how good tuning and then training is.
    Nested: bool
    /// Sensitivity wanted of the operating point.
    Sensitivity: float
    /// None: the experiment's, fewer on phantoms.
    Seeds: int option
    /// Samples that every seed is trained on; None: each seed has one of its own.
    Draws: int option
    /// The difference of two test scores that would not matter.
    Margin: float
    Device: string
    /// Trials that run at a time; of a cluster without a number as many as it has room for, the largest there is.
    Workers: int
    /// Compute threads of each.
    Threads: int
    Engine: Engine
    /// The words themselves, to be given again.
    Words: string list
    Out: string
    /// Time that all may take; None: as much as it takes.
    Budget: TimeSpan option
    /// Shares of train, validation and test in folders of images that give no splits; None: none are made.
    Shares: SplitShares option
    /// Leaks that are gone past.
    Allowed: LeakKind list
    /// Whether pictures of sets that nobody published enter the page.
    IncludesImages: bool
    /// Whether tables are printed too.
    Tables: bool
    Offline: bool
    Smoke: bool
    Verbose: bool
} with

    /// Of the ways those that are plans; None: the recipe's.
    member options.Plans: NamedPlan list option =
        options.Ways
        |> Option.map (
            List.choose (function
                | NamedWay.Plan plan -> Some plan
                | NamedWay.Kind _ -> None)
        )

    /// Of the ways those that are kinds of transfer besides.
    member options.Kinds: Kind list =
        options.Ways
        |> Option.defaultValue []
        |> List.choose (function
            | NamedWay.Kind kind -> Some kind
            | NamedWay.Plan _ -> None)
