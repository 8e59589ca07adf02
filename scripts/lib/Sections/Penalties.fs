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

let private times word count = if count = 0 then [] else [ $"{count} at {word}" ]

/// Median and range over trainings, and how many are at an end of what was tried.
let private text (choices: ChosenPenalty list) =
    let over = MedianAndRange.Of(choices |> Seq.map _.InversePenalty)
    let number (value: float) = value.ToString("G3", CultureInfo.InvariantCulture)
    let count (is: ChosenPenalty -> bool) = choices |> List.filter is |> List.length

    let range =
        if over.Lowest = over.Highest then
            number over.Median
        else
            $"{number over.Median} ({number over.Lowest} to {number over.Highest})"

    String.concat "; " [
        range
        yield! times "the strongest tried" (count _.IsStrongest)
        yield! times "the weakest tried" (count _.IsWeakest)
        yield! times "the strongest for want of folds" (count (fun choice -> choice.Folds = 0))
    ]

/// The C of one trained model, and whether it is at an end; nothing where none was chosen.
let ofModel (outcome: Outcome) =
    match chosen [ outcome ] with
    | [ choice ] -> text [ choice ] |> _.Replace("1 at ", "")
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
