/// The model that is to be used: one way, trained on all images that are not test.
module MedTransfer.Recipes.FinalModels

open System
open MathNet.Numerics.Statistics
open MedTransfer.Data
open MedTransfer.Data.Checks
open MedTransfer.Data.Resampling
open MedTransfer.Evaluation.Calibration
open MedTransfer.Evaluation.Classification
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Training
open MedTransfer.Trials
open MedTransfer.Trials.Artefacts
open MedTransfer.Trials.Testing
open MedTransfer.Recipes.Transfers
open MedTransfer.Recipes.Recommendations

/// A way trained for use, and what models of that way say of the same images where they had not learned from them.
type FinalModel = {
    Way: string
    Result: TrialResult
    /// On folds of the images, every image held out once a seed or more.
    OutOfFold: TrialResult list
    Temperature: TemperatureScaling option
    /// Of two classes of the positive one, of findings of each: from which probability on it is called. None where it had no positive image to be chosen on.
    Thresholds: float option list
}

/// The way to use: the recommended one, or none where transfer is shown to do worse, and where nothing is transferred.
let way (lab: Lab) (recommendation: Recommendation option) : string =
    match recommendation with
    | Some known when (verdict lab known).Answer <> TransferAnswer.Harms -> known.Way
    | _ -> none

let private predictions (folds: TrialResult list) : SplitPredictions =
    DecidedPart.Joined [| for fold in folds -> fold.Predictions SplitName.Test |]

let private scaled (temperature: TemperatureScaling option) (all: SplitPredictions) =
    match temperature with
    | Some scaling -> scaling.Apply all.Probabilities
    | None -> all.Probabilities

let private threshold (lab: Lab) (probabilities: float32[]) (positive: bool[]) : float option =
    if Array.contains true positive then
        let point = OperatingPoint.AtSensitivity(probabilities, positive, lab.Options.Sensitivity)
        Some(float point.Threshold)
    else
        None

let private thresholds (lab: Lab) (info: DatasetInfo) (all: SplitPredictions) (probabilities: float32[,]) : float option list =
    if info.HasTwoClasses then
        let binary = BinaryPredictions.Of(probabilities, all.Labels.Values, info.PositiveClass)
        [ threshold lab binary.Probabilities binary.Positive ]
    elif info.Task = Nullable LabelTask.MultiLabel then
        [
            for finding in 0 .. info.Outputs - 1 do
                let known = [|
                    for image in 0 .. all.Labels.Count - 1 do
                        if not (all.Labels.IsMissing(image, finding)) then
                            image
                |]

                threshold lab [| for image in known -> probabilities[image, finding] |] [|
                    for image in known -> all.Labels[image, finding] = 1uy
                |]
        ]
    else
        []

/// What is trained: on all images that are not test, and on folds of these where the recipe has not done that yet.
type private Planned = { ForUse: Trial; Folds: Trial list; Known: TrialResult list }

let private plan (lab: Lab) (outcomes: Outcome list) (name: string) : Planned =
    let own = outcomes |> Outcomes.ofWay name |> List.filter (fun outcome -> outcome.Way.Size = AllImages)

    let first = own |> List.minBy _.Way.Seed
    let epochs = own |> List.map (fun outcome -> float outcome.Result.Metrics.KeptEpoch) |> Statistics.Median

    let forUse = first.Way.Trial.Spec.ForUse(max 1 (int (round epochs)))
    let hasFolds = hasFolds lab

    {
        ForUse = Trial(forUse, $"{name}, for use")
        Folds = [
            if not hasFolds then
                for fold in 0 .. foldCount - 1 do
                    let images = forUse.Target.WithFold(ResamplingOptions(Folds = foldCount), fold)
                    Trial(forUse.On images, $"{name}, for use, fold {fold + 1}")
        ]
        Known =
            if hasFolds then
                own |> List.map _.Result |> List.distinctBy _.Trial.Name
            else
                []
    }

/// Trains the way to use.
let train (lab: Lab) (outcomes: Outcome list) (name: string) : FinalModel =
    let planned = plan lab outcomes name
    let results = lab.Finish(planned.ForUse :: planned.Folds)
    let folds = planned.Known @ List.tail results
    let info = (lab.Load lab.Target.All).Info
    let all = predictions folds

    let temperature =
        if info.Task = Nullable LabelTask.MultiLabel then
            None
        else
            TemperatureScaling.Fit(all.Probabilities, all.Labels.Values) |> Option.ofObj

    {
        Way = name
        Result = List.head results
        OutOfFold = folds
        Temperature = temperature
        Thresholds = thresholds lab info all (scaled temperature all)
    }
