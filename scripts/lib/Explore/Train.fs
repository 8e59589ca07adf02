namespace MedTransfer.Recipes

open System
open MedTransfer.Data
open MedTransfer.Models
open MedTransfer.Training
open MedTransfer.Transfer
open MedTransfer.Trials
open MedTransfer.Trials.Artefacts

/// How a trial of the REPL's is trained.
type TrainOptions = {
    /// The CNN, a residual network, or a control; that of `From` where there is one.
    Network: Architecture
    /// Passes over the training images. Heads that train alone, and controls, go to their optimum instead.
    Epochs: int
    /// Adam's step size.
    LearningRate: float
    /// Training images, a stratified sample that the seed draws; None: all.
    Images: int option
    /// The trial that features are taken from; None: they begin at random.
    From: TrialResult option
    /// Whether features stay as they come, and the head alone trains.
    Frozen: bool
    /// Initial weights, order of images, the sample.
    Seed: int
}

/// One training at the prompt.
module Train =

    /// The CNN from scratch, on all images, as recipes train it.
    let defaults: TrainOptions = {
        Network = Architecture.ConvNet
        Epochs = FitOptions().Epochs
        LearningRate = FitOptions().LearningRate
        Images = None
        From = None
        Frozen = false
        Seed = 0
    }

    /// Regression on pixels: what a network should beat.
    let control: TrainOptions = { defaults with Network = Architecture.PixelRegression }

    // a network that takes weights over sees images as large as those they were made on
    let private model (options: TrainOptions) (set: Dataset) =
        match options.From with
        | None -> ModelOptions(Architecture = options.Network)
        | Some parent ->
            let model = parent.Trial.Spec.Model
            let size = (Workplace.dataOf parent).Info.ImageSize

            if isNull model.Input && size <> set.Info.ImageSize then
                model.Seeing(ModelInput(ImageSize = size))
            else
                model

    let private plan (options: TrainOptions) =
        match options.From, options.Frozen || options.Network.IsControl with
        | Some parent, true -> TransferPlan.Frozen parent.Trial.AsOrigin
        | Some parent, false -> TransferPlan.FineTuned parent.Trial.AsOrigin
        | None, true -> TransferPlan.RandomFeatures
        | None, false -> TransferPlan.Scratch

    let private trial (options: TrainOptions) (set: Dataset) =
        let all = Workplace.referenceOf set
        let plan = plan options

        let spec =
            TrialSpec(
                Data =
                    (match options.Images with
                     | Some images -> all.Sample(images, int64 options.Seed)
                     | None -> all),
                Model = model options set,
                Transfer = plan,
                Fit =
                    (if plan.TrainsHeadAlone then
                         FitOptions().ToConvergence()
                     else
                         FitOptions(Epochs = options.Epochs, LearningRate = options.LearningRate)),
                Seed = int64 options.Seed
            )

        Trial(spec, spec.Describe())

    /// Trains, showing how far it is, and leaves a folder in `runs/`; what was trained so before is read.
    let run (options: TrainOptions) (set: Dataset) : TrialResult =
        let trial = trial options set
        Folder.assertWritableFor "results \"FOLDER\"" (Workplace.runs ())
        let runner = Workplace.trials ()
        let pending = if TrialFolder(Workplace.runs (), trial.Name).IsDone then [] else [ trial ]
        use progress = new Progress(pending, runner.Work, 1)
        let results = runner.Run([ trial ], Action<_> progress.Show)
        progress.Finish()
        results[0]
