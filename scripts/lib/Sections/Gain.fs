/// What transfer gains at each size of the target's training split.
module MedTransfer.Recipes.Sections.Gain

open MedTransfer.Data
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

let private images (outcomes: Outcome list) = trainImages outcomes.Head

let private auc (outcomes: Outcome list) = outcomes |> List.map testAuc |> summary

/// Mean AUC of a way by the number of training images, fewest first.
let private curve way (sizes: TargetSize list) (outcomes: Outcome list) =
    sizes
    |> List.map (fun size -> outcomes |> ofSize size |> ofWay way)
    |> List.choose (fun at -> auc at |> Option.map (fun auc -> images at, auc.Mean))
    |> List.sortBy fst

// the mean of classes that are guessed is known beforehand
let private trivial = "majority class"

let private gains lab reference (sizes: TargetSize list) (outcomes: Outcome list) ways =
    Table.ofRows [ for size in sizes -> string size ] [
        for way in ways ->
            way,
            [
                for size in sizes ->
                    let at = outcomes |> ofSize size
                    Comparisons.judged lab aucScore way reference at |> Comparisons.text 3
            ]
    ]

/// How many images the reference needs for the mean test AUC of a way at one size, read off its curve over all sizes, as text.
let worth reference (sizes: TargetSize list) (outcomes: Outcome list) way size : string =
    let points = ResizeArray [ for images, auc in curve reference sizes outcomes -> struct (images, auc) ]

    outcomes
    |> ofSize size
    |> ofWay way
    |> auc
    |> Option.bind (fun auc ->
        ImagesNeeded.For(auc.Mean, points)
        |> Option.ofObj
        |> Option.map (fun needed ->
            let bound =
                match needed.Bound with
                | ImagesBound.AtMost -> "at most"
                | ImagesBound.MoreThan -> "more than"
                | _ -> "about"

            $"{bound} {needed.Images}{seedsText auc.Count auc.Total}"))
    |> Option.defaultValue "undefined"

let private equivalentImages reference (sizes: TargetSize list) (outcomes: Outcome list) ways =
    Table.ofRows [ for size in sizes -> string size ] [
        for way in ways -> way, [ for size in sizes -> worth reference sizes outcomes way size ]
    ]

/// Gain in test AUC of every way of transfer over the reference, size by size; and, with two sizes or more, how many images of the
/// reference each way is worth.
let bySize (lab: Lab) (reference: string) (sizes: TargetSize list) (outcomes: Outcome list) =
    let all = outcomes |> ways |> List.map fst |> List.filter ((<>) trivial)
    let others = all |> List.filter ((<>) reference)
    let controls = outcomes |> List.filter _.Way.IsControl |> ways |> List.map fst |> List.filter ((<>) trivial)

    let controlsText =
        match controls with
        | [] -> ""
        | _ -> $""" Controls, which transfer nothing: {String.concat "; " controls}."""

    [
        Heading "Gain by number of training images"
        Table(
            "gain",
            $"Test ROC AUC minus that of {reference}, by training images: {Wording.compared outcomes} Each p by itself: the tables of differences say what is left of it beside the other ways.{controlsText}",
            gains lab reference sizes outcomes others
        )
        match sizes with
        | []
        | [ _ ] -> ()
        | _ ->
            Table(
                "worth",
                $"How many images {reference} needs for the same mean test AUC, read off its curve between the sizes measured.{controlsText}",
                equivalentImages reference sizes outcomes others
            )

            let points = [
                for way in all ->
                    way,
                    [
                        for size in sizes do
                            match outcomes |> ofSize size |> ofWay way with
                            | [] -> ()
                            | at -> images at, List.map testAuc at
                    ]
            ]

            Charts(
                $"Test ROC AUC by number of training images; bars are one standard deviation over seeds and draws.{Wording.ofSomeSeeds points}",
                [ Figures.bySize "test ROC AUC" points ]
            )
    ]
