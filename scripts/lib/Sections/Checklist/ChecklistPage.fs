/// checklist.html beside a report: what CLAIM and TRIPOD+AI ask for, and where it is described. It claims no compliance.
module MedTransfer.Recipes.Sections.ChecklistPage

open System.IO
open Giraffe.ViewEngine
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
    | NotDone(text, links) ->
        td [] [ str "not done" ]
        td [] [ str text; yield! linked links ]
    | DoesNotApply reason ->
        td [] [ str "not applicable" ]
        td [] [ str $"{reason}." ]
]

let private guideline (page: Checked) (title: string) (items: Item list) = [
    let states = [ for item in items -> item, state page item ]
    let count is = states |> List.filter (snd >> is) |> List.length

    h2 [] [ str title ]

    p [] [
        str
            $"{count _.IsFilled} filled, {count _.IsNeedsYou} need you, {count _.IsNotDone} not done, {count _.IsDoesNotApply} not applicable."
    ]

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
        Facts = ChecklistFacts.ofRun lab data results
        About = data.Card |> Option.ofObj |> Option.bind (_.About >> Option.ofObj)
    }

    let card = DatasetCard.PathOf file |> Path.GetFileName |> nonNull
    let html = text card (Path.GetFileName file |> nonNull) page
    Report.Attachment("checklist.html", "What CLAIM and TRIPOD+AI ask for, and where it is described:", html)
