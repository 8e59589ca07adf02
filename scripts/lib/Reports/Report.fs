/// One HTML file with text, tables and figures that opens without a network.
module MedTransfer.Recipes.Report

open System.IO
open System.Reflection
open Deedle
open Giraffe.ViewEngine
open XPlot.Plotly
open MedTransfer.Runtime

/// An image, or several pictures of it, and what is said of it.
type Case = {
    Title: string
    Pictures: byte[] list
    Lines: string list
    /// Shown so that nobody overlooks it.
    Warnings: string list
}

/// A part of a report.
type Section =
    | Heading of string
    | Text of string
    /// Shown so that nobody overlooks it.
    | Warning of string
    /// What it comes to: on the page, in a file of that name, and the last that is printed.
    | Conclusion of name: string * text: string
    /// In place of a table or figure that there is too little for; also printed.
    | Absent of string
    /// Also printed, and written as comma-separated values under its name.
    | Table of name: string * caption: string * Frame<string, string>
    /// On the page and in its file, too wide in words for a terminal.
    | WordTable of name: string * caption: string * Frame<string, string>
    | Charts of caption: string * PlotlyChart list
    /// A file beside the page, by its name.
    | Attachment of name: string * caption: string * text: string
    /// A line to paste into a shell.
    | Command of string
    /// Rows of PNG pictures, each row under its name.
    | Pictures of caption: string * (string * byte[] list) list
    /// Images one by one: PNG pictures of each, and what is said of it.
    | Cases of caption: string * Case list

let private plotly =
    lazy
        (let assembly = Assembly.Load "Plotly.NET"

         let name =
             assembly.GetManifestResourceNames()
             |> Array.find (fun name -> name.Contains "plotly-" && name.EndsWith ".min.js")

         use stream = assembly.GetManifestResourceStream name |> nonNull
         use reader = new StreamReader(stream)
         reader.ReadToEnd())

// XPlot writes labels into its script as they are: without '<' none of them can end it
let private script (chart: PlotlyChart) =
    let withTags = chart.GetInlineJS().Trim()
    let inner = withTags.Substring("<script>".Length, withTags.Length - "<script></script>".Length)
    "{" + inner.Replace("<", "\\u003c") + "}"

let private figure (chart: PlotlyChart) =
    div [] [
        div [ _id chart.Id; _style $"width:{chart.Width}px;height:{chart.Height}px" ] []
        Giraffe.ViewEngine.HtmlElements.script [] [ rawText (script chart) ]
    ]

// sentences wrap, numbers do not
let private wrapping (cell: string) = [
    if cell.Length > 48 then
        _class "text"
]

let private grid (frame: Frame<string, string>) =
    table [] [
        thead [] [
            tr [] [
                th [] []
                for column in frame.ColumnKeys do
                    th [] [ str column ]
            ]
        ]
        tbody [] [
            for key in frame.RowKeys do
                tr [] [
                    th (wrapping key) [ str key ]
                    for column in frame.ColumnKeys do
                        let cell = frame.GetColumn<string>(column).[key]
                        td (wrapping cell) [ str cell ]
                ]
        ]
    ]

let private rendered part = [
    match part with
    | Heading text -> h2 [] [ str text ]
    | Text text
    | Absent text -> p [] [ str text ]
    | Conclusion(_, text) ->
        for paragraph in text.Split '\n' do
            p [] [ str paragraph ]
    | Warning text -> p [ _class "warning"; attr "role" "note" ] [ str text ]
    | Attachment(name, caption, _) -> p [] [ str $"{caption} "; a [ _href name ] [ str name ] ]
    | Command line -> p [] [ str "Command: "; code [] [ str line ] ]
    | Pictures(caption, rows) ->
        Giraffe.ViewEngine.HtmlElements.figure [] [
            figcaption [] [ str caption ]
            div [ _class "samples" ] [
                for name, pictures in rows do
                    div [ _class "pictures" ] [
                        span [] [ str name ]
                        for picture in pictures do
                            img [ _src $"data:image/png;base64,{System.Convert.ToBase64String picture}"; _alt name ]
                    ]
            ]
        ]
    | Cases(caption, cases) ->
        p [ _class "caption" ] [ str caption ]

        div [ _class "cases" ] [
            for case in cases do
                section [ _class "case" ] [
                    for picture in case.Pictures do
                        img [ _src $"data:image/png;base64,{System.Convert.ToBase64String picture}"; _alt case.Title ]
                    div [] [
                        h3 [] [ str case.Title ]
                        for line in case.Lines do
                            p [] [ str line ]
                        for warning in case.Warnings do
                            p [ _class "warning" ] [ str warning ]
                    ]
                ]
        ]
    | Table(_, caption, frame)
    | WordTable(_, caption, frame) ->
        Giraffe.ViewEngine.HtmlElements.figure [] [ figcaption [] [ str caption ]; div [ _class "wide" ] [ grid frame ] ]
    | Charts(caption, charts) ->
        Giraffe.ViewEngine.HtmlElements.figure [] [
            figcaption [] [ str caption ]
            div [ _class "charts" ] (List.map figure charts)
        ]
]

let private style =
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:110rem;padding:0 1rem;color:#222}"
    + "table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.8rem}"
    + "th,td{padding:.25rem .4rem;border-bottom:1px solid #ddd;text-align:right;white-space:nowrap;vertical-align:top}"
    + "thead th{white-space:normal;vertical-align:bottom}tbody th,thead th:first-child{text-align:left}td.text,tbody th.text{text-align:left;white-space:normal;max-width:40rem;min-width:12rem}"
    + "figure{margin:1.5rem 0}figcaption{max-width:70rem;margin-bottom:.5rem;font-weight:600}.wide{overflow-x:auto}"
    + ".charts{display:flex;flex-wrap:wrap;gap:.5rem}.js-plotly-plot .modebar{display:none}"
    + "code{white-space:pre-wrap}"
    + ".warning{background:#fff3cd;border-left:.4rem solid #d55e00;padding:.75rem 1rem;font-weight:600}"
    + ".samples{columns:44rem 2}.pictures{display:flex;align-items:center;gap:.3rem;margin-bottom:.2rem;break-inside:avoid}"
    + ".pictures span{width:10rem}.pictures img{width:64px}.caption{font-weight:600;max-width:70rem}"
    + ".cases{display:grid;grid-template-columns:repeat(auto-fill,minmax(34rem,1fr));gap:1rem}.case{display:flex;gap:.75rem;break-inside:avoid;border-top:1px solid #ddd;padding-top:.5rem}"
    + ".case img{width:11rem;height:11rem;object-fit:contain;image-rendering:pixelated;background:#000}.case h3{font-size:1rem;margin:0;overflow-wrap:anywhere}.case p{margin:.2rem 0}.case .warning{padding:.3rem .6rem}"

/// The page.
let text (title: string) (sections: Section list) : string =
    let hasCharts = sections |> List.exists _.IsCharts

    let page =
        html [ _lang "en" ] [
            head [] [
                meta [ _charset "utf-8" ]
                Giraffe.ViewEngine.HtmlElements.title [] [ str title ]
                Giraffe.ViewEngine.HtmlElements.style [] [ rawText style ]
                // what draws figures is most of a page
                if hasCharts then
                    Giraffe.ViewEngine.HtmlElements.script [] [ rawText plotly.Value ]
            ]
            body [] [ h1 [] [ str title ]; yield! List.collect rendered sections ]
        ]

    RenderView.AsString.htmlDocument page

/// Writes the page, whole or not at all.
let write (path: string) (title: string) (sections: Section list) = WholeFile.WriteText(path, text title sections)
