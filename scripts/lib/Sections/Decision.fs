/// Is accuracy the right score? All of them, what validation foretells of test, an operating point, calibration, and what a decision gains.
module MedTransfer.Recipes.Sections.Decision

open System
open MedTransfer.Data
open MedTransfer.Evaluation
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

/// Of one split: the probability of class 1, which images are of it, and both as the scores take them.
type private Predicted = { Probabilities: float32[,]; Labels: byte[,]; Positive: float32[]; IsPositive: bool[] }

let private ofColumns (probabilities: float32[,]) (labels: byte[,]) = {
    Probabilities = probabilities
    Labels = labels
    Positive = probabilities[*, 1]
    IsPositive = labels[*, 0] |> Array.map ((=) 1uy)
}

let private predicted split (outcome: Outcome) =
    let predictions = outcome.Result.Predictions split
    ofColumns predictions.Probabilities predictions.Labels

let private resamples = 1000

/// Test less validation of a score of chosen images, with the interval of drawing both sets of images anew.
let private apart (score: Predicted -> int[] -> Nullable<float>) (validation: Predicted) (test: Predicted) =
    let count (split: Predicted) = split.Positive.Length
    let every split = score split [| 0 .. count split - 1 |]

    let interval =
        BootstrapInterval.OfDifference(
            count test,
            count validation,
            resamples,
            0L,
            Func<_, _>(score test),
            Func<_, _>(score validation)
        )

    match Option.ofNullable (every validation), Option.ofNullable (every test), Option.ofObj interval with
    | Some before, Some after, Some interval -> Some(before, after, interval)
    | _ -> None

let private aucOf (split: Predicted) (images: int[]) =
    RocAuc.Of(
        ReadOnlySpan(Array.map (fun i -> split.Positive[i]) images),
        ReadOnlySpan(Array.map (fun i -> split.IsPositive[i]) images)
    )

let private accuracyOf (split: Predicted) (images: int[]) =
    images
    |> Array.averageBy (fun i -> if (split.Positive[i] > 0.5f) = split.IsPositive[i] then 1.0 else 0.0)
    |> Nullable

let private specificityAbove (threshold: float32) (split: Predicted) (images: int[]) =
    let negatives = images |> Array.filter (fun i -> not split.IsPositive[i])

    if negatives.Length = 0 then
        Nullable()
    else
        negatives |> Array.averageBy (fun i -> if split.Positive[i] < threshold then 1.0 else 0.0) |> Nullable

let private foretells (lab: Lab) name (differences: (float * float * Interval) option) =
    match differences with
    | None -> $"{name}: undefined."
    | Some(before, after, interval) ->
        let reading =
            if not lab.HasVerdicts then "no reading"
            elif interval.High < 0.0 then "validation promises more than test keeps"
            elif interval.Low > 0.0 then "test is easier than validation"
            else "no difference to be told"

        $"{name}: validation {before:F3}, test {after:F3}, difference {after - before:F3} [{interval.Low:F3}, {interval.High:F3}]: {reading}."

let private allScores (outcomes: Outcome list) =
    let figure split (pick: Scores -> Nullable<float>) =
        outcomes |> List.choose (fun outcome -> outcome.Result.Metrics.Scores split |> pick |> Option.ofNullable)

    let row name (pick: Scores -> Nullable<float>) =
        let validation, test = figure SplitName.Validation pick, figure SplitName.Test pick

        let changes =
            outcomes
            |> List.choose (fun outcome ->
                let score (split: SplitName) = outcome.Result.Metrics.Scores split |> pick |> Option.ofNullable
                Option.map2 (-) (score SplitName.Test) (score SplitName.Validation))

        name, [ spread 3 validation; spread 3 test; spread 3 changes ]

    [
        row "ACC" (fun scores -> Nullable scores.Accuracy)
        row "balanced ACC" _.BalancedAccuracy
        row "sensitivity" _.Sensitivity
        row "specificity" _.Specificity
        row "precision" _.Precision
        row "F1" _.F1
        row "MCC" _.Mcc
        row "ROC AUC" _.RocAuc
        row "average precision" _.AveragePrecision
        row "Brier score" (fun scores -> Nullable scores.BrierScore)
    ]

/// Chosen on validation alone, applied to test once.
let private operatingPoint wanted (outcomes: Outcome list) =
    let each = [
        for outcome in outcomes do
            let validation, test = predicted SplitName.Validation outcome, predicted SplitName.Test outcome

            if Array.contains true validation.IsPositive then
                let point =
                    OperatingPoint.AtSensitivity(ReadOnlySpan validation.Positive, ReadOnlySpan validation.IsPositive, wanted)

                point, point.Apply(ReadOnlySpan test.Positive, ReadOnlySpan test.IsPositive)
    ]

    let column (pick: OperatingPoint * BinaryCounts -> Nullable<float>) =
        each |> List.choose (pick >> Option.ofNullable) |> spread 3

    [
        "threshold", [ column (fun (point, _) -> Nullable(float point.Threshold)); "the same" ]
        "sensitivity", [ column (fun (point, _) -> point.Counts.Sensitivity); column (fun (_, test) -> test.Sensitivity) ]
        "specificity", [ column (fun (point, _) -> point.Counts.Specificity); column (fun (_, test) -> test.Specificity) ]
        "precision", [ column (fun (point, _) -> point.Counts.Precision); column (fun (_, test) -> test.Precision) ]
    ]

/// The predictions of a split as they are, and with the temperature that fits validation.
let private tempered (outcome: Outcome) =
    let validation, test = predicted SplitName.Validation outcome, predicted SplitName.Test outcome

    match TemperatureScaling.Fit(validation.Probabilities, validation.Labels) with
    | null -> test, None
    | scaling -> test, Some(scaling.Temperature, ofColumns (scaling.Apply test.Probabilities) test.Labels)

let private reliability (split: Predicted) = Reliability.Of(ReadOnlySpan split.Positive, ReadOnlySpan split.IsPositive)

let private calibration (outcomes: Outcome list) =
    let each = outcomes |> List.map tempered
    let raw, scaled = each |> List.map fst, each |> List.choose (snd >> Option.map snd)

    let line name (splits: Predicted list) =
        let recalibrated =
            splits
            |> List.map (fun split -> LogisticRecalibration.Of(ReadOnlySpan split.Positive, ReadOnlySpan split.IsPositive))

        let column (pick: LogisticRecalibration -> Nullable<float>) =
            recalibrated |> List.choose (pick >> Option.ofNullable) |> spread 2

        name,
        [
            splits |> List.map (fun split -> (reliability split).ExpectedCalibrationError) |> spread 3
            column _.Slope
            column _.Intercept
            column _.InTheLarge
        ]

    let temperatures = each |> List.choose (snd >> Option.map fst)
    [ line "as trained" raw; line "temperature fitted on validation" scaled ], spread 2 temperatures

let private curves (outcome: Outcome) =
    let raw, scaled = tempered outcome

    let bins (split: Predicted) = [
        for bin in (reliability split).Bins do
            if bin.MeanPredicted.HasValue && bin.ObservedShare.HasValue then
                bin.MeanPredicted.Value, bin.ObservedShare.Value
    ]

    let benefit = DecisionCurve.Of(ReadOnlySpan raw.Positive, ReadOnlySpan raw.IsPositive) |> List.ofSeq

    [
        Figures.lines "Reliability, test" "predicted probability" "observed share" [
            "ideal", [ 0.0, 0.0; 1.0, 1.0 ]
            "as trained", bins raw
            match scaled with
            | Some(_, scaled) -> "temperature", bins scaled
            | None -> ()
        ]
        Figures.lines "Decision curve, test" "threshold probability" "net benefit" [
            "model", [ for point in benefit -> point.Threshold, point.Model ]
            "treat all",
            [
                for point in benefit do
                    if point.TreatAll > -0.1 then
                        point.Threshold, point.TreatAll
            ]
            "treat none", [ 0.01, DecisionCurve.TreatNone; 0.99, DecisionCurve.TreatNone ]
        ]
    ]

let private prevalence (data: Dataset) =
    let share split =
        let counts = data.LabelCounts split
        let images = float data[split].Count

        [ for name, count in Seq.zip data.Info.LabelNames counts -> $"{name} {float count / images:F3}" ]
        |> String.concat ", "

    [
        for split in [ SplitName.Train; SplitName.Validation; SplitName.Test ] -> Maps.splitText split, [ share split ]
    ]

let private ofTwoClasses (lab: Lab) way (outcomes: Outcome list) =
    let first = outcomes.Head
    let validation, test = predicted SplitName.Validation first, predicted SplitName.Test first
    let rows, temperature = calibration outcomes

    let threshold =
        if Array.contains true validation.IsPositive then
            OperatingPoint
                .AtSensitivity(ReadOnlySpan validation.Positive, ReadOnlySpan validation.IsPositive, lab.Options.Sensitivity)
                .Threshold
        else
            0.5f

    [
        Text(
            String.concat " " [
                $"Does validation represent test? First seed, 95 %% intervals of drawing both sets of images anew ({resamples} times):"
                foretells lab "ROC AUC" (apart aucOf validation test)
                foretells lab "ACC" (apart accuracyOf validation test)
                foretells
                    lab
                    $"Specificity at validation's threshold for a sensitivity of {lab.Options.Sensitivity}"
                    (apart (specificityAbove threshold) validation test)
            ]
        )
        Table(
            "operating-point",
            $"{way}: the threshold that reaches a sensitivity of {lab.Options.Sensitivity} on validation, applied to test once; {Wording.seeds outcomes}.",
            Table.ofRows [ "validation"; "test" ] (operatingPoint lab.Options.Sensitivity outcomes)
        )
        Table(
            "calibration",
            $"{way}: calibration on test, {Wording.seeds outcomes}. Expected calibration error (ten bins, 0 is best); slope (1) and intercept (0) of a logistic recalibration; calibration in the large (0). Temperature, fitted on validation: {temperature}.",
            Table.ofRows [ "ECE"; "slope"; "intercept"; "in the large" ] rows
        )
        Text
            $"Thresholds and temperature are fitted on validation: this takes {validation.Positive.Length} labelled images besides those of training."
        Charts($"{way}, first seed: are its probabilities to be believed, and is acting on them worth it?", curves first)
    ]

/// Everything but accuracy of one way.
let section (lab: Lab) way (outcomes: Outcome list) =
    let own = outcomes |> ofWay way
    let data = lab.Load lab.Target.All

    [
        Heading "Is accuracy the right score?"
        WordTable(
            "prevalence",
            "Share of the images in each class or with each finding: what an accuracy has to be read against.",
            Table.ofRows [ "share" ] (prevalence data)
        )
        Table(
            "all-scores",
            $"{way}: every score on validation and on test, {Wording.seeds own}. Brier score: 0 is best.",
            Table.ofRows [ "validation"; "test"; "test less validation" ] (allScores own)
        )
        if data.Info.Outputs = 2 && data.Info.Task <> Nullable LabelTask.MultiLabel then
            yield! ofTwoClasses lab way own
    ]
