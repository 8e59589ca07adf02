/// What repeated trials came to, in tables and words.
module MedTransfer.Recipes.Repetitions

open System
open System.Collections.Generic
open MedTransfer.Evaluation
open MedTransfer.Trials.Repetition

let private result (repetition: TrialRepetition) =
    let expected =
        if repetition.Recorded.HasOtherName then "of another version"
        elif repetition.Machine.Count > 0 then "on another machine"
        else "from other weights"

    match repetition.Outcome with
    | RepetitionOutcome.SameBits -> "same bits"
    | RepetitionOutcome.FiguresAgree -> $"other bits, as expected {expected}: figures agree"
    | RepetitionOutcome.FiguresDiffer ->
        $"other bits, as expected {expected}: figures differ by more than the original's interval"
    | RepetitionOutcome.FiguresUnknown -> $"other bits, as expected {expected}: figures can't be compared"
    | RepetitionOutcome.Damaged ->
        $"""the original is damaged: {String.concat ", " repetition.DamagedArtefacts} missing, or not what was measured"""
    | _ -> "other bits on the same kind of machine: this should not be"

let private figures (repetition: TrialRepetition) =
    let number (value: Nullable<float>) = if value.HasValue then value.Value.ToString "F4" else "undefined"

    String.concat "; " [
        for figure in repetition.Figures do
            let name = if figure.Metric = Metric.Accuracy then "ACC" else Metric.InWords figure.Metric

            if figure.Original = figure.Repeated then
                $"{name} {number figure.Original}, the same"
            else
                let interval =
                    match figure.Sampling with
                    | null -> ""
                    | interval -> $" [{interval.Low:F4}, {interval.High:F4}]"

                let difference =
                    match Option.ofNullable figure.Difference with
                    | Some less when less < 0.0 -> $" (-{-less:G2})"
                    | Some more -> $" (+{more:G2})"
                    | None -> ""

                $"{name} {number figure.Original}{interval}, now {number figure.Repeated}{difference}"
    ]

/// Tables and lines on standard output: every trial, then whatever is to be known where bits differ.
let show
    (plan: RepetitionPlan)
    (ways: Map<string, string>)
    (repetitions: TrialRepetition list)
    (failed: Dictionary<string, string>)
    =
    let several =
        plan.Trials |> Seq.countBy _.Original.Folder.Name |> Seq.filter (fun (_, n) -> n > 1) |> Seq.map fst |> set

    let key (trial: RecordedTrial) =
        let folder = trial.Original.Folder
        if several.Contains folder.Name then folder.FullPath else folder.Name

    let found = dict [ for repetition in repetitions -> repetition.Recorded, repetition ]

    TerminalTable.print
        "Trials trained anew from their folders"
        (Table.ofRows [ "what"; "images"; "seed"; "result" ] [
            for trial in plan.Trials ->
                let images =
                    match Describe.sampleOf trial.Trial with
                    | Some sample -> $"{trial.Trial.Spec.Target.TrainImages}, sample {sample}"
                    | None -> "all"

                let result =
                    match found.TryGetValue trial with
                    | true, repetition -> result repetition
                    | _ -> $"failed: {failed[trial.Trial.Name]}"

                let what = ways |> Map.tryFind trial.Original.Folder.FullPath |> Option.defaultValue trial.Trial.Label
                key trial, [ what; images; string trial.Trial.Spec.Seed; result ]
        ])

    let others = repetitions |> List.filter (fun repetition -> repetition.OtherArtefacts.Count > 0)

    if not others.IsEmpty then
        TerminalTable.print
            "Where bits differ: test figures of the original with their 95 % intervals over test images, and what they are now"
            (Table.ofRows [ "artefacts"; "test figures"; "largest difference of a probability" ] [
                for other in others ->
                    let largest = other.ProbabilityDifference

                    key other.Recorded,
                    [
                        String.concat ", " other.OtherArtefacts
                        figures other
                        (if largest.HasValue then largest.Value.ToString "G3" else "")
                    ]
            ])

        for difference in others |> Seq.collect _.Machine |> Seq.distinct do
            printfn "\nNot the same: %s: %s then, %s now." difference.What difference.Original difference.Repeated

    let renamed = plan.Trials |> Seq.filter _.HasOtherName |> List.ofSeq

    if not renamed.IsEmpty then
        let names = renamed |> List.map key |> String.concat ", "

        printfn
            "\nFolders that have not the name of their spec, as another version of the numerics made them, or spec or name were changed since: %s."
            names

/// So many trials, in words.
let counted (n: int) = if n = 1 then "1 trial" else $"{n} trials"

/// The last line: how many came to what.
let summary (repetitions: TrialRepetition list) failed =
    let groups = [
        for outcome, words in
            [
                RepetitionOutcome.SameBits, "the same bits"
                RepetitionOutcome.FiguresAgree, "other bits, as expected, and figures that agree"
                RepetitionOutcome.FiguresDiffer,
                "other bits, as expected, but figures that differ by more than the original's interval"
                RepetitionOutcome.FiguresUnknown, "other bits, as expected, and figures that can't be compared"
                RepetitionOutcome.Damaged, "nothing to compare with, as an artefact is missing or was changed"
                RepetitionOutcome.Unexplained, "other bits on the same kind of machine, which should not be"
            ] do
            match repetitions |> List.filter (fun repetition -> repetition.Outcome = outcome) |> List.length with
            | 0 -> ()
            | n -> n, words
    ]

    let all = repetitions.Length + failed

    match groups with
    | [ n, words ] when failed = 0 -> if n = 1 then $"The trial gave {words}." else $"All {n} trials gave {words}."
    | _ ->
        let parts = [
            for n, words in groups do
                $"{n} gave {words}"
            if failed > 0 then
                $"{failed} failed"
        ]

        $"""Of {counted all} {String.concat "; " parts}."""
