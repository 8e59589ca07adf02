/// The trained models themselves: those of the first seed, with what another draw of test images would change.
module MedTransfer.Recipes.Sections.TrainedModels

open System
open MedTransfer.Data
open MedTransfer.Evaluation
open MedTransfer.Evaluation.Cases
open MedTransfer.Evaluation.Classification
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Intervals
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

let private interval (interval: Interval | null) =
    match interval with
    | null -> ""
    | interval -> $" {rangeText 3 interval}"

let private onLogits metric (outcome: Outcome) =
    match caseScore metric outcome with
    | None -> "undefined"
    | Some score -> number 3 score.Value + interval (ScoreEstimate.OfModel(score).Interval95)

/// Whether test images are independent as far as is known, so that proportions of them have intervals of their own.
let private areIndependent (outcomes: Outcome list) = outcomes |> List.forall _.Patients.HaveOneImageEach

/// Images that are called right: each has one class; of several findings no image is right as a whole.
let private rightness (outcome: Outcome) =
    let test = outcome.Result.Predictions SplitName.Test

    if test.Labels.Columns = 1 then
        Some(ClassificationScores.RightAnswers(test.Probabilities, test.Labels.Values))
    else
        None

let private accuracy (outcome: Outcome) =
    match rightness outcome with
    | Some right when areIndependent [ outcome ] ->
        let count = right |> Array.filter id |> Array.length
        number 3 (float count / float right.Length) + interval (ProportionInterval.Wilson(float count, right.Length))
    | _ -> onLogits Metric.Accuracy outcome

/// Of two classes, where images are independent: the share of one class that is called so.
let private exact (lab: Lab) metric isPositive (outcome: Outcome) =
    let info = lab.Load(lab.Target.All).Info

    match caseScore metric outcome with
    | Some score when areIndependent [ outcome ] && info.HasTwoClasses ->
        let test = (Calibration.predicted info.PositiveClass SplitName.Test outcome).Binary
        let ofClass = Array.zip test.Positive test.Right |> Array.filter (fun (positive, _) -> positive = isPositive)
        let right = ofClass |> Array.filter snd |> Array.length
        number 3 score.Value + interval (ProportionInterval.ClopperPearson(right, ofClass.Length))
    | _ -> onLogits metric outcome

let private less (reference: Outcome) (outcome: Outcome) =
    match caseScore Metric.RocAuc outcome, caseScore Metric.RocAuc reference with
    | Some own, Some other ->
        let difference = ModelDifference.Of(own, other)

        match difference.Interval95, Option.ofNullable difference.PValue with
        | null, _
        | _, None -> $"{signed 3 difference.Difference} (no interval)"
        | interval, Some p -> $"{signed 3 difference.Difference} {intervalText 3 interval}, {chance p}"
    | _ -> "undefined"

let private alone (reference: Outcome) (outcome: Outcome) =
    match rightness outcome, rightness reference with
    | Some own, Some other ->
        let compared = McNemar.Of(own, other, outcome.Patients)

        let p =
            match Option.ofNullable compared.PValue with
            | Some p -> $", {chance p}"
            | None -> ""

        $"{compared.FirstAlone} against {compared.SecondAlone}{p}"
    | _ -> ""

/// The first training of each way, as it would be used: its test scores, and how it differs from the reference's.
let table (lab: Lab) (reference: string) size (outcomes: Outcome list) =
    let firsts = [ for _, all in ways outcomes -> all.Head ]
    let against = firsts |> List.tryFind (fun outcome -> outcome.Way.Name = reference)
    let cases = Wording.cases outcomes

    let penalties = Penalties.exist firsts

    let penaltyText =
        if penalties then
            "; the C that a converged head chose on its training images"
        else
            ""

    let clustered = if areIndependent outcomes then "" else ", over patients"
    let twoClasses = (lab.Load lab.Target.All).Info.HasTwoClasses

    let how =
        match areIndependent outcomes with
        | true when twoClasses ->
            "of AUC by DeLong's variance on the logit scale, of ACC Wilson's, of sensitivity and specificity Clopper and Pearson's"
        | true -> "of the mean of classes or findings on the logit scale, of the ACC of classes Wilson's"
        | false -> "on the logit scale, with variances over patients (of AUC Obuchowski 1997)"

    [
        Folded(
            "One trained model of each way",
            [
                WordTable(
                    $"models-{size}",
                    $"One trained model of each way, the first seed's, {Wording.size size}, which says nothing of the way itself: test scores with 95 %% intervals that cover which {cases} there are, and not what another training would give ({how}); AUC minus that of {reference}'s model by DeLong's paired test{clustered}; images that one of the two alone has right, by McNemar's test{clustered}{penaltyText}.",
                    Table.ofRows [
                        "ROC AUC"
                        "test ACC"
                        "sensitivity"
                        "specificity"
                        $"ROC AUC minus {reference}"
                        $"right alone, against {reference}"
                        if penalties then
                            "C"
                    ] [
                        for outcome in firsts ->
                            outcome.Way.Name,
                            [
                                onLogits Metric.RocAuc outcome
                                accuracy outcome
                                exact lab Metric.Sensitivity true outcome
                                exact lab Metric.Specificity false outcome
                                match against with
                                | Some other when other.Way.Name <> outcome.Way.Name ->
                                    less other outcome
                                    alone other outcome
                                | _ -> yield! [ ""; "" ]
                                if penalties then
                                    Penalties.ofModel outcome
                            ]
                    ]
                )
            ]
        )
    ]
