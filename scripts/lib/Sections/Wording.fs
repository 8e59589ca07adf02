/// How sizes, seeds and numbers are said.
module MedTransfer.Recipes.Sections.Wording

open System
open MedTransfer.Data
open MedTransfer.Training
open MedTransfer.Trials
open MedTransfer.Recipes

let size size =
    match size with
    | AllImages -> "all training images"
    | Images n -> $"{n} training images"

/// Says whose the last two columns are, where the study's are among them.
let study (figures: Map<string, Table.Study>) from =
    if figures.IsEmpty then
        ""
    else
        $" The last two columns are the study's, {from}."

let seeds (outcomes: Outcome list) =
    match outcomes |> List.distinctBy _.Way.Seed |> List.length with
    | 1 -> "one seed"
    | n -> $"{n} seeds, mean ± standard deviation"

let private choosesByValidation (outcome: Outcome) =
    let chooses (trial: Trial) =
        let fit = trial.Spec.Fit
        fit.Solver <> Solver.Convex && (not (isNull fit.EarlyStopping) || fit.Keep = KeptEpoch.Best)

    match outcome.Way.Parts with
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
            $"{size size'}, and {count} validation images besides, by which these choose their epoch: {names}; the others do not look at them"

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
        $"{scores} are means over the findings."
    else
        $"{scores} are means over the classes, each against the rest."

/// What keeps figures from being those of a full run on patients' images: in short, to stand beside each, and as a sentence.
let remarks (lab: Lab) : (string * string) list = [
    match lab.Source.File.IsPhantom, lab.Target.File.IsPhantom with
    | true, true ->
        "On phantoms",
        "Measured on phantoms, images drawn by a program: they show that everything runs, and say nothing about patients."
    | true, false ->
        "Source: phantoms",
        $"The source, {lab.Source.Name}, is phantoms, images drawn by a program; the target, {lab.Target.Name}, is not. Where weights are transferred, they have seen drawings and no patient."
    | false, true ->
        "Target: phantoms",
        $"Measured on phantoms: the target, {lab.Target.Name}, is images drawn by a program; the source, {lab.Source.Name}, is not. The figures show that everything runs, and say nothing about patients."
    | false, false -> ()
    match lab.Target.Excerpt with
    | Some most ->
        "Smoke run",
        $"From a smoke run: at most {most} images of every split, a few epochs. It shows that everything works; its numbers mean nothing."
    | None -> ()
]

/// A text with figures, the remarks on them behind it in short.
let under (remarks: (string * string) list) text =
    match remarks with
    | [] -> text
    | _ -> $"""{text} ({remarks |> List.map fst |> String.concat ". "}.)"""
