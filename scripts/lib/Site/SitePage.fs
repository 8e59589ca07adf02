/// The page over all reports and runs.
module MedTransfer.Recipes.SitePage

open System
open Giraffe.ViewEngine

/// What the page shows.
type Site = {
    Cards: Cards.Card list
    /// Of the table of runs, as RunList.json writes it.
    Runs: string
    /// In the table, and in all.
    Shown: int
    Finished: int
    /// Finished trials that can't be read.
    Unreadable: int
    /// Names of other pages beside it.
    Others: string list
}

let private count (n: int) = n.ToString("N0", Globalization.CultureInfo.InvariantCulture)

let private cards (site: Site) =
    section [ attr "aria-label" "Reports" ] [
        if site.Cards.IsEmpty then
            p [] [ str "No report yet: "; code [] [ str "dotnet fsi scripts/task2.fsx" ]; str " makes one." ]
        div [ _class "cards" ] (List.map Cards.render site.Cards)
    ]

let private left (site: Site) = [
    if site.Shown < site.Finished then
        $"The newest {count site.Shown} of {count site.Finished} runs: all would make this page too large; runs/ has the others."
    if site.Unreadable > 0 then
        $"""{count site.Unreadable} finished {if site.Unreadable = 1 then "trial" else "trials"} can't be read, of another version or damaged: left out."""
]

let private runs (site: Site) = [
    h2 [ _id "runs" ] [ str "All runs" ]
    for line in left site do
        p [] [ str line ]
    if site.Shown = 0 then
        p [] [ str "No training has finished yet." ]
    else
        p [] [
            str
                "Every finished training. Figures of one trial are no findings: the reports above say what follows. A smoke run is a short one, of few images, to see that everything works. A leak that was gone past, and images that are drawn, are remarks of the report that has the trial. Tick two to see what their specs differ in."
        ]

        div [ _id "run-list" ] [ noscript [] [ str "The table needs JavaScript; trials.csv beside each report has the same." ] ]
        HtmlElements.script [ _type "application/json"; _id "run-data" ] [ rawText site.Runs ]
]

let private others (site: Site) =
    section [] [
        h2 [] [ str "Other pages" ]
        ul [] [
            li [] [ a [ _href ReducersPage.name ] [ str "Reducers" ]; str ": one set laid out by each" ]
            for page in site.Others do
                li [] [ a [ _href (Uri.EscapeDataString page) ] [ str page ] ]
        ]
    ]

/// The page.
let text (site: Site) : string =
    RenderView.AsString.htmlDocument (
        html [ _lang "en" ] [
            head [] [
                meta [ _charset "utf-8" ]
                meta [ _name "viewport"; _content "width=device-width" ]
                HtmlElements.title [] [ str "MedTransfer: reports and runs" ]
                HtmlElements.style [] [ rawText Assets.style.Value; rawText (Assets.own "site.css") ]
            ]
            body [] [
                main [] [ h1 [] [ str "MedTransfer: reports and runs" ]; cards site; yield! runs site; others site ]
                HtmlElements.script [] [ rawText (Assets.own "site.js") ]
            ]
        ]
    )
