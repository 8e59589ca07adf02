/// Table of smart training: what each part of it changes, and what cross-validation foretells.
module MedTransfer.Recipes.Sections.SmartTraining

open MedTransfer.Evaluation.Verdicts
open MedTransfer.Trials
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

let private epochs (outcomes: Outcome list) =
    [
        for outcome in outcomes do
            match outcome.Parts with
            | [] -> Some(float outcome.Result.Metrics.Epochs)
            | parts -> Some(parts |> List.averageBy (fun part -> float part.Metrics.Epochs))
    ]
    |> meanText 0

let private reading (verdict: Verdict) =
    match verdict with
    | Verdict.Above -> "better"
    | Verdict.Below -> "worse"
    | Verdict.Undecided -> "can't be told"
    | _ -> "not tested"

/// Every part of smart training beside the plain training it is meant to improve: scores, epochs, time, and whether a difference is more than chance.
let table (lab: Lab) times reference (names: string list) size (outcomes: Outcome list) =
    let against = outcomes |> ofWay reference
    let ran = reference :: names |> List.filter (fun name -> not (ofWay name outcomes).IsEmpty)
    let shown = outcomes |> List.filter (fun outcome -> List.contains outcome.Way.Name ran)

    let row name =
        let own = outcomes |> ofWay name
        let less (metric: Measure) = pairs metric own against |> difference

        [
            epochs own
            if Times.exist times then
                Times.secondsText name size times
            for metric in [ trainAccuracy; testAccuracy; accuracyGap; testAuc ] do
                meanOf 3 metric own
            if name = reference then
                yield! [ ""; ""; "" ]
            else
                less testAuc |> differenceText 3
                less accuracyGap |> differenceText 3
                if lab.HasVerdicts then less testAuc |> verdict |> reading else ""
        ]

    [
        Heading "Smart training"
        Table(
            "smart-training",
            $"Smart training, {Wording.images size shown}; {Wording.seeds shown}. Differences are paired over seeds: mean, 95 %% interval, paired t test; the last column reads that of the AUC against chance, each by itself: of twenty differences that are nothing, one passes.{Times.note times}",
            Table.ofRows [
                "epochs"
                if Times.exist times then
                    "time s"
                "train ACC"
                "test ACC"
                "gap ACC"
                "test AUC"
                $"test AUC less {reference}"
                $"gap ACC less {reference}"
                "by AUC"
            ] [ for name in ran -> name, row name ]
        )
    ]

let private heldOutAuc (folds: OutOfFold) = folds.Scores.RocAuc |> Option.ofNullable

let private eachFold (folds: OutOfFold) =
    folds.Folds |> Seq.choose (fun fold -> Option.ofNullable fold.Scores.RocAuc) |> List.ofSeq

let private foldsOf name (own: Outcome list) =
    let folds = own |> List.map (fun outcome -> outcome, OutOfFold.Of(ResizeArray outcome.Parts))
    let count = own.Head.Parts.Length
    let column (pick: Outcome * OutOfFold -> float option) = folds |> List.map pick |> meanText 3

    [
        Table(
            "cross-validation",
            $"Cross-validation with {count} stratified folds, whole patients where they are known: ROC AUC of the images held out, of all folds together and fold by fold, and of the mean of the folds' models on validation and test; over seeds.",
            Table.ofRows [ name ] [
                "held out, all folds together", [ column (snd >> heldOutAuc) ]
                "held out, mean of the folds",
                [ column (snd >> eachFold >> fun aucs -> if aucs.IsEmpty then None else Some(List.average aucs)) ]
                "spread between folds (sd)",
                [
                    column (
                        snd
                        >> eachFold
                        >> fun aucs ->
                            if aucs.Length < 2 then
                                None
                            else
                                MedTransfer.Evaluation.Comparisons.Summary.Of(aucs).StandardDeviation |> Option.ofNullable
                    )
                ]
                "ensemble, validation", [ column (fst >> validationAuc) ]
                "ensemble, test", [ column (fst >> testAuc) ]
            ]
        )
    ]

/// What the folds say of images they held out, beside validation and test; nothing where the way was left out.
let crossValidation name (outcomes: Outcome list) =
    match outcomes |> ofWay name with
    | [] -> []
    | own -> foldsOf name own
