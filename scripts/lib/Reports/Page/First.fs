/// What a page answers before anybody scrolls.
module MedTransfer.Recipes.First

open Giraffe.ViewEngine
open MedTransfer.Recipes.Report

/// The verdict, whether to trust it, three figures, the plot they are from, and what speaks against them.
let ofOpening (opening: Opening) =
    section [ _class "first"; attr "aria-label" "Answer" ] [
        p [ _class "question" ] (Prose.ofText opening.Question)
        p [ _class "setting" ] [ str opening.Setting ]
        p [ _class "verdict" ] [ str opening.Verdict ]
        for sentence in opening.Besides do
            p [ _class "besides" ] (Prose.ofText sentence)
        p [ _class $"""trust {opening.Trust.Replace(' ', '-')}""" ] [
            strong [] [ str $"Trust it? {Wording.capital opening.Trust}" ]
            yield! Prose.ofText $", because {opening.Because}."
        ]
        if not opening.Boxes.IsEmpty then
            dl [ _class "boxes" ] [
                for box in opening.Boxes do
                    div [] [ dt [] [ str box.Of ]; dd [ _class "large" ] [ str box.Figure ]; dd [] (Prose.ofText box.Note) ]
            ]
        match opening.Estimation with
        | Some plot -> EstimationPlot.ofEstimation plot
        | None -> ()
        for warning in opening.Warnings do
            p [ _class "warning"; attr "role" "note" ] (Prose.ofText warning)
    ]
