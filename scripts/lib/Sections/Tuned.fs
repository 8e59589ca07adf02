/// What was tried for each way, and what was chosen.
module MedTransfer.Recipes.Sections.Tuned

open MedTransfer.Recipes
open MedTransfer.Recipes.Tuning
open MedTransfer.Recipes.Report

let private numbers (values: float seq) = List.ofSeq values

/// A table a way of its candidates, best first; and the nested estimates, where they were asked for.
let section (lab: Lab) size (tuned: Tuned list) = [
    if not tuned.IsEmpty then
        Heading "Tuning"

        Text
            $"Each way was tuned by itself, by {lab.Options.Folds}-fold cross-validation on one sample ({Wording.size size}) of its training images: the highest mean ROC AUC of the held-out images is chosen, for all seeds and sizes. Validation and test images had no part in it. The best of several is a little too good by itself."

        for index, way in List.indexed tuned do
            Table(
                $"tuning-{index + 1}",
                $"{way.Way}: held-out ROC AUC over the folds, mean ± standard deviation; the first row was chosen.",
                Table.ofRows [ "held-out AUC" ] [
                    for candidate in way.Tried.Candidates |> Seq.sortByDescending _.Summary.Mean ->
                        candidate.Candidate.Label, [ numbers candidate.Folds |> Outcomes.spread 3 ]
                ]
            )

        match tuned |> List.choose (fun way -> way.Nested |> Option.map (fun nested -> way.Way, nested)) with
        | [] -> ()
        | nested ->
            Table(
                "nested",
                "Nested cross-validation (Varma & Simon 2006): each outer fold tunes on its training part alone and is scored on what it held out; an honest estimate of tuning and training together, beside what the inner folds promised.",
                Table.ofRows [ "promised"; "honest"; "chosen by the outer folds" ] [
                    for way, estimate in nested ->
                        way,
                        [
                            [ for fold in estimate.Folds -> fold.Inner ] |> Outcomes.spread 3
                            [ for fold in estimate.Folds -> fold.Outer ] |> Outcomes.spread 3
                            estimate.Folds
                            |> Seq.countBy _.Chosen.Label
                            |> Seq.map (fun (label, times) -> $"{label} ({times})")
                            |> String.concat "; "
                        ]
                ]
            )
]
