/// The study's sentences on transfer, as figures of this run.
module MedTransfer.Recipes.Sections.Claims

open System
open Deedle
open MedTransfer.Data
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Intervals
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

/// A sentence, what this run measured of it, and what the figures say of it.
type private Claim = { Sentence: string; Measured: string; Reading: string }

let private undecided = "can't be told from these seeds"

/// Of a sentence that says that something is more, and no more than that: of a difference that is above 0 if it holds.
let private reading verdict =
    match verdict with
    | Verdict.Above -> "holds here"
    | Verdict.Below -> "the opposite here"
    | Verdict.Undecided -> undecided
    | _ -> "not tested"

/// What no transfer reaches: a hundredth below the mean validation AUC at which it ends; and of how many seeds that is, if not of all.
let private levelOf (scratch: Outcome list) =
    scratch
    |> List.map lastValidationAuc
    |> summary
    |> Option.map (fun last -> Math.Round(last.Mean - 0.01, 3), seedsText last.Count last.Total)

let private epochsTo (level: float) (outcome: Outcome) = CensoredTime.ToReach(level, validationAucs outcome)

let private acceleration times size (outcomes: Outcome list) =
    let both = paired (ofWay "no transfer" outcomes) (ofWay "fine-tuned" outcomes)

    match levelOf (List.map fst both) with
    | None -> []
    | Some(level, ofSeeds) ->
        let scratch, tuned = both |> List.map (fst >> epochsTo level), both |> List.map (snd >> epochsTo level)

        let compared = SignTest.Of(scratch, tuned)

        let secondsTo name (epochs: CensoredTime) =
            Times.way name size times |> Option.map (Times.ofEpochs epochs.At >> MedianAndRange.Of >> _.Median)

        let said name (reached: CensoredTime list) =
            let median = CensoredTime.Median reached
            let more = if median.IsCensored then "at least " else ""

            let seconds = secondsTo name median |> Option.map (fun s -> $", {more}{number 1 s} s") |> Option.defaultValue ""

            let never =
                match reached |> List.filter _.IsCensored |> List.length with
                | 0 -> ""
                | n -> $" ({n} of {reached.Length} seeds never)"

            $"{name}: {more}{number 1 median.At} epochs{seconds}{never}"

        let withPretraining =
            let median = CensoredTime.Median tuned

            match times.Pretraining, secondsTo "fine-tuned" median with
            | Some pretraining, Some own ->
                let before = (Times.seconds pretraining |> MedianAndRange.Of).Median
                let more = if median.IsCensored then "at least " else ""
                $"; with its pretraining of {number 1 before} s, {more}{number 1 (before + own)} s"
            | _ -> ""

        let chance =
            match Option.ofNullable compared.PValue with
            | Some p -> $", sign test p = {number 3 p}"
            | None -> ""

        [
            {
                Sentence = "Transfer accelerates the learning."
                Measured =
                    $"""To a validation AUC of {number 3 level}{ofSeeds}, median: {said "no transfer" scratch}; {said "fine-tuned" tuned}{withPretraining}. Fine-tuned is there in fewer epochs for {compared.FirstLater} of {both.Length} seeds, in more for {compared.SecondLater}{chance}."""
                Reading = reading compared.Verdict
            }
        ]

/// What counts as "about 40 %": what rounds to it.
let private aboutFortyPercent = Interval(0.35, 0.45)

let private frozenIsFaster times size =
    let saved way = Times.saving way "fine-tuned" size times

    match saved "frozen, through all layers" with
    | None -> []
    | Some saving -> [
        let once =
            match saved "frozen" with
            | Some saving -> $", {Times.savingText saving} less where what the frozen layers make of an image is computed once"
            | None -> ""

        {
            Sentence = "Freezing takes about 40 % less time."
            Measured =
                $"Frozen takes {Times.savingText saving} less time than fine-tuned where every batch passes all layers{once}."
            Reading =
                match saving.Against aboutFortyPercent with
                | SavingVerdict.Holds -> "holds here"
                | SavingVerdict.InLine -> "less time here; 40 % is not ruled out"
                | SavingVerdict.More -> "more than that here"
                | SavingVerdict.Less -> "less than that here"
                | SavingVerdict.LessIfAny -> "less than that here, if any"
                | SavingVerdict.Opposite -> "the opposite here"
                | SavingVerdict.Undecided -> "can't be told from these rounds"
                | _ -> "not tested"
        }
      ]

let private slightlyBetter (lab: Lab) (outcomes: Outcome list) = [
    for way in [ "frozen"; "fine-tuned" ] do
        if not (ofWay way outcomes).IsEmpty then
            let judged score = Comparisons.judged lab score way "no transfer" outcomes
            let byAccuracy = judged accuracyScore

            let table =
                if lab.ShowsStudy then
                    " The study's own table has .86 without transfer, .811 frozen and .857 fine-tuned."
                else
                    ""

            {
                Sentence = $"Both transfers give slightly better results: {way}."
                Measured =
                    $"{way} minus no transfer: test ACC {Comparisons.text 3 byAccuracy}; ROC AUC {Comparisons.text 3 (judged aucScore)}.{table}"
                // of how much is slight the sentence says nothing
                Reading = $"{Comparisons.verdictText lab byAccuracy}, by ACC"
            }
]

let private trainability (changes: Trainability.Change list) =
    let text = $"{Trainability.text changes}; {Trainability.comparisonText changes}"

    {
        Sentence = "PCA is affected more by the trainability of the layers than t-SNE."
        Measured = $"{Wording.capital text}."
        Reading = Trainability.comparison changes |> verdict |> reading
    }

let private latentSpaces (lab: Lab) (results: Results) (outcomes: Outcome list) =
    let separation (result: MedTransfer.Trials.TrialResult) split = result.Embeddings split |> Maps.separationText

    // findings are many, a map has one colour an image
    let merged =
        if lab.Load(lab.Source.All).Info.Task = Nullable LabelTask.MultiLabel then
            " (any finding or none)"
        else
            ""

    match results.Pretraining, ofWay "fine-tuned" outcomes with
    | source :: _, first :: _ -> [
        {
            Sentence = "The source's latent space is inseparable, the target's separable."
            Measured =
                $"First seed, test: source{merged} {separation source SplitName.Test}; target, fine-tuned, {separation first.Result SplitName.Test}."
            Reading = "not tested"
        }
        {
            Sentence = "Embeddings of test images lie as those of training images do."
            Measured =
                $"First seed, fine-tuned: train {separation first.Result SplitName.Train}; test {separation first.Result SplitName.Test}."
            Reading = "not tested"
        }
      ]
    | _ -> []

/// The sentences with the figures of this run, on one size of the training split; with a reading only where the images are real.
let table (lab: Lab) (times: Times.Timings) (results: Results) size changes (outcomes: Outcome list) =
    let claims = [
        yield! acceleration times size outcomes
        // tuned, a fine-tuned way may be partly frozen: its time is no measure then
        if lab.Options.Tuning.IsNone then
            yield! frozenIsFaster times size
        yield! slightlyBetter lab outcomes
        yield! latentSpaces lab results outcomes
        trainability changes
    ]

    let columns, cells, rule =
        if not lab.HasVerdicts then
            [ "this run" ], (fun claim -> [ claim.Measured ]), ""
        else
            [ "this run"; "reading" ],
            (fun claim -> [ claim.Measured; claim.Reading ]),
            " A reading of accuracies is the verdict of the table of differences; of maps it follows from the 95 % interval of the paired difference over seeds; of epochs, from the sign test over seeds (p below .05, which takes six seeds), a seed that never reaches the level counting as later than all that do; of time, from the 95 % interval of the saving over rounds against 35 to 45 %, which covers no other machine."

    [
        Heading "The study's sentences"
        WordTable(
            "claims",
            $"What this run says of the study's sentences on transfer, {Wording.size size}.{rule}{Times.note times}",
            Table.ofRows columns [ for claim in claims -> claim.Sentence, cells claim ]
        )
    ]
