/// Several sources' ways against no transfer and controls, on images that no model of theirs learned from.
module MedTransfer.Recipes.Transfers

open MedTransfer.Data
open MedTransfer.Data.Resampling
open MedTransfer.Evaluation
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Models
open MedTransfer.Transfer
open MedTransfer.Trials
open MedTransfer.Trials.Testing

/// A way with one seed, tested.
type TestedTransfer = { Way: string; IsControl: bool; Seed: int; Tested: TestedWay }

/// What is recommended, and what it is compared with.
type Recommendation = {
    /// The way that scores highest over all seeds and folds: what to use.
    Way: string
    /// The control of which the same is true.
    Control: string
    /// How often each way was chosen, of all folds and seeds, most first.
    Chosen: (string * int) list
    /// Choosing and training together, less no transfer.
    OverNone: Comparison | null
    /// The same less the best control, chosen likewise.
    OverControl: Comparison | null
}

/// Where nothing is asked for.
let private usualSources = [ "imagenet-resnet18" ]

/// The way of no transfer.
let none = "no transfer"

let private foldCount = 5

let private folds (seed: int) = ResamplingOptions(Folds = foldCount, Seed = int64 seed)

/// Whether the set has a test split of its own; else folds of its training images take its place.
let hasTest (lab: Lab) = (lab.Load lab.Target.All).Test.Count > 0

/// The images that ways learn from and are tested on, with one seed: the set itself, or each of its folds.
let private parts (lab: Lab) seed = [
    if hasTest lab then
        lab.Target.All
    else
        for fold in 0 .. foldCount - 1 do
            lab.Target.All.WithFold(folds seed, fold)
]

/// Plans where nothing is asked for.
let private usualPlans = [ "frozen"; "last-stage"; "lp-ft"; "fine-tuned" ]

let private plansOf (lab: Lab) (backbone: Backbone) =
    let asked = lab.Options.Plans |> Option.defaultValue (List.map NamedPlan.Parse usualPlans)

    // an encoder of an ONNX file never trains here
    if backbone.Origin.IsSome then
        asked
    else
        asked |> List.filter (fun plan -> plan.Name = "frozen")

/// What can be transferred.
type Source =
    /// Weights or an encoder that others have trained.
    | Trained of Backbone
    /// A set to pretrain on.
    | Pretrained of LocatedDataset

/// Sources as the command line names them.
let sources (lab: Lab) : Source list =
    let info = (lab.Load lab.Target.All).Info

    let named =
        if lab.Options.Sources.IsEmpty then
            usualSources
        else
            lab.Options.Sources |> List.filter ((<>) "none")

    [
        for source in named do
            match lab.SourceSets |> List.tryFind (fun (name, _) -> name = source) with
            | Some(_, set) when set.File.Md5 = lab.Target.File.Md5 ->
                raise (
                    Values.usage
                        $"--source is {set.Name}, the set that is asked about: its labels can't both be pretrained on and tested. Name another set, or none."
                )
            | Some(_, set) -> Pretrained set
            | None ->
                match Backbones.find { lab.Options with Source = Some source } info with
                | Some backbone -> Trained backbone
                | None -> invalidOp $"{source} is neither a set nor a backbone"
    ]

let private nameOf source =
    match source with
    | Trained backbone -> backbone.Name
    | Pretrained set -> set.Name

// what tables can't tell apart
let private requireDistinct (sources: Source list) =
    match sources |> List.countBy nameOf |> List.tryFind (fun (_, count) -> count > 1) with
    | Some(name, count) ->
        raise (
            Values.usage $"{count} sources are called {name}: give their files other names, so that tables can tell them apart."
        )
    | None -> ()

/// The training on a source set, of a seed; where the set has no test split, on four fifths of it.
let private pretraining (lab: Lab) (set: LocatedDataset) seed =
    let images =
        if (lab.Load set.All).Test.Count > 0 then
            set.All
        else
            set.All.WithFold(folds seed, 0)

    lab.Trial($"pretraining on {set.Name}", images, TransferPlan.Scratch, lab.Pretraining, seed, model = ModelOptions())

// with the study's CNN, which sees the target's images in the source's size
let private asBackbone (lab: Lab) (set: LocatedDataset) (pretraining: Trial) : Backbone =
    let source, target = (lab.Load set.All).Info, (lab.Load lab.Target.All).Info

    let input =
        if source.ImageSize = target.ImageSize then
            null
        else
            ModelInput(ImageSize = source.ImageSize)

    {
        Name = set.Name
        Provenance = $"the CNN, pretrained on {set.Name}"
        Taken = None
        Origin = Some pretraining.AsOrigin
        Model = ModelOptions(Input = input)
    }

/// Every pretraining, and every training: one of each way for each seed and part, in the order of the ways.
let ways (lab: Lab) (sources: Source list) : Trial list * Way list =
    requireDistinct sources

    let ofSeed seed = [
        for source in sources ->
            match source with
            | Trained backbone -> None, backbone
            | Pretrained set ->
                let trial = pretraining lab set seed
                Some trial, asBackbone lab set trial
    ]

    let bySeed = [ for seed in lab.Seeds -> seed, ofSeed seed ]

    [
        for _, all in bySeed do
            yield! List.choose fst all
    ],
    [
        for seed, all in bySeed do
            for images in parts lab seed do
                yield! BackboneWays.without lab images AllImages seed

                for _, backbone in all do
                    yield! BackboneWays.transfers lab backbone (plansOf lab backbone) images AllImages seed
    ]

/// Runs them: all, or those that fit into the time that is given.
let run (lab: Lab) (pretraining: Trial list, ways: Way list) : Results =
    match lab.Options.Budget with
    | Some budget -> Budget.run lab budget [ none ] (pretraining, ways)
    | None -> lab.Run(pretraining, ways)

/// What each way's models say of images that they did not learn from.
let tested (lab: Lab) (outcomes: Outcome list) : TestedTransfer list =
    let data = lab.Load lab.Target.All

    [
        for (way, seed), all in outcomes |> List.groupBy (fun outcome -> outcome.Way.Name, outcome.Way.Seed) ->
            let results = all |> List.map _.Result |> Array.ofList

            {
                Way = way
                IsControl = all.Head.Way.IsControl
                Seed = seed
                Tested =
                    if hasTest lab then
                        TestedWay.OnTest(results[0], data.Test)
                    else
                        TestedWay.OnFolds(results, data.Train)
            }
    ]

let private compare (first: (int * TestedWay) list) (second: (int * TestedWay) list) : Comparison | null =
    let score (tested: TestedWay) = tested.Score Metric.RocAuc

    Comparison.Between(
        [|
            for seed, tested in first do
                match second |> List.tryFind (fun (other, _) -> other = seed) with
                | Some(_, other) -> ComparedTrainings(seed, seed, score tested, score other)
                | None -> ()
        |]
    )

let private bySeed (tested: TestedTransfer list) = [ for one in tested -> one.Seed, one.Tested ]

/// One way less another, paired over seeds.
let less (way: string) (reference: string) (tested: TestedTransfer list) : Comparison | null =
    let ofWay name = tested |> List.filter (fun one -> one.Way = name) |> bySeed
    compare (ofWay way) (ofWay reference)

// a way's mean over seeds; None where it is undefined
let private auc (tested: TestedTransfer list) : float option =
    match
        [
            for one in tested do
                match one.Tested.Score Metric.RocAuc with
                | null -> ()
                | score -> score.Value
        ]
    with
    | [] -> None
    | values -> Some(List.average values)

let private best (tested: TestedTransfer list) =
    tested |> List.groupBy _.Way |> List.maxBy (snd >> auc >> Option.defaultValue -1.0) |> fst

// of each seed the best way of each fold by the other folds
let private chosen (tested: TestedTransfer list) : (int * ChosenWay) list = [
    for seed, ways in tested |> List.groupBy _.Seed ->
        seed, ChosenWay.Of([| for way in ways -> struct (way.Way, way.Tested) |], Metric.RocAuc)
]

let private validationAuc (outcomes: Outcome list) (way: string) =
    outcomes |> Outcomes.ofWay way |> List.choose Outcomes.validationAuc |> List.average

// each seed's models of the way that validation images choose, all seeds together
let private chosenByValidation (outcomes: Outcome list) (tested: TestedTransfer list) =
    let way = tested |> List.map _.Way |> List.distinct |> List.maxBy (validationAuc outcomes)
    way, [ for one in tested |> List.filter (fun one -> one.Way = way) -> one.Seed, one.Tested ]

/// The way to take, and what taking the best is worth: chosen by folds, or by validation where there is a test split. None where nothing is
/// transferred, or there is nothing to choose by.
let recommend (lab: Lab) (outcomes: Outcome list) (tested: TestedTransfer list) : Recommendation option =
    let transfers = tested |> List.filter (fun one -> not one.IsControl && one.Way <> none)
    let controls = tested |> List.filter _.IsControl
    let ofNone = tested |> List.filter (fun one -> one.Way = none) |> bySeed

    if transfers.IsEmpty then
        None
    elif not (hasTest lab) then
        let chosenTransfers, chosenControls = chosen transfers, chosen controls
        let procedure = [ for seed, way in chosenTransfers -> seed, way.Tested ]

        Some {
            Way = best transfers
            Control = best controls
            Chosen =
                chosenTransfers
                |> List.collect (fun (_, way) -> List.ofSeq way.Names)
                |> List.countBy id
                |> List.sortByDescending snd
            OverNone = compare procedure ofNone
            OverControl = compare procedure [ for seed, way in chosenControls -> seed, way.Tested ]
        }
    elif (lab.Load lab.Target.All).Validation.Count = 0 then
        None
    else
        let way, ofWay = chosenByValidation outcomes transfers
        let control, ofControl = chosenByValidation outcomes controls

        Some {
            Way = way
            Control = control
            Chosen = []
            OverNone = compare ofWay ofNone
            OverControl = compare ofWay ofControl
        }

/// What follows from it.
let verdict (lab: Lab) (recommendation: Recommendation) : TransferVerdict =
    let judge comparison = ComparisonVerdict.Of(comparison, lab.Options.Margin)
    TransferVerdict.Of(judge recommendation.OverNone, judge recommendation.OverControl, not lab.HasVerdicts)
