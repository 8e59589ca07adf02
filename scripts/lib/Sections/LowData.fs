/// Table 1: what a CNN makes of few images, and how that grows with their number.
module MedTransfer.Recipes.Sections.LowData

open System
open MedTransfer.Data
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Training
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

let private aucGap: Measure = fun outcome -> Option.map2 (-) (trainAuc outcome) (testAuc outcome)

let private columns = [
    { Name = "train ACC"; Of = trainAccuracy; Metric = None }
    accuracyScore
    { Name = "gap ACC"; Of = accuracyGap; Metric = None }
    { Name = "train AUC"; Of = trainAuc; Metric = None }
    { aucScore with Name = "test AUC" }
    { Name = "gap AUC"; Of = aucGap; Metric = None }
]

let private names = [ for column in columns -> column.Name ]

let private row (outcomes: Outcome list) = [ for column in columns -> scoreText 3 column outcomes ]

// what varies is shown here, not how sure its mean is
let private spread (outcomes: Outcome list) = [ for column in columns -> meanOf 3 column.Of outcomes ]

/// What the controls say of the set: where they are good, an accuracy says little of what a network saw.
let private difficulty lab way (outcomes: Outcome list) =
    let auc name = outcomes |> ofWay name |> List.distinctBy _.Way.Trial.Name |> List.map testAuc

    let lead control = Comparisons.judged lab aucScore way control outcomes |> Comparisons.text 3

    match auc "mean brightness", auc "pixel regression" with
    | [], _
    | _, [] -> []
    | brightness, pixels ->
        let overBrightness, overPixels = lead "mean brightness", lead "pixel regression"

        [
            Text
                $"How easy is this set? The mean brightness of an image alone reaches a test AUC of {meanText 3 brightness}, regression on the pixels {meanText 3 pixels}; {way} minus the one {overBrightness}, minus the other {overPixels}. A network has shown something of the disease only where it is better than both. Sets differ in this: figures of one can't be read against another's."
        ]

/// The scores of the way and its controls at one size, the study's beside them; and what varies them: seeds on one sample, samples at one seed.
let tables
    (lab: Lab)
    (study: Map<string, Table.Study>)
    way
    size
    (outcomes: Outcome list)
    (overSeeds: Outcome list)
    (overSamples: Outcome list)
    =
    let published pick name = study |> Map.tryFind name |> Option.map (pick >> sprintf "%.3f") |> Option.defaultValue ""
    let shown = outcomes |> List.filter (fun outcome -> outcome.Way.IsControl || outcome.Way.Name = way)

    [
        Heading $"Few images: {Wording.size size}"
        Table(
            "table1",
            $"""Table 1. Train and test scores and the gap between them; {Wording.images size shown}; {Wording.seeds shown}{Wording.ownSample size shown}.{Wording.study study "from one seed on ChestMNIST"} {Wording.intervals shown}""",
            Table.ofRows [
                yield! names
                if not study.IsEmpty then
                    "study train ACC"
                    "study test ACC"
            ] [
                for name, outcomes in ways shown ->
                    name,
                    [
                        yield! row outcomes
                        if not study.IsEmpty then
                            published _.Train name
                            published _.Test name
                    ]
            ]
        )
        Table(
            "spread",
            $"{way}: what varies its scores, {overSeeds.Length} trainings each, mean ± standard deviation. Validation and test images are the same throughout.",
            Table.ofRows names [
                "seeds, one sample", spread overSeeds
                if size <> AllImages then
                    "samples, one seed", spread overSamples
                "both", spread (ofWay way outcomes)
            ]
        )
        yield! difficulty lab way outcomes
    ]

// what one seed says, the controls of its own sample beside it
let private seedFit (controls: (string * Outcome list) list) (outcome: Outcome) =
    let auc (_, control: Outcome list) =
        control |> paired [ outcome ] |> List.tryHead |> Option.map snd |> Option.bind testAuc |> Option.toNullable

    SeedFit(
        Option.toNullable (trainAuc outcome),
        Option.toNullable (validationAuc outcome),
        [| for control in controls -> auc control |],
        [|
            for epoch in outcome.Result.History do
                if epoch.ValidationLoss.HasValue then
                    epoch.ValidationLoss.Value
        |]
    )

/// What follows for over- and underfitting, in words.
let private reading (controls: (string * Outcome list) list) (outcomes: Outcome list) =
    let fit = FitReading.Of [| for outcome in outcomes -> seedFit controls outcome |]
    let train, validation = meanOf 3 trainAuc outcomes, meanOf 3 validationAuc outcomes

    match fit.Fit with
    | Fit.TooLittle ->
        let name, control = controls[fit.BestControl.Value]
        $"underfits: train AUC {train}, less than the {meanOf 3 testAuc control} of {name} on test"
    | Fit.TooMuch ->
        $"overfits: train AUC {train}, validation {validation}; validation loss up by {number 2 fit.LossRise.Value} since the epoch at which the other seeds' is lowest"
    | Fit.GapAlone -> $"train AUC {train} above validation's {validation}, but no rise of the validation loss to be told"
    | Fit.NoGap -> "no gap to be told from these seeds"
    | Fit.Untested -> "not tested"
    | _ -> "AUC undefined"

/// Scores by the number of training images, the controls beside them, and what follows for over- and underfitting.
let learningCurve (lab: Lab) way (sizes: TargetSize list) (outcomes: Outcome list) =
    let controls = outcomes |> List.filter _.Way.IsControl
    let names = ways controls |> List.map fst
    let at size all = all |> ofSize size

    let line name (metric: Measure) all =
        name,
        [
            for size in sizes do
                match all |> at size with
                | [] -> ()
                | here -> trainImages here.Head, List.map metric here
        ]

    let trained = outcomes |> ofWay way

    [
        Heading "Learning curve"
        Table(
            "learning-curve",
            $"Test ROC AUC by number of training images, and for {way} what train, validation and controls say of its fit. Sizes differ in steps too: the same epochs of fewer images are fewer steps.",
            Table.ofRows [
                "train AUC"
                "validation AUC"
                "test AUC"
                "test ACC"
                for name in names do
                    $"{name}, test AUC"
                if lab.HasVerdicts then
                    "fit"
            ] [
                for size in sizes ->
                    let here = trained |> at size
                    let controlsHere = [ for name in names -> name, controls |> at size |> ofWay name ]

                    string size,
                    [
                        for metric in [ trainAuc; validationAuc; testAuc; testAccuracy ] do
                            meanOf 3 metric here
                        for _, control in controlsHere do
                            meanOf 3 testAuc control
                        if lab.HasVerdicts then
                            reading controlsHere here
                    ]
            ]
        )
        if sizes.Length > 1 then
            let points = [
                line $"{way}, train" trainAuc trained
                line $"{way}, validation" validationAuc trained
                line $"{way}, test" testAuc trained
                for name, control in ways controls do
                    line $"{name}, test" testAuc control
            ]

            Charts(
                $"ROC AUC by number of training images; bars are one standard deviation over seeds and samples.{Wording.ofSomeSeeds points}",
                [ Figures.bySize "ROC AUC" points ]
            )
    ]
