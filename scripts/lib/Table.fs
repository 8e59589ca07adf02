/// Results as Deedle frames: a row a way, a figure over seeds in every cell.
module MedTransfer.Recipes.Table

open System
open Deedle
open MedTransfer.Evaluation

/// The study's train and test accuracy of a way.
type Study = { Train: float; Test: float }

/// One figure of an outcome; None where it is not defined.
type Figure = Outcome -> float option

let private test (pick: Scores -> Nullable<float>) : Figure =
    fun outcome -> pick outcome.Result.Metrics.Test.Scores |> Option.ofNullable

/// The scores of Table 3, in its order.
let scores: (string * Figure) list = [
    "train ACC", (fun outcome -> Some outcome.Result.Metrics.Train.Scores.Accuracy)
    "test ACC", (fun outcome -> Some outcome.Result.Metrics.Test.Scores.Accuracy)
    "balanced ACC", test _.BalancedAccuracy
    "sensitivity", test _.Sensitivity
    "specificity", test _.Specificity
    "precision", test _.Precision
    "F1", test _.F1
    "ROC AUC", test _.RocAuc
]

let seconds: Figure = fun outcome -> Some outcome.Result.Environment.TrainingSeconds

/// Ways in the order they were listed, each with its outcomes: one a trial, so that a way without randomness counts once.
let ways (outcomes: Outcome list) =
    outcomes
    |> List.groupBy _.Way.Name
    |> List.map (fun (name, all) -> name, all |> List.distinctBy _.Way.Trial.Name)

/// Mean and standard deviation of a figure, as text.
let spread (digits: int) (values: float list) =
    if values.IsEmpty then
        "undefined"
    else
        let summary = Summary.Of values
        let mean = summary.Mean.ToString $"F{digits}"

        if summary.StandardDeviation.HasValue then
            mean + " ± " + summary.StandardDeviation.Value.ToString $"F{digits}"
        else
            mean

let private weights (outcomes: Outcome list) = outcomes.Head.Result.Metrics.TrainableParameters.ToString "N0"

/// A figure of one way over the same figure of another, seed by seed.
let private ratio (reference: Outcome list) (outcomes: Outcome list) =
    List.allPairs outcomes reference
    |> List.filter (fun (a, b) -> a.Way.Seed = b.Way.Seed)
    |> List.choose (fun (a, b) -> Option.map2 (/) (seconds a) (seconds b))
    |> spread 2

/// Table 3 of one target size: every way and control, with the study's figures beside them.
let byWay (study: Map<string, Study>) (timedAgainst: string) (outcomes: Outcome list) : Frame<string, string> =
    let rows = ways outcomes
    let reference = rows |> List.find (fun (name, _) -> name = timedAgainst) |> snd

    let column name (cell: string -> Outcome list -> string) =
        name => series [ for way, outcomes in rows -> way => cell way outcomes ]

    let published pick way _ = study |> Map.tryFind way |> Option.map (pick >> sprintf "%.3f") |> Option.defaultValue ""

    frame [
        for name, figure in scores do
            column name (fun _ outcomes -> outcomes |> List.choose figure |> spread 3)
        column "trained weights" (fun _ outcomes -> weights outcomes)
        column "training s" (fun _ outcomes -> outcomes |> List.choose seconds |> spread 1)
        column $"time / {timedAgainst}" (fun _ outcomes -> ratio reference outcomes)
        column "study train ACC" (published _.Train)
        column "study test ACC" (published _.Test)
    ]
    |> Frame.indexRowsOrdinally
    |> Frame.indexRowsWith (List.map fst rows)

let private difference (figure: Figure) (reference: Outcome list) (outcomes: Outcome list) =
    let pairs =
        List.allPairs outcomes reference
        |> List.filter (fun (a, b) -> a.Way.Seed = b.Way.Seed)
        |> List.choose (fun (a, b) -> Option.map2 (fun x y -> x, y) (figure a) (figure b))

    let compared = PairedDifference.Of(List.map fst pairs, List.map snd pairs)
    let mean = compared.Mean.ToString "+0.0000;-0.0000"

    match compared.Interval95, Option.ofNullable compared.PValue with
    | null, _
    | _, None when compared.Count = 1 -> $"{mean} (one seed: no interval)"
    | null, _
    | _, None -> $"{mean} (the same for every seed)"
    | interval, Some p ->
        let low, high = interval.Low.ToString "+0.0000;-0.0000", interval.High.ToString "+0.0000;-0.0000"
        $"{mean} [{low}, {high}], p = {p:F3}"

/// Each way less the reference, paired over seeds: mean difference, 95 % interval, and p of the paired t test.
let differences (reference: string) (outcomes: Outcome list) : Frame<string, string> =
    let transfers = outcomes |> List.filter (fun outcome -> not outcome.Way.IsControl) |> ways
    let against = transfers |> List.find (fun (name, _) -> name = reference) |> snd
    let rows = transfers |> List.filter (fun (name, _) -> name <> reference)

    let column name figure = name => series [ for way, outcomes in rows -> way => difference figure against outcomes ]

    frame [
        column $"test ACC less {reference}" (fun outcome -> Some outcome.Result.Metrics.Test.Scores.Accuracy)
        column $"ROC AUC less {reference}" (test _.RocAuc)
    ]

/// One row a trial, for further work.
let trials (outcomes: Outcome list) : Frame<int, string> =
    frame [
        "way" =?> Series.ofValues [ for outcome in outcomes -> outcome.Way.Name ]
        "size" =?> Series.ofValues [ for outcome in outcomes -> string outcome.Way.Size ]
        "seed" =?> Series.ofValues [ for outcome in outcomes -> outcome.Way.Seed ]
        "trial" =?> Series.ofValues [ for outcome in outcomes -> outcome.Way.Trial.Name ]
        for name, figure in scores do
            name =?> Series.ofOptionalObservations [ for i, outcome in List.indexed outcomes -> i => figure outcome ]
        "training s"
        =?> Series.ofOptionalObservations [ for i, outcome in List.indexed outcomes -> i => seconds outcome ]
    ]
