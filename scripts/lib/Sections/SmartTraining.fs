/// Table of smart training: what each part of it changes, and what cross-validation foretells.
module MedTransfer.Recipes.Sections.SmartTraining

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

/// Every part of smart training beside the plain training it is meant to improve: scores, epochs, time, and whether a difference is more than chance.
let table (lab: Lab) times reference (names: string list) size (outcomes: Outcome list) =
    let against = outcomes |> ofWay reference
    let ran = reference :: names |> List.filter (fun name -> not (ofWay name outcomes).IsEmpty)
    let shown = outcomes |> List.filter (fun outcome -> List.contains outcome.Way.Name ran)

    let judged = Map [ for judged in Comparisons.family lab aucScore reference outcomes -> judged.Way, judged ]

    let row name =
        let own = outcomes |> ofWay name
        let less (metric: Measure) = pairs metric own against |> difference

        [
            scoreText 3 aucScore own
            if name = reference then
                yield! [ ""; "" ]
            else
                Comparisons.text 3 judged[name]
                if lab.HasVerdicts then Comparisons.verdictText lab judged[name] else ""
            scoreText 3 accuracyScore own
            meanOf 3 trainAccuracy own
            meanOf 3 accuracyGap own
            if name = reference then "" else less accuracyGap |> differenceText 3
            epochs own
            if Times.exist times then
                Times.secondsText name size times
        ]

    [
        Heading "Smart training"
        Table(
            "smart-training",
            $"Smart training, {Wording.images size shown}; {Wording.seeds shown}. Differences are paired over seeds: {Wording.compared shown} That of the gap counts in seeds and samples alone (Student's t). {Wording.intervals shown}{Times.note times}",
            Table.ofRows [
                "test AUC"
                $"test AUC minus {reference}"
                "by AUC"
                "test ACC"
                "train ACC"
                "gap ACC"
                $"gap ACC minus {reference}"
                "epochs"
                if Times.exist times then
                    "time s"
            ] [ for name in ran -> name, row name ]
        )
        yield! Wording.oneClass shown |> Option.map Text |> Option.toList
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
                                MedTransfer.Evaluation.Intervals.Summary.Of(aucs).StandardDeviation |> Option.ofNullable
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
