/// Whether predicted probabilities are to be believed, and what acting on them gains.
module MedTransfer.Recipes.Sections.Calibration

open System
open MedTransfer.Data
open MedTransfer.Evaluation.Calibration
open MedTransfer.Evaluation.Classification
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes

/// Of one split: the probability of each class, which image is of which, and both as the positive class has them.
type internal Predicted = { Probabilities: float32[,]; Labels: byte[,]; Binary: BinaryPredictions }

let private ofColumns positive (probabilities: float32[,]) (labels: byte[,]) = {
    Probabilities = probabilities
    Labels = labels
    Binary = BinaryPredictions.Of(probabilities, labels, positive)
}

let internal predicted positive split (outcome: Outcome) =
    let predictions = outcome.Result.Predictions split
    ofColumns positive predictions.Probabilities predictions.Labels.Values

/// The predictions of a split as they are, and with the temperature that fits validation.
let private withTemperature positive (outcome: Outcome) =
    let validation, test = predicted positive SplitName.Validation outcome, predicted positive SplitName.Test outcome

    match TemperatureScaling.Fit(validation.Probabilities, validation.Labels) with
    | null -> test, None
    | scaling -> test, Some(scaling.Temperature, ofColumns positive (scaling.Apply test.Probabilities) test.Labels)

let private reliability (split: Predicted) =
    Reliability.Of(ReadOnlySpan split.Binary.Probabilities, ReadOnlySpan split.Binary.Positive)

/// A row as trained and one with the temperature that fits validation, over seeds; and those temperatures.
let rows positive (outcomes: Outcome list) =
    let each = outcomes |> List.map (withTemperature positive)
    let raw, scaled = each |> List.map (fst >> Some), each |> List.map (snd >> Option.map snd)

    let line name (splits: Predicted option list) =
        let recalibrated =
            splits
            |> List.map (
                Option.map (fun { Binary = split } ->
                    LogisticRecalibration.Of(ReadOnlySpan split.Probabilities, ReadOnlySpan split.Positive))
            )

        let column (pick: LogisticRecalibration -> Nullable<float>) =
            recalibrated |> List.map (Option.bind (pick >> Option.ofNullable)) |> meanText 2

        name,
        [
            splits |> List.map (Option.map (fun split -> (reliability split).ExpectedCalibrationError)) |> meanText 3
            column _.Slope
            column _.Intercept
            column _.InTheLarge
        ]

    let temperatures = each |> List.map (snd >> Option.map fst)
    [ line "as trained" raw; line "temperature fitted on validation" scaled ], meanText 2 temperatures

/// Reliability and decision curve of one outcome, on test.
let curves positive (outcome: Outcome) =
    let raw, scaled = withTemperature positive outcome

    let bins (split: Predicted) = [
        for bin in (reliability split).Bins do
            if bin.MeanPredicted.HasValue && bin.ObservedShare.HasValue then
                bin.MeanPredicted.Value, bin.ObservedShare.Value
    ]

    let benefit =
        DecisionCurve.Of(ReadOnlySpan raw.Binary.Probabilities, ReadOnlySpan raw.Binary.Positive) |> List.ofSeq

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
