/// Figures of outcomes, over seeds and between ways.
module MedTransfer.Recipes.Outcomes

open System
open System.Globalization
open MedTransfer.Evaluation
open MedTransfer.Data
open MedTransfer.Evaluation.Cases
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

let validationAuc: Measure =
    fun outcome ->
        match outcome.Result.Metrics.Validation with
        | null -> None
        | validation -> Option.ofNullable validation.Scores.RocAuc

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

/// A score of the tables: its name there, and the metric that its interval over test images is of, where there is one.
type Score = { Name: string; Of: Measure; Metric: string option }

let private tested name (pick: Scores -> Nullable<float>) metric = { Name = name; Of = test pick; Metric = Some metric }

/// Share of test images that are called right.
let accuracyScore = { Name = "test ACC"; Of = testAccuracy; Metric = Some Metric.Accuracy }

/// Area under the ROC curve on test.
let aucScore = tested "ROC AUC" _.RocAuc Metric.RocAuc

/// The scores of Table 3, those that ways are compared by first.
let scores: Score list = [
    aucScore
    accuracyScore
    { Name = "train ACC"; Of = trainAccuracy; Metric = None }
    tested "balanced ACC" _.BalancedAccuracy Metric.BalancedAccuracy
    tested "sensitivity" _.Sensitivity Metric.Sensitivity
    tested "specificity" _.Specificity Metric.Specificity
    tested "precision" _.Precision Metric.Precision
    tested "F1" _.F1 Metric.F1
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

/// Trainings of two ways with the same seed and on the same sample.
let paired (first: Outcome list) (second: Outcome list) : (Outcome * Outcome) list =
    List.allPairs first second
    |> List.filter (fun (a, b) -> a.Way.Seed = b.Way.Seed && Way.draw a.Way = Way.draw b.Way)

/// A pair's two figures, and which pair it is; None where one has none.
type Pair = { Seed: int; Draw: int; Values: (float * float) option }

/// A metric of two ways, training by training.
let pairs (metric: Measure) (first: Outcome list) (second: Outcome list) : Pair list = [
    for a, b in paired first second ->
        { Seed = a.Way.Seed; Draw = Way.draw a.Way; Values = Option.map2 (fun x y -> x, y) (metric a) (metric b) }
]

/// Two figures compared over so many seeds, on the images at hand; their difference is of those for which both are defined, None where there is none.
type Compared = { Difference: PairedDifference option; Seeds: int }

/// First less second, paired over seeds.
let difference (values: Pair list) : Compared =
    let defined = [
        for pair in values do
            match pair.Values with
            | Some(first, second) -> struct (pair.Seed, pair.Draw, first, second)
            | None -> ()
    ]

    {
        Difference = if defined.IsEmpty then None else Some(PairedDifference.Of(ResizeArray defined))
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

/// An interval of scores as text.
let rangeText digits (interval: Interval) = $"[{number digits interval.Low}, {number digits interval.High}]"

/// The score of one training with what patients vary; None where it is undefined.
let caseScore metric (outcome: Outcome) : CaseScore option = outcome.Result.TestScore(metric, outcome.Patients) |> Option.ofObj

/// A way's mean score with its interval: of a single training it covers the test images alone, of several their seeds too.
let private estimate metric (outcomes: Outcome list) : ScoreEstimate option =
    match outcomes |> List.map (fun outcome -> outcome, caseScore metric outcome) with
    | [ _, Some score ] -> Some(ScoreEstimate.OfModel score)
    | all ->
        match
            [
                for outcome, score in all ->
                    score |> Option.map (fun score -> struct (outcome.Way.Seed, Way.draw outcome.Way, score))
            ]
            |> List.choose id
        with
        | [] -> None
        | defined -> Some(ScoreEstimate.OfTrainings(ResizeArray defined))

/// Mean, standard deviation over trainings, and 95 % interval of a score, as text.
let scoreText digits (score: Score) (outcomes: Outcome list) =
    let mean = meanOf digits score.Of outcomes

    match
        score.Metric
        |> Option.bind (fun metric -> estimate metric outcomes)
        |> Option.bind (_.Interval95 >> Option.ofObj)
    with
    | None -> mean
    | Some interval -> $"{mean} {rangeText digits interval}"

/// With its sign, rounded first, so that what rounds to nothing has none.
let signed (digits: int) (value: float) =
    let zeros = String('0', digits)
    (Math.Round(value, digits) + 0.0).ToString $"+0.{zeros};-0.{zeros};0.{zeros}"

/// A p value as text.
let chance (p: float) = if p < 0.001 then "p < 0.001" else $"p = {p:F3}"

/// An interval of differences as text.
let intervalText digits (interval: Interval) = $"[{signed digits interval.Low}, {signed digits interval.High}]"

/// Mean difference, 95 % interval and p over seeds, as text, which says of how many seeds where some have no value.
let differenceText (digits: int) (compared: Compared) =
    match compared.Difference with
    | None -> "undefined"
    | Some difference ->
        let mean = signed digits difference.Mean

        let text =
            match difference.Interval95, Option.ofNullable difference.PValue with
            | null, _
            | _, None when difference.Count = 1 -> $"{mean} (one seed: no interval)"
            | null, _
            | _, None when difference.StandardError.HasValue && difference.StandardError.Value > 0.0 ->
                $"{mean} (two seeds: no interval)"
            | null, _
            | _, None -> $"{mean} (the same for every seed)"
            | interval, Some p -> $"{mean} {intervalText digits interval}, {chance p}"

        text + seedsText difference.Count compared.Seeds
