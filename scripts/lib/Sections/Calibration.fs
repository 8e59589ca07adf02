/// Whether predicted probabilities are to be believed, and what acting on them gains.
module MedTransfer.Recipes.Sections.Calibration

open System
open MedTransfer.Data
open MedTransfer.Evaluation.Calibration
open MedTransfer.Evaluation.Classification
open MedTransfer.Trials.Artefacts
open MedTransfer.Trials.Testing
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes

/// Of one split: the probability of each class, which image is of which, and both as the positive class has them.
type internal Predicted = { Probabilities: float32[,]; Labels: byte[,]; Binary: BinaryPredictions }

let internal ofColumns positive (probabilities: float32[,]) (labels: byte[,]) = {
    Probabilities = probabilities
    Labels = labels
    Binary = BinaryPredictions.Of(probabilities, labels, positive)
}

let internal predicted positive split (outcome: Outcome) =
    let predictions = outcome.Result.Predictions split
    ofColumns positive predictions.Probabilities predictions.Labels.Values

/// The predictions of tested images as they are, and with a temperature that was fitted on others; None where none fits.
type internal Calibrated = { AsTrained: Predicted; Scaled: (float * Predicted) option }

// of several parts, each with its own temperature, the mean of these
let internal ofParts positive (parts: DecidedPart list) : Calibrated =
    let joined (predictions: SplitPredictions list) =
        let all = DecidedPart.Joined(ResizeArray predictions)
        ofColumns positive all.Probabilities all.Labels.Values

    let scaled = [
        for part in parts do
            let chosenOn, tested = part.ChosenOn, part.Tested.Predictions

            match TemperatureScaling.Fit(chosenOn.Probabilities, chosenOn.Labels.Values) with
            | null -> ()
            | scaling ->
                scaling.Temperature,
                SplitPredictions(tested.Name, tested.FileIndices, tested.Labels, scaling.Apply tested.Probabilities)
    ]

    {
        AsTrained = joined [ for part in parts -> part.Tested.Predictions ]
        Scaled =
            if scaled.Length < parts.Length then
                None
            else
                Some(List.averageBy fst scaled, joined (List.map snd scaled))
    }

/// Of one outcome, with the temperature that fits validation.
let internal ofOutcome positive (outcome: Outcome) = ofParts positive [ DecidedPart.OfTest(outcome.Result, outcome.Patients) ]

let private reliability (split: Predicted) =
    Reliability.Of(ReadOnlySpan split.Binary.Probabilities, ReadOnlySpan split.Binary.Positive)

/// A row as trained and one with the temperature that was fitted on other images, called so, over seeds; and those temperatures.
let internal rows fittedOn (each: Calibrated list) =
    let raw = each |> List.map (_.AsTrained >> Some)
    let scaled = each |> List.map (_.Scaled >> Option.map snd)

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

    let temperatures = each |> List.map (_.Scaled >> Option.map fst)
    [ line "as trained" raw; line $"temperature fitted on {fittedOn}" scaled ], meanText 2 temperatures

/// Reliability and decision curve of one training on images that are called so, its own probabilities being called as is said.
let internal curvesOf (images: string) (own: string) (calibrated: Calibrated) =
    let raw, scaled = calibrated.AsTrained, calibrated.Scaled

    let bins (split: Predicted) = [
        for bin in (reliability split).Bins do
            if bin.MeanPredicted.HasValue && bin.ObservedShare.HasValue then
                bin.MeanPredicted.Value, bin.ObservedShare.Value
    ]

    let benefit =
        DecisionCurve.Of(ReadOnlySpan raw.Binary.Probabilities, ReadOnlySpan raw.Binary.Positive) |> List.ofSeq

    [
        Figures.lines $"Reliability, {images}" "predicted probability" "observed share" [
            "ideal", [ 0.0, 0.0; 1.0, 1.0 ]
            own, bins raw
            match scaled with
            | Some(_, scaled) -> "temperature", bins scaled
            | None -> ()
        ]
        Figures.lines $"Decision curve, {images}" "threshold probability" "net benefit" [
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

/// The same on test.
let internal curves = curvesOf "test" "as trained"
