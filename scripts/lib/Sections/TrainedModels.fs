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
    | interval -> $" [{number 3 interval.Low}, {number 3 interval.High}]"

let private onLogits metric (outcome: Outcome) =
    match caseScore metric outcome with
    | None -> "undefined"
    | Some score -> number 3 score.Value + interval (ScoreEstimate.OfModel(score).Interval95)

/// A proportion of independent images has an interval of its own, where there are two classes.
let private proportion (lab: Lab) metric (of': Patients -> BinaryCounts -> Interval) (outcome: Outcome) =
    let info = lab.Load(lab.Target.All).Info

    match caseScore metric outcome with
    | Some score when outcome.Patients.HaveOneImageEach && info.HasTwoClasses ->
        let test = (Calibration.predicted info.PositiveClass SplitName.Test outcome).Binary
        let called = Array.map2 (fun positive right -> positive = right) test.Positive test.Right
        let counts = BinaryCounts.Of(ReadOnlySpan called, ReadOnlySpan test.Positive)
        number 3 score.Value + interval (of' outcome.Patients counts)
    | _ -> onLogits metric outcome

let private wilson (_: Patients) (counts: BinaryCounts) =
    let right = counts.TruePositives + counts.TrueNegatives
    ProportionInterval.Wilson(float right, right + counts.FalsePositives + counts.FalseNegatives)

let private sensitivity (_: Patients) (counts: BinaryCounts) =
    ProportionInterval.ClopperPearson(counts.TruePositives, counts.TruePositives + counts.FalseNegatives)

let private specificity (_: Patients) (counts: BinaryCounts) =
    ProportionInterval.ClopperPearson(counts.TrueNegatives, counts.TrueNegatives + counts.FalsePositives)

let private less (reference: Outcome) (outcome: Outcome) =
    match caseScore Metric.RocAuc outcome, caseScore Metric.RocAuc reference with
    | Some own, Some other ->
        let difference = ModelDifference.Of(own, other)

        match difference.Interval95, Option.ofNullable difference.PValue with
        | null, _
        | _, None -> $"{signed 3 difference.Difference} (no interval)"
        | interval, Some p -> $"{signed 3 difference.Difference} {intervalText 3 interval}, {chance p}"
    | _ -> "undefined"

let private rightness (outcome: Outcome) =
    let test = outcome.Result.Predictions SplitName.Test
    // of several findings no image is right as a whole
    if test.Labels.Columns = 1 then
        Some [|
            for image in 0 .. test.Labels.Count - 1 ->
                let probabilities = [ for k in 0 .. Array2D.length2 test.Probabilities - 1 -> test.Probabilities[image, k] ]
                List.findIndex ((=) (List.max probabilities)) probabilities = int test.Labels[image, 0]
        |]
    else
        None

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

    let how =
        if outcomes |> List.forall _.Patients.HaveOneImageEach then
            "of AUC by DeLong's variance on the logit scale, of ACC Wilson's, of sensitivity and specificity Clopper and Pearson's"
        else
            "on the logit scale, with variances over patients (of AUC Obuchowski 1997)"

    [
        WordTable(
            $"models-{size}",
            $"The trained models, first seed, {Wording.size size}: test scores with 95 %% intervals that cover which {cases} there are, and not what another training would give ({how}); AUC less that of {reference}'s model by DeLong's paired test; images that one of the two alone has right, by McNemar's test.",
            Table.ofRows [
                "ROC AUC"
                "test ACC"
                "sensitivity"
                "specificity"
                $"ROC AUC less {reference}"
                $"right alone, against {reference}"
            ] [
                for outcome in firsts ->
                    outcome.Way.Name,
                    [
                        onLogits Metric.RocAuc outcome
                        proportion lab Metric.Accuracy wilson outcome
                        proportion lab Metric.Sensitivity sensitivity outcome
                        proportion lab Metric.Specificity specificity outcome
                        match against with
                        | Some other when other.Way.Name <> outcome.Way.Name ->
                            less other outcome
                            alone other outcome
                        | _ -> yield! [ ""; "" ]
                    ]
            ]
        )
    ]
