/// What became of each item of the checklist on a page: filled, for a person to fill, not done, or not applicable.
module MedTransfer.Recipes.ChecklistState

open System
open System.Collections.Generic
open System.Text.Json
open MedTransfer.Data.Reading
open MedTransfer.Recipes.ChecklistItem

/// Every item of both guidelines, in their order.
let items: Item list = ClaimItems.items @ TripodItems.items

/// What became of an item; links are a name and an address.
type State =
    | Filled of text: string * links: (string * string) list
    | NeedsYou of key: string * links: (string * string) list
    | NotDone of text: string * links: (string * string) list
    | DoesNotApply of reason: string

/// What a page says of itself.
type Checked = {
    /// The target's name, which headings begin with.
    Target: string
    /// Whether its images are drawn.
    IsDrawn: bool
    Headings: string list
    Facts: Facts
    /// Of the set's card; None where there is no card.
    About: Provenance option
}

let private isAt (target: string) place (heading: string) =
    let isOne = List.exists (fun (one: string) -> heading = one)

    match place with
    | Opening -> false
    | Data -> isOne [ "Data" ]
    | Method -> isOne [ "Method" ]
    | Comparison -> isOne [ "Primary comparison"; "Answer" ]
    | Scores ->
        heading.StartsWith($"{target}, ", StringComparison.Ordinal)
        || heading.StartsWith("Few images", StringComparison.Ordinal)
        || isOne [ "Ways"; "Smart training" ]
    | Tuning -> isOne [ "Tuning" ]
    | Decision -> isOne [ "Is accuracy the right score?"; "Decisions" ]
    | Curve -> isOne [ "Gain by number of training images"; "Learning curve"; "Learning curves" ]
    | Model -> isOne [ "The model" ]
    | Examples -> isOne [ "Examples"; "Labels to look at again" ]
    | Environment -> isOne [ "Environment" ]

let private links (page: Checked) (places: Place list) = [
    for place in places do
        if place = Opening then
            "first screen", "report.html"

        for heading in page.Headings |> List.filter (isAt page.Target place) do
            heading, $"report.html#{Report.anchor heading}"
]

/// What becomes of an item on a page.
let state (page: Checked) (item: Item) : State =
    match item.Answer with
    | OfRun(places, finding) ->
        match finding page.Facts, links page places with
        | Done _, [] -> NotDone("This page has no part on it.", [])
        | Done text, links -> Filled(text, links)
        | Undone text, links -> NotDone(text, links)
        | NotOfIt reason, _ -> DoesNotApply reason
    | Yours(key, places) ->
        match page.About |> Option.bind (key.Of >> Option.ofObj) with
        | Some text when not (String.IsNullOrWhiteSpace text) -> Filled(text, links page places)
        | _ when page.IsDrawn -> DoesNotApply "the images are drawn by a program, of nobody"
        | _ -> NeedsYou(key.Name, links page places)

/// Keys that are not filled yet, as the JSON to copy.
let template (page: Checked) : string =
    let missing =
        items
        |> List.choose (fun item ->
            match state page item with
            | NeedsYou(key, _) -> Some key
            | _ -> None)
        |> List.distinct

    let keys = Dictionary(dict [ for key in missing -> key, "" ])
    JsonSerializer.Serialize({| about = keys |}, JsonSerializerOptions(WriteIndented = true, NewLine = "\n"))
