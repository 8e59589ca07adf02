/// The first screen of "does transfer help on my images".
module MedTransfer.Recipes.Sections.TransferOpening

open MedTransfer.Evaluation
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Trials.Testing
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report
open MedTransfer.Recipes.Transfers
open MedTransfer.Recipes.Recommendations

let private effect (comparison: Comparison | null) =
    match comparison with
    | null -> "undefined"
    | comparison ->
        match comparison.Interval95 with
        | null -> signed 3 comparison.Difference
        | interval -> $"{signed 3 comparison.Difference} {intervalText 3 interval}"

let private nothing question = {
    Question = question
    Verdict = "No way is recommended: nothing was transferred."
    Trust = "no"
    Because = "there is nothing to compare"
    Boxes = []
    Estimation = None
    Warnings = []
}

let private trust (lab: Lab) (tested: TestedTransfer list) (recommendation: Recommendation) (verdict: TransferVerdict) =
    let cases = TransferAnswer.casesOf tested

    match verdict.Trust with
    | Trust.Yes -> Openings.decided "seeds" cases
    | Trust.NotYet when TransferAnswer.hasIntervals recommendation -> Openings.undecided lab
    | Trust.NotYet -> "not yet", $"there is no interval: five seeds, and ten {cases} of each class, are the least"
    | _ -> Openings.withdrawn lab

let private scores (tested: (int * TestedWay) list) = [
    for seed, way in tested do
        match way.Score Metric.RocAuc with
        | null -> ()
        | score -> seed, score.Value
]

/// Verdict, trust, figures and plot of the recommended way; beside it no transfer and the best control.
let ofRecommendation
    (lab: Lab)
    (question: string)
    (tested: TestedTransfer list)
    (recommendation: Recommendation option)
    (curve: Curves.Curve option)
    : Opening =
    match recommendation with
    | None -> nothing question
    | Some known ->
        let verdict = verdict lab known
        let trust, because = trust lab tested known verdict
        let best = TransferAnswer.bestOf known
        let control = TransferAnswer.bestControlOf known

        let difference reference (comparison: Comparison | null) = [
            match comparison with
            | null -> ()
            | comparison -> $"{best} less {reference}", comparison.Difference, Option.ofObj comparison.Interval95
        ]

        {
            Question = question
            Verdict = $"{TransferAnswer.answer tested known verdict} Test ROC AUC {effect known.OverNone} against no transfer."
            Trust = trust
            Because = because
            Boxes = [
                {
                    Of = "Best way of transfer"
                    Figure = known.Way
                    Note =
                        $"test ROC AUC {tested |> List.filter (fun one -> one.Way = known.Way) |> TransferAnswer.scoreText Metric.RocAuc}"
                }
                {
                    Of = "Gain over no transfer"
                    Figure = effect known.OverNone
                    Note = $"and over {control}: {effect known.OverControl}"
                }
                {
                    Of = "Images it is worth"
                    Figure = TransferCurve.worth curve known
                    Note =
                        "that no transfer needs for the same AUC, by its learning curve, with the range of 95 % of draws of seeds and images"
                }
            ]
            Estimation =
                Some {
                    Score = "test ROC AUC"
                    Ways = [ none, scores known.OfNone; best, scores known.OfWay; control, scores known.OfControl ]
                    Differences = difference none known.OverNone @ difference control known.OverControl
                }
            Warnings = []
        }
