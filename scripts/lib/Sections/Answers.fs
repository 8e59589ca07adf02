/// The study's questions, answered from the figures of this run.
module MedTransfer.Recipes.Sections.Answers

open System
open MedTransfer.Data
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

/// A question and the sentences that answer it.
type Answer = { Question: string; Sentences: string list }

let private less (metric: Measure) way reference (outcomes: Outcome list) =
    pairs metric (ofWay way outcomes) (ofWay reference outcomes) |> difference

let private joined (names: string list) = if names.IsEmpty then "none" else String.concat ", " names

/// The names whose difference to the reference, over seeds, has the verdict.
let private overSeeds wanted metric reference names outcomes =
    names |> List.filter (fun name -> less metric name reference outcomes |> verdict = wanted)

// on phantoms and in a smoke run a difference stands without a verdict
let private onTest (lab: Lab) score name reference outcomes =
    let judged = Comparisons.judged lab score name reference outcomes
    let text = Comparisons.text 3 judged

    if lab.HasVerdicts then
        $"{text}: {Comparisons.verdictText lab judged}"
    else
        text

// the same of a figure that is no test score
let private clause (lab: Lab) metric name reference outcomes =
    let compared = less metric name reference outcomes
    let text = differenceText 3 compared

    if not lab.HasVerdicts then
        text
    else
        match verdict compared with
        | Verdict.Above -> $"{text}: higher over seeds"
        | Verdict.Below -> $"{text}: lower over seeds"
        | Verdict.Undecided -> $"{text}: no difference shown"
        | _ -> $"{text}: not tested"

/// The names that have outcomes: a way may have been left out.
let private present names (outcomes: Outcome list) = names |> List.filter (fun name -> not (ofWay name outcomes).IsEmpty)

let private mean metric name (outcomes: Outcome list) = outcomes |> ofWay name |> meanOf 3 metric

/// Task 1, question 2: what smart training does about learning by heart.
let smartTraining (lab: Lab) reference (names: string list) (outcomes: Outcome list) =
    let names = present names outcomes
    let gapSmaller = overSeeds Verdict.Below accuracyGap reference names outcomes

    let judged =
        Comparisons.family lab aucScore reference outcomes
        |> List.filter (fun judged -> List.contains judged.Way names)

    let withVerdict wanted = [
        for way in judged do
            if List.contains way.Verdict wanted then
                way.Way
    ]

    let better = withVerdict [ WayVerdict.Better; WayVerdict.BetterByLess ]
    let worse = withVerdict [ WayVerdict.Worse; WayVerdict.WorseByLess ]
    let equivalent = withVerdict [ WayVerdict.Equivalent ]
    let undecided = withVerdict [ WayVerdict.NoDifferenceShown ]
    let untested = withVerdict [ WayVerdict.TooFewSeeds; WayVerdict.Untested ]

    {
        Question = "Which training keeps the CNN from learning few images by heart?"
        Sentences = [
            $"Trained plainly it has ACC {mean trainAccuracy reference outcomes} on its training images and {mean testAccuracy reference outcomes} on test."
            if lab.HasVerdicts then
                $"The gap between the two is smaller over seeds with: {joined gapSmaller}."
                $"By test AUC ({mean testAuc reference outcomes} plainly) these are better: {joined better}; worse: {joined worse}; equivalent within {lab.Options.Margin}: {joined equivalent}; no difference shown: {joined undecided}; not tested: {joined untested}."

                if gapSmaller |> List.exists (fun name -> not (List.contains name better)) then
                    "A smaller gap alone is no gain: a model that learns less of its training images has one too."
        ]
    }

/// Task 1, question 3: whether the autoencoder's encoder helps, and what the maps are worth.
let autoencoder (lab: Lab) reference frozen tuned (changes: Trainability.Change list) (outcomes: Outcome list) = {
    Question = "Is the encoder of an autoencoder worth transferring, and do PCA and t-SNE show it?"
    Sentences = [
        for name in present [ frozen; tuned ] outcomes do
            $"{name} minus {reference}: test ACC {onTest lab accuracyScore name reference outcomes}; test AUC {onTest lab aucScore name reference outcomes}; gap between train and test {clause lab accuracyGap name reference outcomes}."
        for name in present [ frozen; tuned ] outcomes do
            let seen =
                if lab.ShowsStudy then
                    "The study saw a significant drop of the training accuracy"
                else
                    "Training accuracy"

            $"{seen}; {name}: {clause lab trainAccuracy name reference outcomes}."
        $"{Wording.capital (Trainability.text changes)}; {Trainability.comparisonText changes}."
    ]
}

/// Task 2, question a: whether transfer is better.
let transfer (lab: Lab) reference frozen tuned (outcomes: Outcome list) = {
    Question = "Are results better with transferred weights?"
    Sentences = [
        for name in present [ frozen; tuned ] outcomes do
            $"{name} minus {reference}: test ACC {onTest lab accuracyScore name reference outcomes}; test AUC {onTest lab aucScore name reference outcomes}."
        if lab.ShowsStudy then
            "The study says that both transfers are slightly better, and its own Table 3 has .860 without transfer, .857 fine-tuned and .811 frozen: the sentence and the table contradict each other."
    ]
}

/// Task 2, question b: frozen or fine-tuned.
let freezing (lab: Lab) times frozen converged tuned size (outcomes: Outcome list) = {
    Question = "Should the transferred layers be frozen?"
    Sentences = [
        if present [ frozen; tuned ] outcomes = [ frozen; tuned ] then
            $"{frozen} minus {tuned}: test ACC {onTest lab accuracyScore frozen tuned outcomes}; test AUC {onTest lab aucScore frozen tuned outcomes}."
        // a head that has not converged says less of freezing than of its epochs
        if present [ converged; tuned ] outcomes = [ converged; tuned ] then
            $"With a head that is trained to its optimum ({converged}) minus {tuned}: test AUC {onTest lab aucScore converged tuned outcomes}."
        // tuned, a fine-tuned way may be partly frozen: its time is no measure then
        match Times.saving frozen tuned size times with
        | Some saving when lab.Options.Tuning.IsNone ->
            let through =
                match Times.saving $"{frozen}, through all layers" tuned size times with
                | Some saving -> $"; {Times.savingText saving} less where every batch passes all layers"
                | None -> ""

            $"{frozen} takes {Times.savingText saving} less time than {tuned}, as what its frozen layers make of an image is computed once{through}."
        | _ -> ()
    ]
}

/// Task 2, question c: the latent space.
let latentSpace reference tuned (changes: Trainability.Change list) (outcomes: Outcome list) =
    let separation (outcome: Outcome) split = outcome.Result.Embeddings split |> Maps.separationText

    {
        Question = "What do PCA and t-SNE show of the latent space?"
        Sentences = [
            for name in [ reference; tuned ] do
                match ofWay name outcomes with
                | [] -> ()
                | first :: _ ->
                    $"{name}, first seed: in the embeddings of training images {separation first SplitName.Train}; of test images {separation first SplitName.Test}."
            $"From frozen to fine-tuned, {Trainability.text changes}; {Trainability.comparisonText changes}."
        ]
    }

/// Each question with its answer; on phantoms and in a smoke run the figures stand, but mean nothing.
let section (lab: Lab) (answers: Answer list) = [
    Heading "The study's questions"
    Text(
        if not lab.HasVerdicts then
            "Nothing follows from the figures of this run: these answers only show how they are made."
        else
            "The study that this recipe reproduces asked these of one training of each way, on ChestMNIST and PneumoniaMNIST. Here they are answered from the figures of this run: means over seeds, and paired differences with 95 % intervals, which of test scores count in test images (patients, where they are known) too. All are exploratory but the one that was named beforehand."
    )
    for answer in answers do
        Text(Wording.under (lab.Evidence.Remarks) (String.concat " " (answer.Question :: answer.Sentences)))
]
