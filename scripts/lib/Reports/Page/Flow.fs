/// Where the images of a set go: into splits, each with its classes as a bar.
module MedTransfer.Recipes.Flow

open Giraffe.ViewEngine
open MedTransfer.Recipes.Report

// what is told apart by colour is told by its text too
let private colours = 8

let private percent (count: int) (total: int) = Outcomes.number 0 (100.0 * float count / float total)

let private bar (part: FlowPart) =
    let total = part.Classes |> List.sumBy snd

    div [ _class "bar"; attr "aria-hidden" "true" ] [
        for place, (name, count) in List.indexed part.Classes do
            if count > 0 then
                span [ _class $"c{place % colours}"; _style $"flex-grow:{count}"; _title $"{name} {percent count total} %%" ] []
    ]

let private classes (part: FlowPart) =
    let total = part.Classes |> List.sumBy snd
    let largest = part.Classes |> List.sortByDescending snd |> List.truncate colours
    let more = part.Classes.Length - largest.Length
    let told = [ for name, count in largest -> $"{name} {count} ({percent count total} %%)" ]
    String.concat ", " (if more > 0 then told @ [ $"{more} more" ] else told)

/// Its total, what was left out, and the splits.
let ofSet (caption: string) (flow: SetFlow) =
    HtmlElements.figure [] [
        figcaption [] [ str caption ]
        div [ _class "flow" ] [
            p [ _class "whole" ] [
                strong [] [ str flow.Whole ]
                for left in flow.LeftOut do
                    br []
                    str left
            ]
            ul [] [
                for part in flow.Parts do
                    li [] [
                        strong [] [ str $"{part.Name}: {part.Images}" ]
                        if not part.Classes.IsEmpty then
                            bar part
                            p [] [ str (classes part) ]
                    ]
            ]
        ]
    ]
