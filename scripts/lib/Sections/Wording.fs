/// How sizes, seeds and numbers are said.
module MedTransfer.Recipes.Sections.Wording

open MedTransfer.Recipes

let size size =
    match size with
    | AllImages -> "all training images"
    | Images n -> $"{n} training images"

/// Says whose the last two columns are, where the study's are among them.
let study (figures: Map<string, Table.Study>) from =
    if figures.IsEmpty then
        ""
    else
        $" The last two columns are the study's, {from}."

let seeds (outcomes: Outcome list) =
    match outcomes |> List.distinctBy _.Way.Seed |> List.length with
    | 1 -> "one seed"
    | n -> $"{n} seeds, mean ± standard deviation"
