/// A frame as a table of the page: sorted, copied and narrowed by the page's script.
module MedTransfer.Recipes.Grid

open System
open Deedle
open Giraffe.ViewEngine
open MedTransfer.Recipes.Report

let private isSentence (cell: string) = cell.Length > 48

// the digest of a file is no figure, though it may begin like one
let private isDigest (cell: string) = cell.Length >= 32 && cell |> Seq.forall Char.IsAsciiHexDigit

// words begin at the left, figures end at the right
let private isOfWords (cells: string list) =
    cells |> List.exists (fun cell -> isSentence cell || isDigest cell)
    || cells |> List.forall (fun cell -> cell = "" || not (Char.IsDigit cell[0] || "+-.".Contains cell[0]))

// what belongs to a figure stands below it where both don't fit side by side: an interval, a range, a number of seeds
let private content (cell: string) =
    let rest =
        [ " ["; " (" ] |> List.map (fun sign -> cell.IndexOf(sign, StringComparison.Ordinal)) |> List.filter ((<) 0)

    let shown =
        match rest with
        | _ when isOfWords [ cell ] -> [ str cell ]
        | [] -> [ span [ _class "figure" ] [ str cell ] ]
        | _ ->
            let at = List.min rest
            [ span [ _class "figure" ] [ str cell[.. at - 1] ]; str " "; span [ _class "range" ] [ str cell[at + 1 ..] ] ]

    if Comparisons.saysBetter cell then [ strong [] shown ] else shown

let private heading (column: string) isOfWords =
    th [
        attr "scope" "col"
        if isOfWords then
            _class "text"
    ] [
        button [
            _type "button"
            _class "sort"
            match Glossary.explain column with
            | Some line -> _title line
            | None -> ()
        ] [ str column ]
    ]

/// The table, under its caption, above the lines that explain its columns.
let ofFrame (name: string) (caption: string) (frame: Frame<string, string>) =
    let lines = Glossary.ofColumns frame.ColumnKeys

    let columns = [
        for column in frame.ColumnKeys ->
            let cells = frame.GetColumn<string>(column)
            column, cells, isOfWords (List.ofSeq cells.Values)
    ]

    HtmlElements.figure [ _class "grid"; _data "name" name ] [
        figcaption [] [ str caption ]
        div [ _class "wide" ] [
            table [] [
                thead [] [
                    tr [] [
                        th [ attr "scope" "col" ] [ span [ _class "unseen" ] [ str "row" ] ]
                        for column, _, isOfWords in columns do
                            heading column isOfWords
                    ]
                ]
                tbody [] [
                    for key in frame.RowKeys do
                        tr [] [
                            th [ attr "scope" "row" ] [ str key ]
                            for _, cells, isOfWords in columns do
                                td
                                    [
                                        if isOfWords then
                                            _class "text"
                                    ]
                                    (content cells[key])
                        ]
                ]
            ]
        ]
        if not lines.IsEmpty then
            details [ _class "glossary" ] [
                summary [] [ str "What the columns are" ]
                ul [] [
                    for line in lines do
                        li [] [ str line ]
                ]
            ]
    ]
