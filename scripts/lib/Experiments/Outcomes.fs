/// Figures of outcomes, over seeds and between ways.
module MedTransfer.Recipes.Outcomes

open System
open System.Globalization
open MedTransfer.Evaluation
open MedTransfer.Data
open MedTransfer.Evaluation.Classification
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Intervals
open MedTransfer.Evaluation.Verdicts

/// A number of an outcome; None where it is not defined.
type Measure = Outcome -> float option

let private scored split (pick: Scores -> Nullable<float>) : Measure =
    fun outcome -> outcome.Result.Metrics.Scores split |> pick |> Option.ofNullable

let private accuracy split = scored split (fun scores -> Nullable scores.Accuracy)
let private test = scored SplitName.Test

let trainAccuracy = accuracy SplitName.Train
let testAccuracy = accuracy SplitName.Test
let trainAuc = scored SplitName.Train _.RocAuc
let validationAuc = scored SplitName.Validation _.RocAuc
let testAuc = test _.RocAuc

/// Validation AUC after each epoch.
let validationAucs (outcome: Outcome) = outcome.Result.History |> Seq.map _.Validation[Metric.RocAuc]

/// The same after the last.
let lastValidationAuc: Measure = validationAucs >> Seq.last >> Option.ofNullable

/// Of two classes the number of the one that sensitivity and its like are of.
let positiveClass: Measure =
    fun outcome -> (outcome.Result.Metrics.Scores SplitName.Test).PositiveClass |> Option.ofNullable |> Option.map float

/// Images a trial learned from.
let trainImages (outcome: Outcome) = (outcome.Result.Metrics.Scores SplitName.Train).Images

/// Train less test accuracy: what was learnt of the images and not of the disease.
let accuracyGap: Measure = fun outcome -> Option.map2 (-) (trainAccuracy outcome) (testAccuracy outcome)

/// Time of the optimisation, of all parts where there are several, beside whatever else ran: no measure of a way, see Times.
let seconds: Measure =
    fun outcome -> outcome.Result :: outcome.Parts |> List.sumBy _.Environment.TrainingSeconds |> Some

/// The scores of Table 3, in its order.
let scores: (string * Measure) list = [
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

/// A metric of two ways, seed by seed; None where it is not defined for one of them.
let pairs (metric: Measure) (first: Outcome list) (second: Outcome list) : (float * float) option list =
    List.allPairs first second
    |> List.filter (fun (a, b) -> a.Way.Seed = b.Way.Seed)
    |> List.map (fun (a, b) -> Option.map2 (fun x y -> x, y) (metric a) (metric b))

/// Two ways compared over so many seeds; their difference is of those for which both are defined, None where there is none.
type Compared = { Difference: PairedDifference option; Seeds: int }

/// First less second, paired over seeds.
let difference (values: (float * float) option list) : Compared =
    let defined = List.choose id values

    {
        Difference =
            if defined.IsEmpty then
                None
            else
                Some(PairedDifference.Of(List.map fst defined, List.map snd defined))
        Seeds = values.Length
    }

/// Whether the 95 % interval lies above 0, below, or on both sides.
let verdict (compared: Compared) : Verdict = DifferenceVerdict.Of(Option.toObj compared.Difference)

/// A number with so many digits after the point; what rounds to nothing has no sign.
let number (digits: int) (value: float) = (Math.Round(value, digits) + 0.0).ToString($"F{digits}", CultureInfo.InvariantCulture)

/// What stands behind a number that is not of all seeds: of how many it is.
let seedsText count total = if count < total then $" ({count} of {total} seeds)" else ""

/// Over seeds; None where it is defined for none.
let summary (values: float option list) : Summary option = Summary.OfDefined(values |> Seq.map Option.toNullable) |> Option.ofObj

/// Mean and standard deviation over seeds, as text, which says of how many where some have no value.
let meanText (digits: int) (values: float option list) =
    match summary values with
    | None -> "undefined"
    | Some summary ->
        let deviation =
            if summary.StandardDeviation.HasValue then
                " ± " + number digits summary.StandardDeviation.Value
            else
                ""

        number digits summary.Mean + deviation + seedsText summary.Count summary.Total

/// The same of a metric.
let meanOf digits (metric: Measure) (outcomes: Outcome list) = outcomes |> List.map metric |> meanText digits

/// Mean difference, 95 % interval and p, as text, which says of how many seeds where some have no value.
let differenceText (digits: int) (compared: Compared) =
    let zeros = String('0', digits)
    // rounded first, and -0 made 0: what rounds to nothing has no sign
    let signed (value: float) = (Math.Round(value, digits) + 0.0).ToString $"+0.{zeros};-0.{zeros};0.{zeros}"
    let chance (p: float) = if p < 0.001 then "p < 0.001" else $"p = {p:F3}"

    match compared.Difference with
    | None -> "undefined"
    | Some difference ->
        let text =
            match difference.Interval95, Option.ofNullable difference.PValue with
            | null, _
            | _, None when difference.Count = 1 -> $"{signed difference.Mean} (one seed: no interval)"
            | null, _
            | _, None -> $"{signed difference.Mean} (the same for every seed)"
            | interval, Some p -> $"{signed difference.Mean} [{signed interval.Low}, {signed interval.High}], {chance p}"

        text + seedsText difference.Count compared.Seeds
