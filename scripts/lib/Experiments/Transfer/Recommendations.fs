/// Which way to take, and what taking it is worth.
module MedTransfer.Recipes.Recommendations

open MedTransfer.Data.Checks
open MedTransfer.Evaluation
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Trials.Testing
open MedTransfer.Recipes.Transfers

/// What is recommended, and what it is compared with.
type Recommendation = {
    /// The way to use: of folds the one that scores highest over all seeds, else the one that validation, or folds of the training images, choose.
    Way: string
    /// What it is compared with besides: of folds the control that scores highest over all seeds, which makes it harder to beat than one that is chosen without looking; else the one that is chosen as the way is.
    Control: string
    /// Of folds, the way of each seed and fold with its models, chosen by the other folds; nothing where one way was chosen once for all.
    Chosen: (int * ChosenWay) list
    /// What is compared, a seed each: choosing and training together, the control, no transfer.
    OfWay: (int * TestedWay) list
    OfControl: (int * TestedWay) list
    OfNone: (int * TestedWay) list
    /// Choosing and training together, minus no transfer.
    OverNone: Comparison | null
    /// The same minus the control.
    OverControl: Comparison | null
}

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

/// One way minus another, paired over the seeds that both have.
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

// ways compete with the seeds that all of them have
let private withSharedSeeds (tested: TestedTransfer list) =
    let seeds =
        tested
        |> List.groupBy _.Way
        |> List.map (fun (_, all) -> all |> List.map _.Seed |> Set.ofList)
        |> Set.intersectMany

    tested |> List.filter (fun one -> seeds.Contains one.Seed)

let private best (tested: TestedTransfer list) =
    tested |> List.groupBy _.Way |> List.maxBy (snd >> auc >> Option.defaultValue -1.0) |> fst

// of each seed the best way of each fold by the other folds
let private chosen (tested: TestedTransfer list) : (int * ChosenWay) list = [
    for seed, ways in tested |> List.groupBy _.Seed ->
        seed, ChosenWay.Of([| for way in ways -> struct (way.Way, way.Tested) |], Metric.RocAuc)
]

let private countsOf (chosen: (int * ChosenWay) list) =
    chosen |> List.collect (fun (_, way) -> List.ofSeq way.Names) |> List.countBy id |> List.sortByDescending snd

let private ofFolds ofNone (transfers: TestedTransfer list) (controls: TestedTransfer list) =
    let transfers = withSharedSeeds transfers
    let chosenTransfers = chosen transfers
    let procedure = [ for seed, way in chosenTransfers -> seed, way.Tested ]
    // one that the other folds choose for each fold would score lower than each of those that are chosen from: what is best without a fold is worse in it
    let control = best (withSharedSeeds controls)
    let ofControl = controls |> List.filter (fun one -> one.Way = control) |> bySeed

    {
        Way = best transfers
        Control = control
        Chosen = chosenTransfers
        OfWay = procedure
        OfControl = ofControl
        OfNone = ofNone
        OverNone = compare procedure ofNone
        OverControl = compare procedure ofControl
    }

// what a way is chosen by where test images must have no part in it
let private scoreToChooseBy (lab: Lab) (outcomes: Outcome list) : string -> float option =
    if choosesByInnerFolds lab then
        let scores =
            Map [
                for way, tested in onInnerFolds lab outcomes ->
                    way, tested.Score Metric.RocAuc |> Option.ofObj |> Option.map _.Value
            ]

        fun way -> scores |> Map.tryFind way |> Option.flatten
    else
        // by the seeds that all ways have
        let shared =
            outcomes
            |> List.groupBy _.Way.Name
            |> List.map (snd >> List.map _.Way.Seed >> Set.ofList)
            |> Set.intersectMany

        let own way = outcomes |> Outcomes.ofWay way |> List.filter (fun outcome -> shared.Contains outcome.Way.Seed)

        fun way ->
            match own way |> List.choose Outcomes.validationAuc with
            | [] -> None
            | values -> Some(List.average values)

let private ofTest (lab: Lab) (outcomes: Outcome list) ofNone (transfers: TestedTransfer list) (controls: TestedTransfer list) =
    let score = scoreToChooseBy lab outcomes

    let choose (tested: TestedTransfer list) =
        let way = tested |> List.map _.Way |> List.distinct |> List.maxBy (score >> Option.defaultValue -1.0)
        way, tested |> List.filter (fun one -> one.Way = way) |> bySeed

    let way, ofWay = choose transfers
    let control, ofControl = choose controls

    {
        Way = way
        Control = control
        Chosen = []
        OfWay = ofWay
        OfControl = ofControl
        OfNone = ofNone
        OverNone = compare ofWay ofNone
        OverControl = compare ofWay ofControl
    }

/// The way to take, and what taking the best is worth: chosen for each fold by the others, or once by validation, or by folds of the training images. None where nothing is
/// transferred.
let ofWays (lab: Lab) (outcomes: Outcome list) (tested: TestedTransfer list) : Recommendation option =
    let transfers = tested |> List.filter (fun one -> not (one.IsControl || one.Way = none || one.IsSoup))

    let controls = tested |> List.filter _.IsControl
    let ofNone = tested |> List.filter (fun one -> one.Way = none) |> bySeed

    if transfers.IsEmpty then
        None
    elif lab.TestScheme = TestScheme.Folds then
        Some(ofFolds ofNone transfers controls)
    else
        Some(ofTest lab outcomes ofNone transfers controls)

/// How often each way was chosen, of all folds and seeds, most first.
let counts (recommendation: Recommendation) : (string * int) list = countsOf recommendation.Chosen

/// What follows from it.
let verdict (lab: Lab) (recommendation: Recommendation) : TransferVerdict =
    let judge comparison = ComparisonVerdict.Of(comparison, lab.Options.Margin)
    TransferVerdict.Of(judge recommendation.OverNone, judge recommendation.OverControl, not lab.HasVerdicts)
