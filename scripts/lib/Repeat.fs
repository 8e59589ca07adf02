/// Finished trials trained anew from their folders alone, and compared.
module MedTransfer.Recipes.Repeat

open System
open System.Collections.Generic
open System.IO
open System.Threading
open Deedle
open MedTransfer
open MedTransfer.Data.Catalogue
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

    use runner =
        new TrialRunner(
            place,
            plan.Data,
            Workers = workers,
            Notice = Action<_> notices.Add,
            Unpacking = UnpackingDisplay.report (),
            Cancellation = stop
        )

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

/// Whether all agree.
let private work options (stop: CancellationToken) =
    let named = options.Named |> List.collect trialsOf |> List.distinctBy (fun (folder, _) -> folder.FullPath)
    let places = DataFolders.InOrder(Option.toObj options.DataFolder, Path.Combine(Folder.project, "data"))
    let plan = RepetitionPlan.Of(List.map fst named, places, Action<_>(eprintfn "%s"))
    let specs = [ for trial in plan.Trials -> trial.Trial.Spec ]
    let ways = Map [ for folder, way in named |> List.filter (snd >> Option.isSome) -> folder.FullPath, way.Value ]
    let needed = plan.Trials.Count - named.Length

    if needed > 0 then
        eprintfn "%s asked for, and %d more that they need." (Repetitions.counted named.Length) needed

    let fitting =
        if specs |> List.exists (fun spec -> spec.Device <> "cpu") then
            1
        else
            max 1 (Environment.ProcessorCount / (specs |> List.map _.Threads |> List.max))

    inPlace options.Keep (fun place ->
        let repetitions, failed = train plan (Option.defaultValue fitting options.Workers) place stop
        Repetitions.show plan ways repetitions failed
        options.Keep |> Option.iter (Path.GetFullPath >> printfn "\nKept in %s.")
        printfn "\n%s" (Repetitions.summary repetitions (plan.Trials.Count - repetitions.Length))
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
