/// The study's sentences on transfer, as figures of this run.
module MedTransfer.Recipes.Sections.Claims

open System
open Deedle
open MedTransfer.Data
open MedTransfer.Evaluation
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

/// A sentence, what this run measured of it, and the difference it rests on where it claims one: above 0 if it holds.
type private Claim = { Sentence: string; Measured: string; RestsOn: PairedDifference option }

let private reading (claim: Claim) =
    match verdict claim.RestsOn with
    | Untested -> "not tested"
    | Above -> "holds here"
    | Below -> "the opposite here"
    | Undecided -> "can't be told from these seeds"

/// The first epoch whose validation AUC reaches the level.
let private epochsTo (level: float) (outcome: Outcome) =
    outcome.Result.History
    |> Seq.tryFind (fun epoch -> epoch.ValidationAuc.HasValue && epoch.ValidationAuc.Value >= level)
    |> Option.map (fun epoch -> float epoch.Epoch)

let private secondsTo level (outcome: Outcome) =
    let ofOneEpoch = outcome.Result.Environment.TrainingSeconds / float outcome.Result.Metrics.Epochs
    epochsTo level outcome |> Option.map (fun epochs -> epochs * ofOneEpoch)

/// What every way reaches sooner or later: a hundredth below the mean validation AUC at which no transfer ends.
let private levelOf (scratch: Outcome list) =
    let last =
        scratch |> List.choose (fun outcome -> Option.ofNullable (Seq.last outcome.Result.History).ValidationAuc)

    if last.IsEmpty then None else Some(Math.Round(List.average last - 0.01, 3))

let private acceleration (results: Results) (outcomes: Outcome list) =
    let scratch, tuned = ofWay "no transfer" outcomes, ofWay "fine-tuned" outcomes

    match levelOf scratch with
    | None -> []
    | Some level ->
        let reached name way =
            let epochs = way |> List.choose (epochsTo level)
            $"{name}: {spread 1 epochs} epochs, {way |> List.choose (secondsTo level) |> spread 1} s ({epochs.Length} of {way.Length} seeds)"

        let pretraining = [ for result in results.Pretraining -> result.Environment.TrainingSeconds ]

        let withPretraining =
            List.zip results.Pretraining (ofWay "fine-tuned" outcomes)
            |> List.choose (fun (parent, way) ->
                secondsTo level way |> Option.map (fun s -> s + parent.Environment.TrainingSeconds))

        let without, fineTuned = reached "no transfer" scratch, reached "fine-tuned" tuned

        [
            {
                Sentence = "Transfer accelerates the learning."
                Measured =
                    $"To a validation AUC of {level:F3}: {without}; {fineTuned}; with its pretraining of {spread 1 pretraining} s, {spread 1 withPretraining} s."
                RestsOn = pairs (epochsTo level) scratch tuned |> difference
            }
        ]

let private frozenIsFaster (outcomes: Outcome list) =
    let times way = pairs seconds (ofWay "fine-tuned" outcomes) (ofWay way outcomes)

    let saved way = times way |> List.map (fun (tuned, frozen) -> 100.0 * (1.0 - frozen / tuned)) |> spread 0

    {
        Sentence = "Freezing takes about 40 % less time."
        Measured =
            $"""Frozen takes {saved "frozen, through all layers"} %% less time than fine-tuned where every batch passes all layers, {saved "frozen"} %% less where what the frozen layers make of an image is computed once."""
        RestsOn = times "frozen, through all layers" |> difference
    }

let private slightlyBetter (lab: Lab) (outcomes: Outcome list) = [
    for way in [ "frozen"; "fine-tuned" ] do
        let against figure = pairs figure (ofWay way outcomes) (ofWay "no transfer" outcomes) |> difference

        let table =
            if lab.ShowsStudy then
                " The study's own table has .86 without transfer, .811 frozen and .857 fine-tuned."
            else
                ""

        {
            Sentence = $"Both transfers give slightly better results: {way}."
            Measured =
                $"{way} less no transfer: test ACC {differenceText 3 (against testAccuracy)}; ROC AUC {differenceText 3 (against testAuc)}.{table}"
            RestsOn = against testAccuracy
        }
]

let private trainability (changes: (float * float) list) =
    let text = Trainability.text changes

    {
        Sentence = "PCA is affected more by the trainability of the layers than t-SNE."
        Measured = $"{Char.ToUpperInvariant text[0]}{text.Substring 1}."
        RestsOn = Trainability.comparison changes
    }

let private latentSpaces (results: Results) (outcomes: Outcome list) =
    let separation (result: MedTransfer.Trials.TrialResult) split = result.Embeddings split |> Maps.separationText
    let tuned = (ofWay "fine-tuned" outcomes).Head.Result

    [
        {
            Sentence = "The source's latent space is inseparable, the target's separable."
            Measured =
                $"First seed, test: source (any finding or none) {separation results.Pretraining.Head SplitName.Test}; target, fine-tuned, {separation tuned SplitName.Test}."
            RestsOn = None
        }
        {
            Sentence = "Embeddings of test images lie as those of training images do."
            Measured =
                $"First seed, fine-tuned: train {separation tuned SplitName.Train}; test {separation tuned SplitName.Test}."
            RestsOn = None
        }
    ]

/// The sentences with the figures of this run, on one size of the training split; with a reading only where the images are real.
let table (lab: Lab) (results: Results) size changes (outcomes: Outcome list) =
    let claims = [
        yield! acceleration results outcomes
        // tuned, a fine-tuned way may be partly frozen: its time is no measure then
        if lab.Options.Tuning.IsNone then
            frozenIsFaster outcomes
        yield! slightlyBetter lab outcomes
        yield! latentSpaces results outcomes
        trainability changes
    ]

    let columns, cells, rule =
        if not lab.HasVerdicts then
            [ "this run" ], (fun claim -> [ claim.Measured ]), ""
        else
            [ "this run"; "reading" ],
            (fun claim -> [ claim.Measured; reading claim ]),
            " A reading follows from the 95 % interval of the paired difference alone."

    [
        Heading "The study's sentences"
        WordTable(
            "claims",
            $"What this run says of the study's sentences on transfer, {Wording.size size}.{rule}",
            Table.ofRows columns [ for claim in claims -> claim.Sentence, cells claim ]
        )
    ]
