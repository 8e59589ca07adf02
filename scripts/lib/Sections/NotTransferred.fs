/// What could not be transferred, or not as it was: ways that were left out, layers that did not fit, weights that were adapted.
module MedTransfer.Recipes.Sections.NotTransferred

open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report
open MedTransfer.Trials.Artefacts

/// Ways that could not be run, each with all of its reasons.
let leftOut (results: Results) : LeftOut list = [
    for way, all in results.LeftOut |> List.groupBy _.Way ->
        { Way = way; Reason = all |> List.map _.Reason |> List.distinct |> String.concat " " }
]

let private said (metric: TrialMetrics -> string seq) (outcomes: Outcome list) : (string * string) list = [
    for way, outcomes in ways outcomes do
        match
            [
                for outcome in outcomes do
                    for result in outcome.Result :: outcome.Parts @ outcome.Inner do
                        yield! metric result.Metrics
            ]
            |> List.distinct
        with
        | [] -> ()
        | texts -> way, String.concat "; " texts
]

/// Layers that kept their initial weights, way by way.
let mismatches outcomes = outcomes |> said (fun metrics -> metrics.NotTransferred)

/// What was done to weights so that they fit, way by way.
let adaptations outcomes =
    outcomes
    |> said (fun metrics ->
        match Option.ofObj metrics.Adapted with
        | Some clauses -> clauses
        | None -> [])

/// All for the head of a page.
let section (results: Results) = [
    match leftOut results with
    | [] -> ()
    | ways ->
        Warning
            $"""Left out, as they can't be run with these sets and options, or not in the time given: {ways |> List.map _.Way |> String.concat "; "}. No table has them."""

        WordTable(
            "left-out",
            "Ways that were left out.",
            Table.ofRows [ "reason" ] [ for ways, reason in LeftOut.byReason ways -> ways, [ reason ] ]
        )
    match mismatches results.Outcomes with
    | [] -> ()
    | rows ->
        WordTable(
            "not-transferred",
            "Layers that did not fit the target and kept their initial weights, each with what the source has and what belongs there.",
            Table.ofRows [ "layers" ] [ for way, layers in rows -> way, [ layers ] ]
        )
    match adaptations results.Outcomes with
    | [] -> ()
    | rows ->
        let text = rows |> List.map (fun (way, clauses) -> $"{way} ({clauses})") |> String.concat "; "
        Text $"Weights that were adapted as they were transferred: {text}."
]

/// The mismatches beside a table of outcomes.
let note (outcomes: Outcome list) = [
    match mismatches outcomes with
    | [] -> ()
    | rows ->
        let text = rows |> List.map (fun (way, layers) -> $"{way} ({layers})") |> String.concat "; "
        Text $"Layers that did not fit the target and kept their initial weights: {text}."
]
