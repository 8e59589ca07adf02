/// Tables on a terminal.
module MedTransfer.Recipes.Screen

open System
open Deedle

let private widest = 110

let private lines (frame: Frame<string, string>) (columns: string list) =
    let cells = [
        "" :: columns
        for key in frame.RowKeys do
            key :: [ for column in columns -> frame.GetColumn<string>(column).[key] ]
    ]

    let widths = cells |> List.transpose |> List.map (List.map String.length >> List.max)

    [
        for row in cells ->
            List.zip row widths
            |> List.mapi (fun i (cell, width) -> if i = 0 then cell.PadRight width else cell.PadLeft width)
            |> String.concat "  "
    ]

/// The table in blocks of columns, each narrow enough for a terminal.
let print (caption: string) (frame: Frame<string, string>) =
    let fits columns = (lines frame columns).Head.Length <= widest

    let blocks =
        (List.ofSeq frame.ColumnKeys, [])
        ||> List.foldBack (fun column blocks ->
            match blocks with
            | first :: rest when fits (column :: first) -> (column :: first) :: rest
            | _ -> [ column ] :: blocks)

    printfn "\n%s" caption

    for block in blocks do
        printfn ""
        lines frame block |> List.iter (printfn "%s")
