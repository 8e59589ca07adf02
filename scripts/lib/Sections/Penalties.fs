/// The penalties that converged heads chose on their training images.
module MedTransfer.Recipes.Sections.Penalties

open System.Globalization
open MedTransfer.Evaluation.Intervals
open MedTransfer.Training
open MedTransfer.Recipes
open MedTransfer.Recipes.Report

/// The choice of each training of a way that made one.
let private chosen (outcomes: Outcome list) : ChosenPenalty list =
    outcomes
    |> List.collect (fun outcome -> outcome.Result :: outcome.Parts)
    |> List.choose (fun result -> Option.ofObj result.Metrics.ChosenPenalty)

/// Ends of what was tried, and whether a choice is there.
let private ends: (string * (ChosenPenalty -> bool)) list = [
    "the strongest tried", _.IsStrongest
    "the weakest tried", _.IsWeakest
    "the strongest for want of folds", (fun choice -> choice.Folds = 0)
]

let private number (value: float) = value.ToString("G3", CultureInfo.InvariantCulture)

/// Median and range over trainings, and how many are at an end of what was tried.
let private text (choices: ChosenPenalty list) =
    let over = MedianAndRange.Of(choices |> Seq.map _.InversePenalty)

    let range =
        if over.Lowest = over.Highest then
            number over.Median
        else
            $"{number over.Median} ({number over.Lowest} to {number over.Highest})"

    String.concat "; " [
        range
        for name, isThere in ends do
            match choices |> List.filter isThere |> List.length with
            | 0 -> ()
            | count -> $"{count} at {name}"
    ]

/// The C of one trained model, and whether it is at an end; nothing where none was chosen.
let ofModel (outcome: Outcome) =
    match chosen [ outcome ] with
    | [ choice ] ->
        String.concat "; " [
            number choice.InversePenalty
            for name, isThere in ends do
                if isThere choice then
                    name
        ]
    | _ -> ""

/// Whether any of these chose its penalty.
let exist (outcomes: Outcome list) = chosen outcomes |> List.isEmpty |> not

/// Chosen C by way and number of training images; nothing where no way has one.
let table (outcomes: Outcome list) = [
    if exist outcomes then
        let choosing = outcomes |> List.filter (fun outcome -> exist [ outcome ])
        let sizes = choosing |> List.map _.Way.Size |> List.distinct

        WordTable(
            "penalties",
            "C of the converged heads, which each training chooses for itself by folds of its training images (a small C is a strong penalty): median and range over trainings. At an end of what was tried, values beyond might be better; the strongest of all means that the folds found little that the embeddings tell.",
            Table.ofRows (sizes |> List.map (fun size -> Wording.size size)) [
                for way, all in Outcomes.ways choosing |> List.map (fun (way, _) -> way, Outcomes.ofWay way choosing) do
                    way,
                    [
                        for size in sizes do
                            match all |> Outcomes.ofSize size |> List.distinctBy _.Way.Trial.Name |> chosen with
                            | [] -> ""
                            | choices -> text choices
                    ]
            ]
        )
]
