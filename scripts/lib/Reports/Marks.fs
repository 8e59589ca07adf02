/// By which colour and symbol the lines and classes of a figure are told apart.
module MedTransfer.Recipes.Marks

open System.Collections.Generic
open MedTransfer.Evaluation.Embeddings

/// Okabe and Ito's palette: told apart by colour-blind readers too
let colours = [| "#0072B2"; "#D55E00"; "#009E73"; "#CC79A7"; "#E69F00"; "#56B4E9"; "#000000"; "#F0E442" |]

// every colour with the first symbol, then with the second: classes differ in one of them
let private symbols = [|
    "circle"
    "x"
    "square"
    "triangle-up"
    "cross"
    "diamond"
    "star"
    "triangle-down"
    "hourglass"
    "pentagon"
    "bowtie"
    "hexagram"
|]

/// Classes that can be told apart.
let private mostMarks = colours.Length * symbols.Length

/// Points of no class, in the classes of a map.
let private noClass = EmbeddingQuality.NoClass

/// What is drawn of each class, in the order of the legend: its name, the classes it stands for (more than one where there are more than marks), colour and symbol.
let ofClasses (classNames: IReadOnlyList<string>) (classes: IReadOnlyList<int>) =
    let counts = classes |> Seq.countBy id |> Seq.filter (fun (c, _) -> c <> noClass) |> List.ofSeq
    let mark i = colours[i % colours.Length], symbols[i / colours.Length]

    let own, others =
        if classNames.Count <= mostMarks then
            [ for c, _ in List.sort counts -> c, mark c ], []
        else
            let bySize = counts |> List.sortBy (fun (c, count) -> -count, c) |> List.map fst
            let shown, rest = bySize |> List.splitAt (min bySize.Length mostMarks)
            [ for i, c in List.indexed (List.sort shown) -> c, mark i ], rest

    [
        if classes |> Seq.contains noClass then
            yield "no cluster", [ noClass ], ("#BBBBBB", "circle")
        if not others.IsEmpty then
            yield $"{others.Length} smaller classes", others, ("#777777", "circle-open")
        for c, mark in own do
            yield classNames[c], [ c ], mark
    ]
