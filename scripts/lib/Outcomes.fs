/// Figures of outcomes, over seeds and between ways.
module MedTransfer.Recipes.Outcomes

open System
open System.Globalization
open MedTransfer.Data
open MedTransfer.Evaluation.Classification
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Verdicts

/// One figure of an outcome; None where it is not defined.
type Figure = Outcome -> float option

let private scored split (pick: Scores -> Nullable<float>) : Figure =
    fun outcome -> outcome.Result.Metrics.Scores split |> pick |> Option.ofNullable

let private accuracy split = scored split (fun scores -> Nullable scores.Accuracy)
let private test = scored SplitName.Test

let trainAccuracy = accuracy SplitName.Train
let testAccuracy = accuracy SplitName.Test
let trainAuc = scored SplitName.Train _.RocAuc
let validationAuc = scored SplitName.Validation _.RocAuc
let testAuc = test _.RocAuc

/// Of two classes the number of the one that sensitivity and its like are of.
let positiveClass: Figure =
    fun outcome -> (outcome.Result.Metrics.Scores SplitName.Test).PositiveClass |> Option.ofNullable |> Option.map float

/// Train less test accuracy: what was learnt of the images and not of the disease.
let accuracyGap: Figure = fun outcome -> Option.map2 (-) (trainAccuracy outcome) (testAccuracy outcome)

/// Time of the optimisation, of all parts where there are several, beside whatever else ran: no measure of a way, see Times.
let seconds: Figure =
    fun outcome -> outcome.Result :: outcome.Parts |> List.sumBy _.Environment.TrainingSeconds |> Some

/// The scores of Table 3, in its order.
let scores: (string * Figure) list = [
    "train ACC", trainAccuracy
    "test ACC", testAccuracy
    "balanced ACC", test _.BalancedAccuracy
    "sensitivity", test _.Sensitivity
    "specificity", test _.Specificity
    "precision", test _.Precision
    "F1", test _.F1
    "ROC AUC", testAuc
]

/// Ways in the order they were listed, each with its outcomes: one a trial, so that a way without randomness counts once.
let ways (outcomes: Outcome list) =
    outcomes
    |> List.groupBy _.Way.Name
    |> List.map (fun (name, all) -> name, all |> List.distinctBy _.Way.Trial.Name)

/// The outcomes of these ways, in their order; none of those that were left out.
let ofWays (wanted: Way list) (outcomes: Outcome list) = [
    for way in wanted do
        // a trial without randomness serves several seeds: each way keeps its own; a way that was left out has none
        match outcomes |> List.tryFind (fun outcome -> outcome.Way.Trial.Name = way.Trial.Name) with
        | Some outcome -> { outcome with Way = way }
        | None -> ()
]

/// The outcomes of one way.
let ofWay name (outcomes: Outcome list) = outcomes |> List.filter (fun outcome -> outcome.Way.Name = name)

/// The outcomes of one size of the training split.
let ofSize size (outcomes: Outcome list) = outcomes |> List.filter (fun outcome -> outcome.Way.Size = size)

/// The ways that are no controls.
let transfers (outcomes: Outcome list) = outcomes |> List.filter (fun outcome -> not outcome.Way.IsControl)

/// A figure of two ways, seed by seed.
let pairs (figure: Figure) (first: Outcome list) (second: Outcome list) : (float * float) list =
    List.allPairs first second
    |> List.filter (fun (a, b) -> a.Way.Seed = b.Way.Seed)
    |> List.choose (fun (a, b) -> Option.map2 (fun x y -> x, y) (figure a) (figure b))

/// First less second, paired over seeds; None where no seed has both.
let difference (values: (float * float) list) : PairedDifference option =
    if values.IsEmpty then
        None
    else
        Some(PairedDifference.Of(List.map fst values, List.map snd values))

/// Whether the 95 % interval lies above 0, below, or on both sides.
let verdict (compared: PairedDifference option) : Verdict = DifferenceVerdict.Of(Option.toObj compared)

/// A number with so many digits after the point; what rounds to nothing has no sign.
let number (digits: int) (value: float) = (Math.Round(value, digits) + 0.0).ToString($"F{digits}", CultureInfo.InvariantCulture)

/// Mean and standard deviation, as text.
let spread (digits: int) (values: float list) =
    if values.IsEmpty then
        "undefined"
    else
        let summary = Summary.Of values
        let mean = number digits summary.Mean

        if summary.StandardDeviation.HasValue then
            mean + " ± " + number digits summary.StandardDeviation.Value
        else
            mean

/// Mean difference, 95 % interval and p, as text.
let differenceText (digits: int) (compared: PairedDifference option) =
    let zeros = String('0', digits)
    // rounded first, and -0 made 0: what rounds to nothing has no sign
    let signed (value: float) = (Math.Round(value, digits) + 0.0).ToString $"+0.{zeros};-0.{zeros};0.{zeros}"
    let chance (p: float) = if p < 0.001 then "p < 0.001" else $"p = {p:F3}"

    match compared with
    | None -> "undefined"
    | Some compared ->
        match compared.Interval95, Option.ofNullable compared.PValue with
        | null, _
        | _, None when compared.Count = 1 -> $"{signed compared.Mean} (one seed: no interval)"
        | null, _
        | _, None -> $"{signed compared.Mean} (the same for every seed)"
        | interval, Some p -> $"{signed compared.Mean} [{signed interval.Low}, {signed interval.High}], {chance p}"
