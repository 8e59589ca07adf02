namespace MedTransfer.Recipes

open MedTransfer.Training

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

/// What the command line asks of a recipe, every default filled in.
type Options = {
    Source: string
    Target: string
    TargetSizes: TargetSize list
    DataFolder: string option
    Epochs: int
    PretrainingEpochs: int
    BatchSize: int
    LearningRate: float
    Keep: KeptEpoch
    Seeds: int
    Device: string
    Out: string
    Offline: bool
    Smoke: bool
    Verbose: bool
}
