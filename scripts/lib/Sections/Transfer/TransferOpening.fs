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

let private nothing question setting = {
    Question = question
    Setting = setting
    Verdict = "No way is recommended: nothing was transferred."
    Besides = []
    Trust = "no"
    Because = "there is nothing to compare"
    Boxes = []
    Estimation = None
    Warnings = []
}

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
    | None -> nothing question $"{Openings.target lab}."
    | Some known ->
        let verdict = verdict lab known
        let trust, because = TransferAnswer.trust lab tested known verdict
        let best = TransferAnswer.bestOf known

        let picked =
            let ways = tested |> List.filter (fun one -> not one.IsControl && one.Way <> none) |> List.distinctBy _.Way

            match ways, counts known with
            | [ _ ], _ -> "; the only way of transfer that was run"
            | _, []
            | _, [ _ ] -> ""
            | _ -> "; picked by these test scores, which flatters it"

        // seeds that all have: those that the differences are of
        let shared =
            [ known.OfNone; known.OfWay; known.OfControl ] |> List.map (List.map fst >> Set.ofList) |> Set.intersectMany

        let scores = List.filter (fst >> shared.Contains) >> scores

        let plotted =
            [ none, scores known.OfNone; best, scores known.OfWay; known.Control, scores known.OfControl ]
            |> List.filter (fun (_, scores) -> not scores.IsEmpty)

        {
            Question = question
            Setting = $"{Openings.target lab}. {TransferAnswer.how lab tested recommendation}"
            Verdict =
                $"{TransferAnswer.answer lab tested known verdict} Test ROC AUC {Openings.effect known.OverNone}, {best} minus {none}."
            Besides = []
            Trust = trust
            Because = because
            Boxes = [
                {
                    Of = "Best way of transfer"
                    Figure = known.Way
                    Note =
                        $"test ROC AUC {tested |> List.filter (fun one -> one.Way = known.Way) |> TransferAnswer.scoreText Metric.RocAuc}{picked}"
                }
                {
                    Of = "Gain over no transfer"
                    Figure = Openings.effect known.OverNone
                    Note = $"and over the best control, {known.Control}: {Openings.effect known.OverControl}"
                }
                TransferCurve.worth lab curve known verdict
            ]
            Estimation =
                if plotted.Length < 2 then
                    None
                else
                    Some {
                        Score = "test ROC AUC"
                        Ways = plotted
                        Differences =
                            Openings.drawn best none known.OverNone @ Openings.drawn best known.Control known.OverControl
                        Margin = lab.Options.Margin
                    }
            Warnings = Openings.objections best none known.OverNone known.Control known.OverControl
        }
