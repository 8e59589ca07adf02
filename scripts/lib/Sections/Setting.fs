/// What a report opens and ends with: data, method, environment, command.
module MedTransfer.Recipes.Sections.Setting

open System
open MedTransfer.Data
open MedTransfer.Models
open MedTransfer.Training
open MedTransfer.Trials
open MedTransfer.Recipes
open MedTransfer.Recipes.Report

let private splits = [ SplitName.Train; SplitName.Validation; SplitName.Test ]

let private counts (data: Dataset) split =
    let named = Seq.zip data.Info.LabelNames (data.LabelCounts split) |> Seq.map (fun (name, n) -> $"{name} {n}")

    let patients =
        data[split].Groups
        |> Option.ofObj
        |> Option.map (fun groups -> $"; {groups |> Seq.distinct |> Seq.length} patients")

    let labels = String.concat ", " named
    $"{data[split].Count} ({labels}{Option.defaultValue String.Empty patients})"

/// Counts of both sets, and a few training images of each class.
let data (lab: Lab) =
    let sets = [ "source", lab.Source; "target", lab.Target ]
    let loaded = [ for role, set in sets -> role, set, lab.Load set.All ]

    [
        Heading "Data"
        WordTable(
            "data",
            "Images of each split, and how many of each class or with each finding.",
            Table.ofRows [ "set"; "train"; "validation"; "test"; "file"; "MD5" ] [
                for role, set, data in loaded ->
                    role,
                    [
                        $"{set.Name}, {data.Info.ImageSize} x {data.Info.ImageSize}"
                        for split in splits do
                            counts data split
                        set.File.Path
                        set.File.Md5
                    ]
            ]
        )
        for _, set, data in loaded do
            Pictures($"{set.Name}: training images, eight of each class or finding.", Samples.ofEachClass 8 data)
    ]

let private fitText (fit: FitOptions) =
    match fit.Solver with
    | Solver.Convex ->
        $"head alone by L-BFGS to convergence on standardised embeddings, mean loss + |W|^2 / (2 C n) with C = {fit.InversePenalty}"
    | _ ->
        let kept =
            if fit.Keep = KeptEpoch.Best then
                "the epoch of the best validation AUC"
            else
                "the last epoch"

        $"Adam, learning rate {fit.LearningRate}, batch {fit.BatchSize}, {fit.Epochs} epochs, {kept} kept"

let private modelText (model: ModelOptions) =
    match model.Architecture with
    | Architecture.ConvNet -> $"CNN of three 3 x 3 convolutions (16, 32, 64), latent {model.Latent}"
    | Architecture.PixelRegression -> "linear on the pixels"
    | Architecture.MeanBrightness -> "linear on the mean of the pixels"
    | Architecture.Autoencoder ->
        $"autoencoder: encoder of three 3 x 3 convolutions (16, 32, 64), latent {model.Latent}, decoder of three transposed 4 x 4 convolutions"
    | _ -> "bias alone"

let private planText (plan: TransferPlan) =
    let trained = String.concat " and " plan.Trained

    let origin =
        if isNull plan.Parent then
            "initial weights at random"
        else
            "features from the pretraining of the same seed"

    $"{origin}; {trained} trained"

/// What each way does, generated from the specs that were run.
let method (results: Results) =
    let first = results.Outcomes |> List.distinctBy _.Way.Name

    let row name (spec: TrialSpec) = name, [ modelText spec.Model; planText spec.Transfer; fitText spec.Fit ]

    [
        Heading "Method"
        WordTable(
            "method",
            "Every way, from the specs that were run. Pixels are scaled to [-1, 1]; losses are softmax cross-entropy over classes and sigmoid cross-entropy over findings; a seed decides initial weights, order of images and the stratified sample. The test split is read once, after training.",
            Table.ofRows [ "model"; "weights"; "training" ] [
                row "pretraining" results.Pretraining.Head.Trial.Spec
                for outcome in first do
                    row outcome.Way.Name outcome.Way.Trial.Spec
            ]
        )
    ]

/// Where it ran, and the command that runs it again.
let environment (lab: Lab) (results: Results) =
    let where = results.Outcomes.Head.Result.Environment

    [
        Heading "Environment"
        Text
            $"MedTransfer {where.MedTransfer}, TorchSharp {where.TorchSharp}, {where.Runtime} on {where.System}; {where.Device}, compute threads: {where.Threads}. Times are wall times of the optimisation on this machine and vary with what else it does."
        Text $"Command: {lab.Command}"
    ]
