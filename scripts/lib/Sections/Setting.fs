/// What a report says of how its figures came about: method, environment, command.
module MedTransfer.Recipes.Sections.Setting

open System
open MedTransfer.Data
open MedTransfer.Trials
open MedTransfer.Trials.Artefacts
open MedTransfer.Recipes
open MedTransfer.Recipes.Report

let private counted n (word: string) = if n = 1 then $"1 {word}" else $"{n} {word}s"

/// Design and comparison, from the specs that were run.
let private paragraphs (lab: Lab) (results: Results) =
    let outcomes = results.Outcomes
    let info = (lab.Load lab.Target.All).Info
    let controls, ways = outcomes |> Outcomes.ways |> List.partition (snd >> List.forall _.Way.IsControl)
    let number (pick: Outcome -> 'T) = outcomes |> List.map pick |> List.distinct |> List.length
    let names all = all |> List.map fst |> String.concat "; "

    let controlsText =
        if controls.IsEmpty then
            ""
        else
            $""" and {counted controls.Length "control"} ({names controls})"""

    let sizes = outcomes |> List.map Outcomes.trainImages |> List.distinct |> List.sort |> List.map string
    let colour = if info.Channels = 1 then "grey" else "colour"

    [
        $"""{counted ways.Length "way"} ({names ways}){controlsText} learned from {String.concat ", " sizes} training images of {lab.Target.Name} ({info.ImageSize} x {info.ImageSize} pixels, {colour}), with {counted (number _.Way.Seed) "seed"}: {counted (number _.Way.Trial.Name) "training"}. A seed decides initial weights, the order of images, and which images are sampled or make a fold; of a way without randomness one training serves all seeds that have the same images."""
        $"All are scored on images that they did not learn from, by the area under the ROC curve first. Differences are paired over seeds; their intervals count in seeds and test images (patients, where they are known) by two-way random effects, and a difference below {lab.Options.Margin} is taken not to matter (--margin)."
    ]

/// What each way does, generated from the specs that were run.
let method (lab: Lab) (results: Results) =
    let first = results.Outcomes |> List.distinctBy _.Way.Name

    let row name (spec: TrialSpec) = name, SpecWording.ofSpec spec

    [
        Heading "Method"
        yield! paragraphs lab results |> List.map Text
        Folded(
            "Every way in detail",
            [
                WordTable(
                    "method",
                    "Every way, from the specs that were run. Pixels are scaled to [-1, 1] but where another scale is named; a classifier's losses are softmax cross-entropy over classes and sigmoid cross-entropy over findings; a seed decides initial weights, order of images and the stratified sample. What is tested, the test split or a fold in its place, is read once, after training.",
                    Table.ofRows [ "model"; "weights"; "training" ] [
                        // one row stands for the pretrainings of all seeds
                        for pretraining in results.Pretraining |> List.distinctBy _.Trial.Label do
                            row pretraining.Trial.Label pretraining.Trial.Spec
                        for outcome in first do
                            row outcome.Way.Name outcome.Way.Trial.Spec
                            // folds' trainings and a soup's members hide behind their mean
                            match outcome.Way.Parts with
                            | [] -> ()
                            | part :: _ -> row $"{outcome.Way.Name}: each part" part.Spec
                    ]
                )
            ]
        )
        yield! Penalties.table results.Outcomes
        yield! TestUse.section lab results
    ]

/// What was measured of trainings on a GPU: whether the same one gives the same bits.
let repeatability (where: TrialEnvironment list) =
    match
        [
            for environment in where do
                if environment.Repeats.HasValue then
                    environment.Repeats.Value
        ]
    with
    | [] -> None
    | measured ->
        let others = measured |> List.filter not |> List.length
        let asked = $"The first steps of each of {measured.Length} trainings were done twice"

        Some(
            if others = 0 then
                $"{asked} and gave the same bits."
            else
                $"{asked}; those of {others} gave other bits: on this device the same training does not give the same numbers to the last digit."
        )

/// Versions, system, processor and device of trials that ran together.
let machine (all: TrialEnvironment list) =
    let where = all.Head
    let torch = Option.ofObj where.Libtorch |> Option.map (sprintf " on libtorch %s")
    let onnx = all |> List.tryPick (_.OnnxRuntime >> Option.ofObj) |> Option.map (sprintf ", ONNX Runtime %s")
    let processor = Option.ofObj where.Processor |> Option.map (sprintf ", %O")

    $"MedTransfer {where.MedTransfer}, TorchSharp {where.TorchSharp}{Option.defaultValue String.Empty torch}{Option.defaultValue String.Empty onnx}, {where.Runtime} on {where.System}{Option.defaultValue String.Empty processor}; {where.Device}, compute threads: {where.Threads}."

/// Where and when each trial of a run ran.
let environments (results: Results) : TrialEnvironment list =
    (results.Outcomes |> List.collect (fun outcome -> outcome.Result :: outcome.Parts @ outcome.Inner))
    @ results.Pretraining
    |> List.distinctBy _.Trial.Name
    |> List.map _.Environment

/// Where it ran, and the commands that run it again and that repeat its trainings.
let environment (lab: Lab) (results: Results) =
    let all = environments results

    [
        Heading "Environment"
        match repeatability all with
        | Some text -> Text text
        | None -> ()
        Text
            $"{machine all} The times of trials.csv are wall times of the optimisation beside whatever else ran: they say what was waited for, and compare nothing."
        Command lab.Command
        Text
            "Every training of this report is a folder, from which it can be done again and compared, bit by bit. (Folders from the root are left out of commands here; OUT is the one of --out.)"
        Command lab.RepeatCommand
    ]
