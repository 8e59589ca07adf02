namespace MedTransfer.Recipes

open System
open Deedle
open MedTransfer
open MedTransfer.Data
open MedTransfer.Evaluation
open MedTransfer.Trials
open MedTransfer.Trials.Artefacts

/// What a trial left, as frames.
type TrialFrames = {
    /// A row an epoch: step size, losses, scores of validation.
    History: Frame<int, string>
    /// A row a split: how many images, loss and scores.
    Metrics: Frame<string, string>
    /// A row an image of every split, by split and index in its file: label and a probability a class or finding.
    Predictions: Frame<string, string>
}

module TrialFrames =

    // a column of what there is; of nothing at all, an empty one
    let private column name (rows: ('K * float option) list) =
        name
        =?> series [
            for key, value in rows do
                match value with
                | Some value -> key => value
                | None -> ()
        ]

    let private history (result: TrialResult) : Frame<int, string> =
        let column name (pick: Training.EpochRecord -> Nullable<float>) =
            column name [ for epoch in result.History -> epoch.Epoch, Option.ofNullable (pick epoch) ]

        frame [
            column "learning rate" _.LearningRate
            column "train loss" (fun epoch -> Nullable epoch.TrainLoss)
            column "validation loss" _.ValidationLoss
            for metric in result.History |> Seq.collect _.Validation.Names |> Seq.distinct do
                column $"validation {Metric.InWords metric}" (fun epoch -> epoch.Validation[metric])
            for metric in result.History |> Seq.collect _.Training.Names |> Seq.distinct do
                column $"train {Metric.InWords metric}" (fun epoch -> epoch.Training[metric])
        ]

    let private metrics (result: TrialResult) : Frame<string, string> =
        let splits = [
            for split in SplitNames.All do
                match result.Metrics[split] with
                | null -> ()
                | measured -> split.Text(), measured
        ]

        frame [
            "images" =?> series [ for split, measured in splits -> split => measured.Scores.Images ]
            column "loss" [ for split, measured in splits -> split, Some measured.Loss ]
            for metric in result.Metrics.Train.Scores.Values.Names do
                column (Metric.InWords metric) [
                    for split, measured in splits -> split, Option.ofNullable measured.Scores.Values[metric]
                ]
        ]

    /// What is said of images by their keys: columns in words, then a probability of each class or finding by its name, where any are predicted.
    let ofImages (name: int -> string) (keys: string list) (words: (string * string list) list) (probabilities: float32[] list) =
        let outputs = probabilities |> List.tryHead |> Option.map _.Length |> Option.defaultValue 0

        frame [
            for heading, cells in words do
                heading =?> series (List.zip keys cells)
            for output in 0 .. outputs - 1 do
                $"p {name output}" =?> series [ for key, row in List.zip keys probabilities -> key => float row[output] ]
        ]

    let private labelText (name: int -> string) (labels: Labels) image =
        if labels.Columns = 1 then
            name (int labels[image, 0])
        else
            [ 0 .. labels.Columns - 1 ]
            |> List.filter (fun finding -> labels[image, finding] = 1uy)
            |> List.map name
            |> String.concat ", "

    let private predictions (name: int -> string) (result: TrialResult) : Frame<string, string> =
        let images = [
            for split in SplitNames.All do
                if not (isNull result.Metrics[split]) then
                    let said = result.Predictions split

                    for row in 0 .. said.Labels.Count - 1 do
                        let index = said.FileIndices |> Option.ofObj |> Option.map (fun indices -> indices[row])
                        $"{split.Text()} {defaultArg index row}", labelText name said.Labels row, said.Probabilities[row, *]
        ]

        let keys, labels, probabilities = List.unzip3 images
        ofImages name keys [ "label", labels ] probabilities

    // numbers where the data has gone or changed
    let private labelName (result: TrialResult) : int -> string =
        try
            let names = (Workplace.dataOf result).Info.LabelNames
            fun label -> names[label]
        with :? MedTransferException ->
            fun label -> $"class {label}"

    /// The frames of a finished trial.
    let ofTrial (result: TrialResult) : TrialFrames = {
        History = history result
        Metrics = metrics result
        Predictions = predictions (labelName result) result
    }

    /// What each is, and its rows and columns.
    let text (frames: TrialFrames) : string =
        String.concat "\n" [
            $"History: a row an epoch, {frames.History.RowCount} x {frames.History.ColumnCount}"
            $"Metrics: a row a split, {frames.Metrics.RowCount} x {frames.Metrics.ColumnCount}"
            $"Predictions: a row an image, {frames.Predictions.RowCount} x {frames.Predictions.ColumnCount}"
        ]
