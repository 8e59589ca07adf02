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

// in the order of the bar; of many classes the first
let private classes (part: FlowPart) =
    let total = part.Classes |> List.sumBy snd

    p [] [
        for place, (name, count) in part.Classes |> List.truncate colours |> List.indexed do
            span [ _class "class" ] [ i [ _class $"c{place}" ] []; str $"{name} {count} ({percent count total} %%)" ]
        if part.Classes.Length > colours then
            str $"and {part.Classes.Length - colours} more"
    ]

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
                            classes part
                    ]
            ]
        ]
    ]
