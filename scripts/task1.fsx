(** What does a small CNN make of 300 images, what does smart training change, and is an autoencoder's encoder worth transferring?

    dotnet fsi scripts/task1.fsx
    dotnet fsi scripts/task1.fsx -- --help

    The study reports, for one seed, train and test accuracies of .997 and .58 without transfer, .784 and .594 with the encoder. *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

open MedTransfer.Evaluation.Classification
open MedTransfer.Models
open MedTransfer.Training
open MedTransfer.Transfer
open MedTransfer.Trials
open MedTransfer.Recipes
open MedTransfer.Recipes.Sections

let question =
    "What does a small CNN make of few images, which kind of training keeps it from learning them by heart, and does an encoder that was trained without labels help?"

let study =
    Map.empty
    |> Map.add "no transfer" ({ Train = 0.997; Test = 0.58 }: Table.Study)
    |> Map.add "encoder, frozen" { Train = 0.784; Test = 0.594 }
    |> Map.add "encoder, fine-tuned" { Train = 0.784; Test = 0.594 }

// whose embeddings are mapped, and what they show
let embeddings = [
    "pixel regression", "raw pixels"
    "no transfer", "no transfer"
    "encoder, frozen", "autoencoder"
    "encoder, fine-tuned", "fine-tuned"
]

Recipe.main Experiment.task1 fsi.CommandLineArgs (fun lab ->
    // beside the study's own set alone, and what stands in for it
    let study = if lab.ShowsStudy then study else Map.empty
    let epochs = lab.Options.Epochs
    let plain = lab.Epochs epochs
    let stopping = EarlyStopping(Patience = lab.Options.Patience)
    let autoencoder = lab.Autoencoder("autoencoder", lab.Source.All)

    // the CNN without transfer, and what it is read against
    let basics size (draw, seed) =
        let images = lab.Target.Sample(size, draw)
        // a control's result does not depend on a seed: one trial serves all
        let control name architecture =
            Way.control name size seed (lab.Trial(name, images, TransferPlan.RandomFeatures, lab.Plainly, 0, architecture))

        [
            control "majority class" Architecture.MajorityClass
            control "mean brightness" Architecture.MeanBrightness
            control "pixel regression" Architecture.PixelRegression
            Way.trained "no transfer" size seed (lab.Trial("no transfer", images, TransferPlan.Scratch, plain, seed))
        ]

    let withFolds = [ "cross-validation"; "all combined" ]
    let leftOut = lab.LeftOutWithoutFolds(lab.MainSize, withFolds)

    let smart size (draw, seed) =
        let images = lab.Target.Sample(size, draw)
        let on (data: DataReference) dropout fit name = lab.Trial(name, data, TransferPlan.Scratch, fit, seed, dropout = dropout)
        let way name trial = Way.trained name size seed (trial name)
        let folds name trial = Way.ensemble name size seed (lab.CrossValidated(name, images, seed, trial name))
        let everything = lab.Epochs(Experiment.longer * epochs, stopping, Augmentation())

        [
            way "early stopping" (on images 0.0 (lab.Epochs(Experiment.longer * epochs, stopping)))
            way "dropout" (on images 0.5 plain)
            way "augmentation" (on images 0.0 (lab.Epochs(epochs, augmentation = Augmentation())))
            way "checkpoints" (on images 0.0 (lab.Epochs(epochs, checkpointEvery = 5)))
            if leftOut.IsEmpty then
                folds withFolds[0] (fun name fold -> on fold 0.0 plain name)
                folds withFolds[1] (fun name fold -> on fold 0.5 everything name)
        ]

    let transferred size (draw, seed) =
        let images = lab.Target.Sample(size, draw)
        let way name plan fit = Way.trained name size seed (lab.Trial(name, images, plan, fit, seed))

        [
            way "encoder, frozen" (TransferPlan.Frozen autoencoder.AsOrigin) plain
            way "encoder, frozen, logistic regression" (TransferPlan.Frozen autoencoder.AsOrigin) lab.ToConvergence
            way "encoder, fine-tuned" (TransferPlan.FineTuned autoencoder.AsOrigin) plain
        ]

    let size = lab.MainSize
    let first = 0, 0
    let tuned = Tuning.choose lab [ autoencoder ] (basics size first @ smart size first @ transferred size first)

    let each repetitions ways = [
        for repetition in repetitions do
            yield! ways repetition |> List.map (Tuning.apply tuned)
    ]

    let here =
        each (lab.Repetitions size) (fun repetition ->
            basics size repetition @ smart size repetition @ transferred size repetition)

    let curve = [
        for other in lab.Sizes do
            if other <> size then
                yield! each (lab.Repetitions other) (basics other)
    ]

    // what varies the CNN without transfer: seeds on one sample, samples at one seed
    let varied repetitions = each repetitions (basics size >> List.last >> List.singleton)

    let overSeeds, overSamples =
        varied [ for seed in lab.Seeds -> 0, seed ], varied [ for draw in lab.Seeds -> draw, 0 ]

    let results = lab.Run([ autoencoder ], here @ curve @ overSeeds @ overSamples, leftOut)
    let of' ways = results.Outcomes |> Outcomes.ofWays ways
    let outcomes = of' here
    let times = Times.measure lab [] (Outcomes.transfers outcomes) []
    let changes = Trainability.changes lab "encoder, frozen" "encoder, fine-tuned" outcomes

    let opening = PrimaryOpening.ofOutcomes lab question outcomes

    Publication.publish lab "Task 1: few images, smart training, an autoencoder" opening results [
        yield! PrimaryComparison.section lab outcomes
        yield! ImageSets.section lab
        yield! Setting.method lab results
        yield! TuningResults.section lab size tuned
        yield! LowData.tables lab study "no transfer" size outcomes (of' overSeeds) (of' overSamples)
        yield! LowData.learningCurve lab "no transfer" lab.Sizes (of' (here @ curve))
        yield! Decision.section lab lab.Primary.Way outcomes
        yield! SmartTraining.table lab times "no transfer" (smart size first |> List.map _.Name) size outcomes
        yield! SmartTraining.crossValidation "cross-validation" outcomes
        yield! Reconstruction.section lab results.Pretraining.Head
        yield! Reconstruction.transfer lab study times "no transfer" size (transferred size first |> List.map _.Name) outcomes
        yield! Embeddings.maps lab "Figure 1" size embeddings outcomes
        yield! PcaVersusTsne.section lab
        yield! Scores.curves (outcomes |> List.filter _.Parts.IsEmpty)
        yield! Examples.section lab lab.Primary.Way outcomes
        yield!
            Answers.section lab [
                Answers.smartTraining lab "no transfer" (smart size first |> List.map _.Name) outcomes
                Answers.autoencoder lab "no transfer" "encoder, frozen" "encoder, fine-tuned" changes outcomes
            ]
        yield! Setting.environment lab results
    ])
