/// One or a few lines about each of our types: beside a trial that runs, and in the REPL.
module MedTransfer.Recipes.Describe

open System
open MedTransfer.Data
open MedTransfer.Reduction
open MedTransfer.Trials

let info (info: DatasetInfo) =
    let task = if info.Task.HasValue then string info.Task.Value else "no labels"
    $"{info.Name}: {task}, {info.ImageSize} x {info.ImageSize}, {info.Channels} channel(s)"

let split (split: Split) =
    let struct (channels, height, width) = split.Source.Shape
    $"{split.Count} images of {height} x {width}, {channels} channel(s)"

let dataset (data: Dataset) =
    let count (split: SplitName) =
        let counts = data.LabelCounts split
        let named = Seq.zip data.Info.LabelNames counts |> Seq.map (fun (name, n) -> $"{name} {n}") |> String.concat ", "
        $"  {split.Text()}: {data[split].Count} images ({named})"

    String.concat "\n" [
        info data.Info
        for split in [ SplitName.Train; SplitName.Validation; SplitName.Test ] do
            count split
    ]

/// The name of the data, which of phantoms says that they are.
let dataOf (trial: Trial) = IO.Path.GetFileNameWithoutExtension trial.Spec.Target.Path

/// The sample of the training split that a trial learns from; None where it is all of it.
let sampleOf (trial: Trial) : int64 option =
    let data = trial.Spec.Target
    if data.TrainImages.HasValue then Some data.SampleSeed else None

/// What tells a trial from the others of its recipe: its label, images and seed. A control without randomness has one seed for all its samples.
let title (trial: Trial) =
    let images =
        sampleOf trial
        |> Option.map (fun sample -> $"{trial.Spec.Target.TrainImages.Value} images, sample {sample}, ")
        |> Option.defaultValue ""

    $"{trial.Label}, {images}seed {trial.Spec.Seed}"

let trial (trial: Trial) = $"trial {trial.Name}: {title trial}, on {dataOf trial}"

let result (result: TrialResult) =
    let left =
        match List.ofSeq result.Metrics.NotTransferred with
        | [] -> ""
        | layers -> $"""; not transferred: {String.concat "; " layers}"""

    let adapted =
        match Option.ofObj result.Metrics.Adapted with
        | Some clauses -> $"""; transferred with {String.concat "; " clauses}"""
        | None -> ""

    let measured =
        match Option.ofObj result.Metrics.Test with
        | None -> "for use, not tested itself"
        | Some test ->
            match Option.ofObj test.Fidelity with
            | Some fidelity -> $"test MSE {fidelity.Mse:F4}, SSIM {fidelity.Ssim:F3}"
            | None when result.Metrics.Task.HasValue ->
                let auc =
                    if test.Scores.RocAuc.HasValue then
                        $", ROC AUC {test.Scores.RocAuc.Value:F3}"
                    else
                        ""

                $"test ACC {test.Scores.Accuracy:F3}{auc}"
            | None ->
                let collapsed = if result.Metrics.Collapsed.HasValue then ", embeddings collapsed" else ""
                $"test loss {test.Loss:F4}{collapsed}"

    $"{trial result.Trial}: {measured}{adapted}{left}"

let matrix (values: float32[,]) = $"float32 matrix of {Array2D.length1 values} x {Array2D.length2 values}"

let map (fitted: IFittedMap) =
    $"map of {Array2D.length1 fitted.Embedding} points in {Array2D.length2 fitted.Embedding} dimensions"
