/// What the prompt shows of a value.
module MedTransfer.Recipes.Printers

open Deedle
open MedTransfer.Data
open MedTransfer.Models
open MedTransfer.Reduction
open MedTransfer.Trials

// rows of a frame that are shown; the rest is counted
let private mostRows = 20

let private frame (frame: Frame<string, string>) =
    if frame.RowCount <= mostRows then
        TerminalTable.text frame
    else
        $"{TerminalTable.text (Frame.take mostRows frame)}\n({frame.RowCount - mostRows} more rows)"

let private own (value: obj) : string option =
    match value with
    | :? Dataset as data -> Some(Describe.dataset data)
    | :? Split as split -> Some(Describe.split split)
    | :? Trial as trial -> Some(Describe.trial trial)
    | :? TrialResult as result -> Some(Describe.result result)
    | :? ComparedModels as compared -> Some(ComparedModels.text compared)
    | :? TrialFrames as frames -> Some(TrialFrames.text frames)
    | :? Architecture as network -> Some $"{network.Title}: {network.Description}"
    | :? (float32[,]) as matrix -> Some(Describe.matrix matrix)
    | :? IFittedMap as fitted -> Some(Describe.map fitted)
    | :? Figures.Figure -> Some "a chart, which show writes to a page"
    | :? Frame<string, string> as rows -> Some(frame rows)
    | :? Frame<int, string> as rows -> Some(frame (Frame.mapRowKeys string rows))
    | _ -> None

/// A value of our types in a line or a few, those after the first as far in as F# puts that; null of others, which F# shows itself.
let text (value: obj) : string | null = own value |> Option.map _.Trim('\n').Replace("\n", "\n  ") |> Option.toObj
