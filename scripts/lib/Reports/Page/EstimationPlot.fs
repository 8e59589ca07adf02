/// Paired scores of each seed beside the differences with their intervals, drawn as SVG: nothing of it needs hovering.
module MedTransfer.Recipes.EstimationPlot

open System
open System.Globalization
open Giraffe.ViewEngine
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

let private width, height = 460.0, 250.0

let private px (value: float) = value.ToString("0.#", CultureInfo.InvariantCulture)

let private line kind (x1, y1) (x2, y2) =
    tag "line" [ _class kind; attr "x1" (px x1); attr "y1" (px y1); attr "x2" (px x2); attr "y2" (px y2) ] []

let private label kind anchor (x, y) (text: string) =
    tag "text" [ _class kind; attr "text-anchor" anchor; attr "x" (px x); attr "y" (px y) ] [ str text ]

let private dot kind (x, y) = tag "circle" [ _class kind; attr "cx" (px x); attr "cy" (px y); attr "r" "4" ] []

/// Some four round numbers from the least to the most.
let ticks (least: float) (most: float) : float list =
    let rough = max ((most - least) / 4.0) 1e-6
    let power = 10.0 ** floor (log10 rough)
    let step = [ 1.0; 2.0; 5.0; 10.0 ] |> List.map ((*) power) |> List.find (fun step -> step >= rough * 0.999)
    [ for k in ceil (least / step - 1e-9) .. floor (most / step + 1e-9) -> Math.Round(k * step, 10) ]

// as many digits as tell ticks apart
let private tickText (all: float list) (value: float) =
    let digits =
        match all with
        | first :: second :: _ -> max 1 (int (ceil (-log10(second - first) - 1e-9)))
        | _ -> 2

    number digits value

// room around the values, so that none lies on an edge
let private range (values: float list) =
    let least, most = List.min values, List.max values
    let room = max (0.08 * (most - least)) 0.005
    least - room, most + room

/// A name in lines that fit below a column.
let wrapped (most: int) (name: string) : string list =
    let step (lines: string list) (word: string) =
        match lines with
        | last :: rest when last.Length + 1 + word.Length <= most -> $"{last} {word}" :: rest
        | _ -> word :: lines

    name.Split ' ' |> Array.toList |> List.fold step [] |> List.rev

let private svg (says: string) (height: float) (content: XmlNode list) =
    tag "svg" [ attr "viewBox" $"0 0 {px width} {px height}"; attr "role" "img"; attr "aria-label" says ] content

let private seeds (plot: Estimation) =
    let left, right, top, bottom = 52.0, 8.0, 26.0, 56.0
    let low, high = plot.Ways |> List.collect (snd >> List.map snd) |> range
    let y score = top + (height - top - bottom) * (high - score) / (high - low)
    let column = (width - left - right) / float plot.Ways.Length
    let x place = left + column * (float place + 0.5)
    let marks = ticks low high

    let ofSeed seed = [
        for place, (_, scores) in List.indexed plot.Ways do
            match scores |> List.tryFind (fun (other, _) -> other = seed) with
            | Some(_, score) -> x place, y score
            | None -> ()
    ]

    let says =
        plot.Ways
        |> List.map (fun (way, scores) -> $"{way} {scores |> List.map (snd >> Some) |> meanText 3}")
        |> String.concat "; "

    svg $"{plot.Score} of each training, mean and standard deviation: {says}." height [
        label "title" "start" (left, 14.0) $"{plot.Score}, each training"
        for mark in marks do
            line "rule" (left, y mark) (width - right, y mark)
            label "tick" "end" (left - 6.0, y mark + 4.0) (tickText marks mark)
        for seed in plot.Ways |> List.collect (snd >> List.map fst) |> List.distinct do
            for a, b in ofSeed seed |> List.pairwise do
                line "pair" a b
        for place, (way, scores) in List.indexed plot.Ways do
            for _, score in scores do
                dot "seed" (x place, y score)

            let mean = scores |> List.averageBy snd
            line "mean" (x place - 0.28 * column, y mean) (x place + 0.28 * column, y mean)

            for row, text in way |> wrapped (int (column / 7.0)) |> List.truncate 3 |> List.indexed do
                label "name" "middle" (x place, height - bottom + 18.0 + 15.0 * float row) text
    ]

let private differences (plot: Estimation) =
    let left, right, top, row = 16.0, 16.0, 26.0, 66.0
    let height = max height (top + row * float plot.Differences.Length + 46.0)
    let bottom = top + row * float plot.Differences.Length

    let low, high =
        [
            0.0
            for _, mean, interval in plot.Differences do
                mean

                match interval with
                | Some interval -> yield! [ interval.Low; interval.High ]
                | None -> ()

            yield! [ -plot.Margin; plot.Margin ]
        ]
        |> range

    let x value = left + (width - left - right) * (value - low) / (high - low)
    let marks = ticks low high

    let says =
        plot.Differences
        |> List.map (fun (what, mean, interval) ->
            let interval = interval |> Option.map (fun interval -> $" {intervalText 3 interval}") |> Option.defaultValue ""
            $"{what} {signed 3 mean}{interval}")
        |> String.concat "; "

    svg $"Differences in {plot.Score} with 95 %% intervals: {says}." height [
        label "title" "start" (left, 14.0) $"Difference in {plot.Score}, mean and 95 %% interval"
        tag "rect" [
            _class "margin"
            attr "x" (px (x -plot.Margin))
            attr "y" (px top)
            attr "width" (px (x plot.Margin - x -plot.Margin))
            attr "height" (px (bottom - top))
        ] []
        for mark in marks do
            line (if mark = 0.0 then "zero" else "rule") (x mark, top) (x mark, bottom)
            label "tick" "middle" (x mark, bottom + 16.0) (if mark = 0.0 then "0" else $"{tickText marks mark}")
        for place, (what, mean, interval) in List.indexed plot.Differences do
            let y = top + row * (float place + 0.8)

            for row, text in what |> wrapped 60 |> List.truncate 2 |> List.indexed do
                label "name" "start" (left, y - 34.0 + 15.0 * float row) text

            match interval with
            | Some interval -> line "interval" (x interval.Low, y) (x interval.High, y)
            | None -> ()

            dot "mean" (x mean, y)
        label "tick" "start" (left, bottom + 34.0) $"Shaded: a difference below {plot.Margin}, taken not to matter."
    ]

/// Both, side by side where there is room.
let ofEstimation (plot: Estimation) =
    div [ _class "estimation" ] [
        seeds plot
        if not plot.Differences.IsEmpty then
            differences plot
    ]
