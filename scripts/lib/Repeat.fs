/// Finished trials trained anew from their folders alone, and compared.
module MedTransfer.Recipes.Repeat

open System
open System.Collections.Generic
open System.IO
open System.Threading
open Deedle
open MedTransfer
open MedTransfer.Data.Catalogue
open MedTransfer.Evaluation
open MedTransfer.Trials
open MedTransfer.Trials.Artefacts
open MedTransfer.Trials.Repetition
open MedTransfer.Recipes.RepeatOptions

let private table = "trials.csv"

let private ofReport (report: string) =
    let path = Path.Combine(report, table)
    let frame = Frame.ReadCsv(path, inferTypes = false)

    if not (Seq.contains "trial" frame.ColumnKeys) || frame.RowCount = 0 then
        raise (MedTransferException $"{path} names no trial: run the recipe again, or name the folders of trials.")

    let runs = Path.GetFullPath(Path.Combine(report, "..", "..", "runs"))

    let way = frame.TryGetColumn<string>("way", Lookup.Exact)

    [
        for row, name in frame.GetColumn<string>("trial") |> Series.observations |> Seq.distinctBy snd do
            let folder = TrialFolder(runs, name)

            if not folder.IsBegun then
                raise (
                    MedTransferException
                        $"Trial {name} of the report in {report} is not in {runs}: bring its folder there, or name the folders of trials."
                )

            folder, (if way.HasValue then Some way.Value[row] else None)
    ]

/// The trials that a word means, a folder of one, of a report, of runs; with what a report calls them.
let private trialsOf (word: string) =
    let path = Path.TrimEndingDirectorySeparator(Path.GetFullPath word)

    let report =
        if File.Exists path && List.contains (Path.GetFileName path) [ table; "report.html" ] then
            Path.GetDirectoryName path |> nonNull
        else
            path

    let trial = TrialFolder.At path

    if File.Exists(Path.Combine(report, table)) then
        ofReport report
    elif trial.IsBegun || trial.IsDone then
        [ trial, None ]
    else
        match List.ofSeq (TrialFolder.Finished path) with
        | [] ->
            let what =
                if Path.Exists path then
                    "holds neither a trial nor a report"
                else
                    "is not there"

            raise (
                MedTransferException $"{path} {what}: name the folder of a trial, such as runs/0123456789abcdef, or of a report."
            )
        | finished -> [ for trial in finished -> trial, None ]

let private inPlace keep (work: string -> 'T) =
    match keep with
    | Some folder ->
        Folder.assertWritableFor "--keep" folder
        work folder
    | None ->
        let place = Directory.CreateTempSubdirectory($"medtransfer-repeat-{Environment.ProcessId}-").FullName

        try
            work place
        finally
            Directory.Delete(place, true)

/// Trains what the plan says, and compares; beside it why trials failed, by name.
let private train (plan: RepetitionPlan) workers place (stop: CancellationToken) =
    let notices = ResizeArray<string>()
    let failed = Dictionary<string, string>()
    let trials = plan.Trials |> Seq.map _.Trial |> Seq.distinctBy _.Name |> List.ofSeq
    use runner = new TrialRunner(place, plan.Data, Workers = workers, Notice = Action<_> notices.Add)

    let run () =
        use progress = new Progress(trials, runner.Work, workers)

        let show (told: TrialProgress) =
            match told.Stage with
            | TrialStage.Failed -> failed[told.Trial.Name] <- nonNull told.Error
            | TrialStage.LeftOut -> failed[told.Trial.Name] <- "a trial that it needs failed"
            | _ -> ()

            progress.Show told

        try
            runner.Run(trials, Action<_> show, stop) |> ignore
        with
        | :? OperationCanceledException -> reraise ()
        | _ when failed.Count > 0 -> () // the others are compared

        progress.Finish()

    run ()

    for notice in notices do
        eprintfn "%s" notice

    List.ofSeq (plan.Compare(place, Func<_, _> runner.Load)), failed

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
                    if figure.Difference.HasValue then
                        $" ({figure.Difference.Value:``+0.0000##;-0.0000##``})"
                    else
                        ""

                $"{name} {number figure.Original}{interval}, now {number figure.Repeated}{difference}"
    ]

/// Tables and lines on standard output: every trial, then whatever is to be known where bits differ.
let private show
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

        printfn ""

        for difference in others |> Seq.collect _.Machine |> Seq.distinct do
            printfn "Not the same: %s: %s then, %s now." difference.What difference.Original difference.Repeated

    let renamed = plan.Trials |> Seq.filter _.HasOtherName |> List.ofSeq

    if not renamed.IsEmpty then
        let names = renamed |> List.map key |> String.concat ", "

        printfn
            "\nFolders that have not the name of their spec, as another version of the numerics made them, or spec or name were changed since: %s."
            names

let private counted (n: int) = if n = 1 then "1 trial" else $"{n} trials"

let private summary (repetitions: TrialRepetition list) failed =
    let groups = [
        for outcome, words in
            [
                RepetitionOutcome.SameBits, "the same bits"
                RepetitionOutcome.FiguresAgree, "other bits, as expected, and figures that agree"
                RepetitionOutcome.FiguresDiffer,
                "other bits, as expected, but figures that differ by more than the original's interval"
                RepetitionOutcome.FiguresUnknown, "other bits, as expected, and figures that can't be compared"
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

/// Whether all agree.
let private work options (stop: CancellationToken) =
    let named = options.Named |> List.collect trialsOf |> List.distinctBy (fun (folder, _) -> folder.FullPath)
    let places = DataFolders.InOrder(Option.toObj options.DataFolder, Path.Combine(Folder.project, "data"))
    let plan = RepetitionPlan.Of(List.map fst named, places, Action<_>(eprintfn "%s"))
    let specs = [ for trial in plan.Trials -> trial.Trial.Spec ]
    let ways = Map [ for folder, way in named |> List.filter (snd >> Option.isSome) -> folder.FullPath, way.Value ]
    let needed = plan.Trials.Count - named.Length

    if needed > 0 then
        eprintfn "%s asked for, and %d more that they need." (counted named.Length) needed

    let fitting =
        if specs |> List.exists (fun spec -> spec.Device <> "cpu") then
            1
        else
            max 1 (Environment.ProcessorCount / (specs |> List.map _.Threads |> List.max))

    inPlace options.Keep (fun place ->
        let repetitions, failed = train plan (Option.defaultValue fitting options.Workers) place stop
        show plan ways repetitions failed
        options.Keep |> Option.iter (Path.GetFullPath >> printfn "\nKept in %s.")
        printfn "\n%s" (summary repetitions (plan.Trials.Count - repetitions.Length))
        repetitions.Length = plan.Trials.Count && repetitions |> List.forall _.Agrees)

/// Does what the words of the command line ask; 0 where all trials agree, 1 where one does not and on an error, 2 on wrong usage, 130 when stopped.
let run (words: string list) (stop: CancellationToken) : int =
    let agree = ref true

    match
        Recipe.guarded "Stopped; nothing was compared." (List.contains "--verbose" words) (fun () ->
            agree.Value <- work (parse words) stop)
    with
    | 0 when not agree.Value -> 1
    | code -> code

/// Runs with the words of the command line (the first is the script), stops on Ctrl+C, then ends the process.
let main (words: string array) : unit = Recipe.exitOnCtrlC (run (List.tail (List.ofArray words)))
