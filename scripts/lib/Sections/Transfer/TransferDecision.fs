/// A threshold and a temperature for the recommended way, chosen on images that it is not judged on.
module MedTransfer.Recipes.Sections.TransferDecision

open System
open MedTransfer.Data
open MedTransfer.Data.Checks
open MedTransfer.Evaluation.Classification
open MedTransfer.Trials.Testing
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report
open MedTransfer.Recipes.Transfers
open MedTransfer.Recipes.Recommendations

// of a fold, the way that the other folds chose for it, and what that way's other models say
let private ofFolds (tested: TestedTransfer list) (recommendation: Recommendation) : DecidedPart list list = [
    for seed, chosen in recommendation.Chosen ->
        [
            for fold, way in Seq.indexed chosen.Names do
                let own = tested |> List.find (fun one -> one.Way = way && one.Seed = seed)
                (DecidedPart.OfFolds own.Tested)[fold]
        ]
]

/// What choices are made on, and for each seed what they are judged on.
let private decided
    (lab: Lab)
    (outcomes: Outcome list)
    (tested: TestedTransfer list)
    (recommendation: Recommendation)
    : string * DecidedPart list list =
    // a training without randomness counts once
    let own =
        outcomes
        |> List.filter (fun outcome -> outcome.Way.Name = recommendation.Way && outcome.Way.Size = AllImages)
        |> List.distinctBy _.Way.Trial.Name

    let ofWay = tested |> List.filter (fun one -> one.Way = recommendation.Way) |> List.distinctBy _.Trial

    if lab.TestScheme = TestScheme.Folds then
        "the other folds", ofFolds tested recommendation
    elif choosesByInnerFolds lab then
        let inner = [
            for _, tested in onInnerFolds lab own do
                yield! tested.Parts
        ]

        let chosenOn = DecidedPart.Joined [| for part in inner -> part.Predictions |]
        "folds of the training images", [ for one in ofWay -> [ DecidedPart(chosenOn, one.Tested.Parts[0]) ] ]
    else
        "validation", [ for outcome in own -> [ DecidedPart.OfTest(outcome.Result, outcome.Patients) ] ]

/// Called positive from each part's threshold on, counted over all parts; None where there is no positive image to choose it on.
let private counted positive wanted (parts: DecidedPart list) : (float * BinaryCounts) option =
    let called = [
        for part in parts do
            let chosenOn, tested = part.ChosenOn, part.Tested.Predictions
            let choosing = BinaryPredictions.Of(chosenOn.Probabilities, chosenOn.Labels.Values, positive)
            let judged = BinaryPredictions.Of(tested.Probabilities, tested.Labels.Values, positive)

            if Array.contains true choosing.Positive then
                let point =
                    OperatingPoint.AtSensitivity(ReadOnlySpan choosing.Probabilities, ReadOnlySpan choosing.Positive, wanted)

                float point.Threshold, judged.Probabilities |> Array.map (fun p -> p >= point.Threshold), judged.Positive
    ]

    if called.Length < parts.Length then
        None
    else
        let calls = called |> List.map (fun (_, calls, _) -> calls) |> Array.concat
        let positives = called |> List.map (fun (_, _, positive) -> positive) |> Array.concat

        Some(
            called |> List.averageBy (fun (threshold, _, _) -> threshold),
            BinaryCounts.Of(ReadOnlySpan calls, ReadOnlySpan positives)
        )

let private ofTwoClasses (lab: Lab) (info: DatasetInfo) way fittedOn (bySeed: DecidedPart list list) =
    let positive, wanted = info.PositiveClass, lab.Options.Sensitivity
    let points = bySeed |> List.map (counted positive wanted)
    let calibrated = bySeed |> List.map (Calibration.ofParts positive)
    let rows, temperature = Calibration.rows fittedOn calibrated
    let named score = Wording.ofClass score (Wording.positive info)

    let row name (pick: float * BinaryCounts -> Nullable<float>) =
        name, [ points |> List.map (Option.bind (pick >> Option.ofNullable)) |> meanText 3 ]

    [
        Heading "Decisions"
        Table(
            "operating-point",
            $"{way}: from a threshold on that reaches a sensitivity of {wanted} on {fittedOn}, {Wording.positive info} is called; mean ± standard deviation over seeds, on images that chose neither the way nor the threshold.",
            Table.ofRows [ "test" ] [
                row "threshold" (fun (threshold, _) -> Nullable threshold)
                row (named "sensitivity") (fun (_, counts) -> counts.Sensitivity)
                row (named "specificity") (fun (_, counts) -> counts.Specificity)
                row (named "precision") (fun (_, counts) -> counts.Precision)
            ]
        )
        Table(
            "calibration",
            $"{way}: calibration on test of the probability of {Wording.positive info}. Expected calibration error (ten bins, 0 is best); slope (1) and intercept (0) of a logistic recalibration; calibration in the large (0). Temperature, fitted on {fittedOn}: {temperature}.",
            Table.ofRows [ "ECE"; "slope"; "intercept"; "in the large" ] rows
        )
        Charts(
            $"{way}, first seed: are its probabilities of {Wording.positive info} to be believed, and is acting on them worth it?",
            Calibration.curves calibrated.Head
        )
    ]

/// Of two classes; nothing of others, and where nothing is recommended.
let section (lab: Lab) (outcomes: Outcome list) (tested: TestedTransfer list) (recommendation: Recommendation option) =
    let info = (lab.Load lab.Target.All).Info

    match recommendation with
    | Some recommendation when info.HasTwoClasses ->
        let fittedOn, bySeed = decided lab outcomes tested recommendation

        let way =
            match counts recommendation with
            | []
            | [ _ ] -> recommendation.Way
            | _ -> "The best way of each fold by the others"

        ofTwoClasses lab info way fittedOn bySeed
    | _ -> []
