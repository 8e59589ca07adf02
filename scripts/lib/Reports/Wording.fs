/// How sizes, seeds and numbers are said.
module MedTransfer.Recipes.Wording

open System
open MedTransfer.Data
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Training
open MedTransfer.Trials
open MedTransfer.Recipes

/// The beginning of a sentence.
let capital (text: string) = $"{Char.ToUpperInvariant text[0]}{text.Substring 1}"

let size size =
    match size with
    | AllImages -> "all training images"
    | Images n -> $"{n} training images"

/// Says whose the columns of the study are, where there are any.
let study (figures: Map<string, Table.Study>) from =
    if figures.IsEmpty then
        ""
    else
        $" The columns named study are the study's, {from}."

let private countOfSeeds (outcomes: Outcome list) = outcomes |> List.distinctBy _.Way.Seed |> List.length

/// Draws of the sample that every seed is trained on; None where each seed has its own, or there is no sample.
let private crossedDraws (outcomes: Outcome list) =
    let trained = outcomes |> List.filter (fun outcome -> not outcome.Way.IsControl)
    let draws = trained |> List.distinctBy (fun outcome -> Way.draw outcome.Way) |> List.length
    let cells = trained |> List.distinctBy (fun outcome -> outcome.Way.Seed, Way.draw outcome.Way) |> List.length
    if draws > 1 && cells > countOfSeeds trained then Some draws else None

/// How many trainings a way has.
let seedsAlone (outcomes: Outcome list) =
    match countOfSeeds outcomes, crossedDraws outcomes with
    | 1, None -> "one seed"
    | n, None -> $"{n} seeds"
    | n, Some draws -> $"{n} seeds on each of {draws} samples"

/// The same, and how they are summed up.
let seeds (outcomes: Outcome list) =
    let several = countOfSeeds outcomes > 1 || (crossedDraws outcomes).IsSome
    seedsAlone outcomes + (if several then ", mean ± standard deviation" else "")

/// Whose the test images are: what another test split would have others of.
let cases (outcomes: Outcome list) =
    match outcomes with
    | outcome :: _ when outcome.Patients.AreKnown -> "test patients"
    | _ -> "test images"

/// What varies between trainings: seeds, and samples of the training split where there are any.
let trainings (outcomes: Outcome list) =
    if outcomes |> List.forall (fun outcome -> outcome.Way.Size = AllImages) then
        "seeds"
    else
        "seeds and samples"

/// What each seed learns from, where a sentence on seeds goes on with it.
let ownSample size (outcomes: Outcome list) =
    match crossedDraws outcomes with
    | Some _ -> ""
    | None when size = AllImages -> ", all on the same images"
    | None -> ", each seed on a sample of its own"

/// What each seed of task 2 has, besides initial weights and an order of its images: a pretraining, unless a backbone serves them all.
let sample hasBackbone size (outcomes: Outcome list) =
    let pretraining = if hasBackbone then "" else " and a pretraining of its own"

    match crossedDraws outcomes with
    | Some draws when hasBackbone -> $"each of {draws} draws of the sample"
    | Some draws -> $"each of {draws} draws of the sample, and a pretraining of its own"
    | None when size = AllImages && hasBackbone -> "the same images"
    | None when size = AllImages -> "a pretraining of its own, all on the same images"
    | None -> $"a draw of the sample{pretraining}"

/// What stands under differences of test scores.
let compared (outcomes: Outcome list) =
    $"mean difference, 95 %% interval and p that count in {trainings outcomes} as well as {cases outcomes} (two-way random effects, Obuchowski and Rockette 1995); none below {Comparison.FewestSeeds} seeds."

/// The same where it is also said how often a way is the better one.
let comparedWithBeats (outcomes: Outcome list) =
    $"{compared outcomes} P(better): how often it scores higher with the same seed, a tie counting half, and Wilson's interval of that over seeds."

/// What stands under scores with intervals.
let intervals (outcomes: Outcome list) =
    $"Brackets: 95 %% intervals of the mean that count in {trainings outcomes} as well as {cases outcomes}, none below {Comparison.FewestSeeds} seeds; of a way that has one training, of {cases outcomes} alone."

/// Ways, but controls, that answer one of two classes for every test image: in how many trainings, of how many.
let answersOneClass (outcomes: Outcome list) : (string * int * int) list =
    let isOne (outcome: Outcome) =
        let test = outcome.Result.Metrics.Scores SplitName.Test

        test.PositiveClass.HasValue
        && (match Option.ofNullable test.Sensitivity, Option.ofNullable test.Specificity with
            | Some sensitivity, Some specificity -> abs (sensitivity - specificity) = 1.0
            | _ -> false)

    [
        for name, all in outcomes |> Outcomes.transfers |> Outcomes.ways do
            match all |> List.filter isOne |> List.length with
            | 0 -> ()
            | n -> name, n, all.Length
    ]

/// The same as a sentence; None where there are none.
let oneClass (outcomes: Outcome list) : string option =
    match answersOneClass outcomes with
    | [] -> None
    | ways ->
        let ways = [ for name, n, all in ways -> $"{name} ({n} of {all})" ]

        Some
            $"""Note: one class is the answer to every test image, in so many trainings: {String.concat ", " ways}. Their ACC is that class's share, and a difference of ACC says nothing of what they have learnt; train longer, or look at the AUC."""

/// The rule of verdicts.
let verdicts (lab: Lab) =
    let margin = lab.Options.Margin
    $"Verdicts on this page: better or worse where the interval leaves out 0 and p stays below .05 when adjusted, by Holm's method, for the other ways that are compared with the same reference by the same score at the same size (the primary comparison stands alone); equivalent, or better by less than {margin}, where the 90 %% interval lies within {margin} (two one-sided tests, each by itself); else no difference is shown, which does not mean that there is none."

/// A comparison that is named beforehand.
let primary (primary: Primary) = $"test ROC AUC of {primary.Way} minus {primary.Reference}, {size primary.Size}"

let private averages (outcome: Outcome) =
    let spec = outcome.Way.Trial.Spec
    spec.Members.Count > 0 && spec.Combination = MemberCombination.GreedySoup

/// Whether its epoch, or that of one of its parts, or which weights it averages, is what scores best on validation.
let choosesByValidation (outcome: Outcome) =
    let chooses (trial: Trial) =
        let fit = trial.Spec.Fit
        fit.Solver <> Solver.LogisticRegression && (not (isNull fit.EarlyStopping) || fit.Keep = KeptEpoch.Best)

    match outcome.Way.Parts with
    | _ when averages outcome -> true
    | [] -> chooses outcome.Way.Trial
    | parts -> List.exists chooses parts

/// The images that the ways learn from, validation's counted where one of them chooses its epoch by it.
let images size' (outcomes: Outcome list) =
    let chosen = outcomes |> List.filter choosesByValidation

    match chosen |> List.tryHead with
    | None -> $"{size size'}, none of validation"
    | Some first ->
        let count = first.Result.Metrics.Scores(SplitName.Validation).Images
        let names = chosen |> List.map _.Way.Name |> List.distinct |> String.concat ", "

        if outcomes |> List.forall (fun outcome -> outcome.Way.IsControl || choosesByValidation outcome) then
            $"{size size'} and {count} validation images, by which the epoch is chosen"
        else
            let what =
                if List.exists averages chosen then
                    "their epoch or the weights that they average"
                else
                    "their epoch"

            $"{size size'}, and {count} validation images besides, by which these choose {what}: {names}; the others do not look at them"

/// The positive class of two by its name, by its number where it has none; empty where there are other than two classes.
let positive (info: DatasetInfo) =
    if not info.HasTwoClasses then
        ""
    else
        match info.LabelNames[info.PositiveClass] with
        | name when name = string info.PositiveClass -> $"class {name}"
        | name -> name

/// A score with the class it is of.
let ofClass (score: string) positive = if positive = "" then score else $"{score} ({positive})"

/// Which class or classes sensitivity and its like are of.
let scored (lab: Lab) =
    let info = lab.Load(lab.Target.All).Info
    let scores = "Sensitivity, specificity, precision and F1"

    if info.HasTwoClasses then
        // nobody said which class of somebody's own set is the disease
        let isAssumed =
            lab.Options.Positive.IsNone
            && isNull lab.Target.File.Entry
            && not lab.Target.File.IsPhantom
            && not lab.Target.IsBinarised

        let hint =
            if isAssumed then
                ", the second class by default; --positive names the other"
            else
                ""

        $"{scores} are of {positive info}{hint}."
    elif info.Task = Nullable LabelTask.MultiLabel then
        $"{scores} are means over the findings for which they are defined: a finding never called has no precision."
    else
        $"{scores} are means over the classes, each against the rest."

/// Ends the caption of a chart of means over seeds, by images: those that are not of all seeds, as some have no value.
let ofSomeSeeds (ways: (string * (int * float option list) list) list) =
    let some = [
        for way, points in ways do
            for images, values in points do
                match Outcomes.summary values with
                | Some summary when summary.Count < summary.Total ->
                    $"{way}, {images} images{Outcomes.seedsText summary.Count summary.Total}"
                | _ -> ()
    ]

    if some.IsEmpty then
        ""
    else
        $""" Undefined for some seeds, and the mean of the others: {String.concat "; " some}."""

/// A text with figures, the remarks on them behind it in short.
let under (remarks: (string * string) list) text =
    match remarks with
    | [] -> text
    | _ -> $"""{text} ({remarks |> List.map fst |> String.concat ". "}.)"""
