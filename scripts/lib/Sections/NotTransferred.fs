/// What could not be transferred: ways that were left out, and layers that did not fit.
module MedTransfer.Recipes.Sections.NotTransferred

open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

/// Ways that could not be run, each with its reasons.
let leftOut (results: Results) : (string * string) list = [
    for way, all in results.LeftOut |> List.groupBy _.Way -> way, all |> List.map _.Reason |> List.distinct |> String.concat " "
]

/// Layers that kept their initial weights, way by way.
let mismatches (outcomes: Outcome list) : (string * string) list = [
    for way, outcomes in ways outcomes do
        match
            [
                for outcome in outcomes do
                    for result in outcome.Result :: outcome.Parts do
                        yield! result.Metrics.NotTransferred
            ]
            |> List.distinct
        with
        | [] -> ()
        | layers -> way, String.concat "; " layers
]

/// Both for the head of a page.
let section (results: Results) = [
    match leftOut results with
    | [] -> ()
    | rows ->
        Warning
            $"""Left out, as they can't be run with these sets and options: {rows |> List.map fst |> String.concat "; "}. No table has them."""

        WordTable(
            "left-out",
            "Ways that were left out.",
            Table.ofRows [ "reason" ] [ for way, reason in rows -> way, [ reason ] ]
        )
    match mismatches results.Outcomes with
    | [] -> ()
    | rows ->
        WordTable(
            "not-transferred",
            "Layers that did not fit the target and kept their initial weights, each with what the source has and what belongs there.",
            Table.ofRows [ "layers" ] [ for way, layers in rows -> way, [ layers ] ]
        )
]

/// The mismatches beside a table of outcomes.
let note (outcomes: Outcome list) = [
    match mismatches outcomes with
    | [] -> ()
    | rows ->
        let text = rows |> List.map (fun (way, layers) -> $"{way} ({layers})") |> String.concat "; "
        Text $"Layers that did not fit the target and kept their initial weights: {text}."
]
