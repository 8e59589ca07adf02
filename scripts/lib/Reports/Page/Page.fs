/// One HTML file with text, tables and figures that opens without a network.
module MedTransfer.Recipes.Page

open System
open System.Collections.Generic
open Giraffe.ViewEngine
open XPlot.Plotly
open MedTransfer.Recipes.Report
open MedTransfer.Runtime

// XPlot writes labels into its script as they are: without '<' none of them can end it. Its call of plotly is kept until that is unpacked.
let private script (chart: PlotlyChart) =
    let withTags = chart.GetInlineJS().Trim()
    let inner = withTags.Substring("<script>".Length, withTags.Length - "<script></script>".Length)
    "figures.push(Plotly=>{" + inner.Replace("<", "\\u003c") + "});"

let private figure (figure: Figures.Figure) =
    let chart = figure.Chart

    div [
        _class "figure"
        match figure.Pictures with
        | Some name -> _data "pictures" name
        | None -> ()
        _style $"--width:{chart.Width}px;height:{chart.Height}px"
        attr "role" "img"
        attr "aria-label" figure.Says
    ] [
        noscript [] [ str figure.Says ]
        div [ _id chart.Id ] []
        HtmlElements.script [] [ rawText (script chart) ]
    ]

let private picture alt (png: byte[]) = img [ _src $"data:image/png;base64,{Convert.ToBase64String png}"; _alt alt ]

let private case (case: Case) =
    section [ _class "case" ] [
        for png in case.Pictures do
            picture case.Title png
        div [] [
            h3 [] [ str case.Title ]
            for line in case.Lines do
                p [] (Prose.ofText line)
            for warning in case.Warnings do
                p [ _class "warning" ] (Prose.ofText warning)
        ]
    ]

// `ids` are those of the headings to come
let rec private rendered (ids: Queue<string>) part = [
    match part with
    | Opening opening -> First.ofOpening opening
    | Heading text -> h2 [ _id (ids.Dequeue()) ] [ str text ]
    | Text text
    | Absent text -> p [] (Prose.ofText text)
    | Conclusion(_, text) ->
        for paragraph in text.Split '\n' do
            p [] (Prose.ofText paragraph)
    | Warning text -> p [ _class "warning"; attr "role" "note" ] (Prose.ofText text)
    | Attachment(name, caption, _) -> p [] [ yield! Prose.ofText $"{caption} "; a [ _href name ] [ str name ] ]
    | Link(text, address) -> p [] [ a [ _href address ] [ str text ] ]
    | Command line -> p [] [ str "Command: "; code [] (Prose.ofText line) ]
    | Pictures(caption, rows) ->
        HtmlElements.figure [] [
            figcaption [] (Prose.ofText caption)
            div [ _class "samples" ] [
                for name, pictures in rows do
                    div [ _class "pictures" ] [
                        span [] [ str name ]
                        for number, png in List.indexed pictures do
                            picture $"{name}, image {number + 1}" png
                    ]
            ]
        ]
    | Cases(caption, cases) ->
        p [ _class "caption" ] (Prose.ofText caption)
        div [ _class "cases" ] (List.map case cases)
    | Table(name, caption, frame)
    | WordTable(name, caption, frame) -> Grid.ofFrame name caption frame
    | HoverPictures(name, pictures) ->
        let encoded = [ for png in pictures -> $"\"{Convert.ToBase64String png}\"" ]
        HtmlElements.script [ _type "application/json"; _id name ] [ rawText $"""[{String.Join(',', encoded)}]""" ]
    | Flow(caption, flow) -> Flow.ofSet caption flow
    | Charts(caption, charts) ->
        let kind = if charts |> List.forall _.IsMap then "charts maps" else "charts"
        HtmlElements.figure [] [ figcaption [] (Prose.ofText caption); div [ _class kind ] (List.map figure charts) ]
    | Folded(text, inner) -> details [ _class "folded" ] [ summary [] [ str text ]; yield! List.collect (rendered ids) inner ]
    | Switched(caption, views) ->
        fieldset [ _class "switched" ] [
            legend [] [ str caption ]
            for place, (name, _) in List.indexed views do
                label [] [
                    input [
                        _type "radio"
                        _name $"switch-{anchor caption}"
                        _value (string place)
                        if place = 0 then
                            _checked
                    ]
                    str name
                ]
            for name, inner in views do
                div [ _class "view"; attr "role" "group"; attr "aria-label" name ] (List.collect (rendered ids) inner)
        ]
]

/// The id of each heading, those that are folded or switched among them, in their order: a repeated one has its number behind it.
let private ids (sections: Section list) : string list =
    let number (taken: Set<string>) (heading: string) =
        let own = anchor heading

        let free =
            Seq.initInfinite (fun i -> if i = 0 then own else $"{own}-{i + 1}")
            |> Seq.find (fun id -> not (taken.Contains id))

        free, taken.Add free

    flattened sections
    |> List.choose (function
        | Heading text -> Some text
        | _ -> None)
    |> List.mapFold number Set.empty
    |> fst

let private contents (sections: Section list) =
    let ids = Queue(ids sections)

    nav [ _class "contents"; attr "aria-label" "Contents" ] [
        details [ attr "open" "" ] [
            summary [] [ str "Contents" ]
            ol [] [
                for section in sections do
                    match section with
                    | Heading text -> li [] [ a [ _href $"#{ids.Dequeue()}" ] [ str text ] ]
                    | other ->
                        for _ in flattened [ other ] |> List.filter _.IsHeading do
                            ids.Dequeue() |> ignore
            ]
        ]
    ]

/// The page.
let text (title: string) (sections: Section list) : string =
    let all = flattened sections
    let hasCharts = all |> List.exists _.IsCharts
    let headings = sections |> List.filter _.IsHeading |> List.length

    let page =
        html [ _lang "en" ] [
            head [] [
                meta [ _charset "utf-8" ]
                meta [ _name "viewport"; _content "width=device-width" ]
                HtmlElements.title [] [ str title ]
                HtmlElements.style [] [ rawText Assets.style.Value ]
                if hasCharts then
                    HtmlElements.script [] [ rawText "const figures=[];" ]
            ]
            body [
                if headings > 2 then
                    _class "long"
            ] [
                if headings > 2 then
                    contents sections
                main [] [ h1 [] [ str title ]; yield! List.collect (rendered (Queue(ids sections))) sections ]
                // behind everything that is read first: what draws figures is most of a page
                if hasCharts then
                    HtmlElements.script [ _type "application/gzip"; _id "plotly" ] [ rawText Assets.plotly.Value ]
                HtmlElements.script [] [ rawText Assets.script.Value ]
            ]
        ]

    RenderView.AsString.htmlDocument page

/// Writes the page, whole or not at all.
let write (path: string) (title: string) (sections: Section list) = WholeFile.WriteText(path, text title sections)
