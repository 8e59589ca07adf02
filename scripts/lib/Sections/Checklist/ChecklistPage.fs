/// checklist.html beside a report: what CLAIM and TRIPOD+AI ask for, and where it is described. It claims no compliance.
module MedTransfer.Recipes.Sections.ChecklistPage

open System.IO
open Giraffe.ViewEngine
open MedTransfer.Data
open MedTransfer.Data.Checks
open MedTransfer.Data.Reading
open MedTransfer.Recipes
open MedTransfer.Recipes.ChecklistItem
open MedTransfer.Recipes.ChecklistState

let private stateNodes state = [
    let linked links = [
        for name, address in links do
            str " "
            a [ _href address ] [ str name ]
    ]

    match state with
    | Filled(text, links) ->
        td [] [ str "filled" ]
        td [] [ str text; yield! linked links ]
    | NeedsYou(key, links) ->
        td [] [ strong [] [ str "needs you" ] ]

        td [] [
            code [] [ str key ]
            if not links.IsEmpty then
                str "; what the run has of it:"
                yield! linked links
        ]
    | DoesNotApply reason ->
        td [] [ str "not applicable" ]
        td [] [ str $"{reason}." ]
]

let private guideline (page: Checked) (title: string) (items: Item list) = [
    let states = [ for item in items -> item, state page item ]
    let count is = states |> List.filter (snd >> is) |> List.length

    h2 [] [ str title ]
    p [] [ str $"{count _.IsFilled} filled, {count _.IsNeedsYou} need you, {count _.IsDoesNotApply} not applicable." ]

    div [ _class "wide" ] [
        table [ _class "checklist" ] [
            thead [] [
                tr [] [
                    for name in [ "item"; "asks for"; "state"; "where, or what is missing" ] do
                        th [ attr "scope" "col" ] [ str name ]
                ]
            ]
            tbody [] [
                for item, state in states do
                    tr [] [ th [ attr "scope" "row" ] [ str item.Number ]; td [] [ str item.Asks ]; yield! stateNodes state ]
            ]
        ]
    ]
]

let private toFill (card: string) (set: string) (page: Checked) = [
    if items |> List.exists (fun item -> (state page item).IsNeedsYou) then
        h2 [] [ str "What needs you" ]

        p [] [
            str "Put it into "
            code [] [ str card ]
            str $" beside {set} (make that file where there is none), below "
            code [] [ str "about" ]
            str
                ", in words that may be shown to whoever gets this page, and run the recipe again: nothing is trained anew. An unknown key is an error that names it."
        ]

        pre [] [ code [] [ str (template page) ] ]
]

/// The page; `card` and `set` are names of the files that a person writes into and that it is beside.
let text (card: string) (set: string) (page: Checked) : string =
    let title = $"Checklist: {page.Target}"

    RenderView.AsString.htmlDocument (
        html [ _lang "en" ] [
            head [] [
                meta [ _charset "utf-8" ]
                meta [ _name "viewport"; _content "width=device-width" ]
                HtmlElements.title [] [ str title ]
                HtmlElements.style [] [ rawText Assets.style.Value; rawText ".checklist :is(th, td) { text-align: left }" ]
            ]
            body [] [
                main [] [
                    h1 [] [ str title ]
                    p [] [
                        str
                            "Where the items of two guidelines are described, in our words under their numbers. It does not say how well, and claims no compliance with either: that is for authors and readers to judge, by the guidelines themselves."
                    ]
                    p [] [ a [ _href "report.html" ] [ str "The report" ] ]
                    yield!
                        guideline page "CLAIM 2024 (Tejani et al., Radiology: Artificial Intelligence 6:e240300)" ClaimItems.items
                    yield! guideline page "TRIPOD+AI (Collins et al., BMJ 2024, 385:e078378)" TripodItems.items
                    yield! toFill card set page
                ]
            ]
        ]
    )

let private facts (lab: Lab) (data: Dataset) (results: Results) : Facts =
    let isMissing (split: SplitName) = data.KnownCounts split |> Seq.exists (fun known -> known < data[split].Count)

    let uncertain =
        match lab.Options.UncertainAs with
        | Some value -> $" Uncertain labels are read as {value}."
        | None -> ""

    let pixels =
        match data.Card |> Option.ofObj |> Option.bind (_.Pixels >> Option.ofObj) with
        | Some pixels -> $"Pixels: {pixels.TrimEnd '.'}."
        | None -> "Pixels are as the set has them."

    {
        Patients =
            if isNull data.Train.Groups then
                "Images: who is shown is not known, so that splits may share patients."
            else
                "Patients: a run ends where two splits share one, unless that is allowed, which the first screen then says."
        Missing =
            (if Seq.exists isMissing SplitNames.All then
                 "Labels are missing: each is left out of losses and scores, and its image stays."
             else
                 "No label is missing.")
            + uncertain
        Preprocessing =
            $"{pixels} Their scale is in the text above the table of ways. Sets are looked through for leaks, shortcuts and more before anything trains."
        Partition =
            (match lab.TestScheme with
             | TestScheme.Folds -> "Five folds a seed: every image is tested by models that did not learn from it."
             | TestScheme.HeldOutFold -> "A fifth of the training images is held out as test images."
             | _ -> "The set's own splits; the test split is read once, after training.")
            + " How often its test images were scored is counted."
        Seeds =
            $"{lab.Seeds.Length} seeds, each with initial weights, order and sample of its own; epochs, batch, step size and what ends a training are in the table of ways."
        Software =
            match Setting.environments results with
            | [] -> "Nothing was trained."
            | all -> Setting.machine all
    }

/// The page as a file beside the report, with the link to it.
let attachment (lab: Lab) (results: Results) (parts: Report.Section list) : Report.Section =
    let data = lab.Load lab.Target.All
    let file = lab.Target.File.Path

    let page = {
        Target = lab.Target.Name
        IsDrawn = lab.Target.File.IsPhantom
        Headings = [
            for part in Report.flattened parts do
                match part with
                | Report.Heading heading -> heading
                | _ -> ()
        ]
        Facts = facts lab data results
        About = data.Card |> Option.ofObj |> Option.bind (_.About >> Option.ofObj)
    }

    let card = DatasetCard.PathOf file |> Path.GetFileName |> nonNull
    let html = text card (Path.GetFileName file |> nonNull) page
    Report.Attachment("checklist.html", "What CLAIM and TRIPOD+AI ask for, and where it is described:", html)
