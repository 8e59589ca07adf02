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

let private capital (text: string) = $"{Char.ToUpperInvariant text[0]}{text.Substring 1}"

let private joined (names: string list) = if names.IsEmpty then "none" else String.concat ", " names

/// The names whose difference to the reference has the verdict.
let private withVerdict wanted metric reference names outcomes =
    names |> List.filter (fun name -> less metric name reference outcomes |> verdict = wanted)

// on phantoms and in a smoke run a difference stands without a verdict
let private clause (lab: Lab) metric digits name reference outcomes =
    let compared = less metric name reference outcomes
    let text = differenceText digits compared

    if not lab.HasVerdicts then
        text
    else
        match verdict compared with
        | Verdict.Above -> $"{text}: higher, by more than chance"
        | Verdict.Below -> $"{text}: lower, by more than chance"
        | Verdict.Undecided -> $"{text}: can't be told from chance"
        | _ -> $"{text}: not tested"

/// The names that have outcomes: a way may have been left out.
let private present names (outcomes: Outcome list) = names |> List.filter (fun name -> not (ofWay name outcomes).IsEmpty)

let private mean metric name (outcomes: Outcome list) = outcomes |> ofWay name |> meanOf 3 metric

/// Task 1, question 2: what smart training does about learning by heart.
let smartTraining (lab: Lab) reference (names: string list) (outcomes: Outcome list) =
    let names = present names outcomes
    let gapSmaller = withVerdict Verdict.Below accuracyGap reference names outcomes
    let better = withVerdict Verdict.Above testAuc reference names outcomes
    let worse = withVerdict Verdict.Below testAuc reference names outcomes
    let undecided = withVerdict Verdict.Undecided testAuc reference names outcomes
    let untested = withVerdict Verdict.Untested testAuc reference names outcomes

    {
        Question = "2. Which training keeps the CNN from learning few images by heart?"
        Sentences = [
            $"Trained plainly it has ACC {mean trainAccuracy reference outcomes} on its training images and {mean testAccuracy reference outcomes} on test."
            if lab.HasVerdicts then
                $"The gap between the two is smaller, by more than chance, with: {joined gapSmaller}."
                $"Test AUC ({mean testAuc reference outcomes} plainly) is higher, by more than chance, with: {joined better}; lower with: {joined worse}; not to be told from plain training: {joined undecided}; not tested: {joined untested}."

                if gapSmaller |> List.exists (fun name -> not (List.contains name better)) then
                    "A smaller gap alone is no gain: a model that learns less of its training images has one too."
        ]
    }

/// Task 1, question 3: whether the autoencoder's encoder helps, and what the maps are worth.
let autoencoder (lab: Lab) reference frozen tuned (changes: Trainability.Change list) (outcomes: Outcome list) = {
    Question = "3. Is the encoder of an autoencoder worth transferring, and do PCA and t-SNE show it?"
    Sentences = [
        for name in present [ frozen; tuned ] outcomes do
            $"{name} less {reference}: test ACC {clause lab testAccuracy 3 name reference outcomes}; test AUC {clause lab testAuc 3 name reference outcomes}; gap between train and test {clause lab accuracyGap 3 name reference outcomes}."
        for name in present [ frozen; tuned ] outcomes do
            let seen =
                if lab.ShowsStudy then
                    "The study saw a significant drop of the training accuracy"
                else
                    "Training accuracy"

            $"{seen}; {name}: {clause lab trainAccuracy 3 name reference outcomes}."
        $"{capital (Trainability.text changes)}; {Trainability.comparisonText changes}."
    ]
}

/// Task 2, question a: whether transfer is better.
let transfer (lab: Lab) reference frozen tuned (outcomes: Outcome list) = {
    Question = "a. Are results better with transferred weights?"
    Sentences = [
        for name in present [ frozen; tuned ] outcomes do
            $"{name} less {reference}: test ACC {clause lab testAccuracy 3 name reference outcomes}; test AUC {clause lab testAuc 3 name reference outcomes}."
        if lab.ShowsStudy then
            "The study says that both transfers are slightly better, and its own Table 3 has .860 without transfer, .857 fine-tuned and .811 frozen: the sentence and the table contradict each other."
    ]
}

/// Task 2, question b: frozen or fine-tuned.
let freezing (lab: Lab) times frozen tuned size (outcomes: Outcome list) = {
    Question = "b. Should the transferred layers be frozen?"
    Sentences = [
        if present [ frozen; tuned ] outcomes = [ frozen; tuned ] then
            $"{frozen} less {tuned}: test ACC {clause lab testAccuracy 3 frozen tuned outcomes}; test AUC {clause lab testAuc 3 frozen tuned outcomes}."
        // tuned, a fine-tuned way may be partly frozen: its time is no measure then
        match Times.saving frozen tuned size times with
        | Some saving when lab.Options.Tuning.IsNone -> $"{frozen} takes {Times.savingText saving} less time than {tuned}."
        | _ -> ()
    ]
}

/// Task 2, question c: the latent space.
let latentSpace reference tuned (changes: Trainability.Change list) (outcomes: Outcome list) =
    let separation (outcome: Outcome) split = outcome.Result.Embeddings split |> Maps.separationText

    {
        Question = "c. What do PCA and t-SNE show of the latent space?"
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
            "From the figures of this run: means over seeds, 95 % intervals of paired differences, and whether chance explains them."
    )
    for answer in answers do
        Text(Wording.under (lab.Evidence.Remarks) (String.concat " " (answer.Question :: answer.Sentences)))
]
