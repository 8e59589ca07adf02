/// How sizes, seeds and numbers are said.
module MedTransfer.Recipes.Sections.Wording

open MedTransfer.Data
open MedTransfer.Training
open MedTransfer.Trials
open MedTransfer.Recipes

let size size =
    match size with
    | AllImages -> "all training images"
    | Images n -> $"{n} training images"

/// Says whose the last two columns are, where the study's are among them.
let study (figures: Map<string, Table.Study>) from =
    if figures.IsEmpty then "" else $" The last two columns are the study's, {from}."

let seeds (outcomes: Outcome list) =
    match outcomes |> List.distinctBy _.Way.Seed |> List.length with
    | 1 -> "one seed"
    | n -> $"{n} seeds, mean ± standard deviation"

let private choosesByValidation (outcome: Outcome) =
    let chooses (trial: Trial) =
        let fit = trial.Spec.Fit
        fit.Solver <> Solver.Convex && (not (isNull fit.EarlyStopping) || fit.Keep = KeptEpoch.Best)

    match outcome.Way.Parts with
    | [] -> chooses outcome.Way.Trial
    | parts -> List.exists chooses parts

/// The images that the ways learn from, validation's counted where one of them chooses its epoch by it.
let images size' (outcomes: Outcome list) =
    let chosen = outcomes |> List.filter choosesByValidation

    match chosen |> List.tryHead with
    | None -> $"{size size'}, no way looking at validation images"
    | Some first ->
        let count = first.Result.Metrics.Scores(SplitName.Validation).Images
        let names = chosen |> List.map _.Way.Name |> List.distinct |> String.concat ", "

        if outcomes |> List.forall (fun outcome -> outcome.Way.IsControl || choosesByValidation outcome) then
            $"{size size'} and {count} validation images, by which the epoch is chosen"
        else
            $"{size size'}, and {count} validation images besides, by which these choose their epoch: {names}; the others do not look at them"
