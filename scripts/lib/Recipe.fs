/// The frame around every recipe: command line, Ctrl+C, errors, exit codes.
module MedTransfer.Recipes.Recipe

open System
open System.Runtime.InteropServices
open System.Threading
open MedTransfer
open MedTransfer.Trials.Execution.Slurm

/// 0 when the body ran through, 1 on an error, 2 on wrong usage, 130 when stopped, which is told in the words given.
let internal guarded (stopped: string) verbose (body: unit -> unit) =
    try
        Culture.invariantly body
        0
    with
    | Values.HelpAsked text ->
        printfn "%s" text
        0
    | :? OperationCanceledException ->
        eprintfn "%s" stopped
        130
    | :? DetachedException as left ->
        eprintfn "%s" left.Message
        0
    | e ->
        match e with
        | :? MedTransferException -> eprintfn "error: %s" e.Message
        | _ -> eprintfn "error: %s" (MedTransferException.OfUnforeseen e)

        if verbose then
            match e with
            | :? MedTransferException as known -> eprintfn "%s" known.Details
            | _ -> eprintfn "%O" e
        elif not (e :? MedTransferException) then
            eprintfn "Run again with --verbose to see where it came from."

        match e with
        | :? MedTransferException as known when known.IsUsage -> 2
        | _ -> 1

/// Runs a recipe's body with the options among `words`; 0 when all went well, 1 on an error, 2 on wrong usage, 130 when stopped.
let run (experiment: Experiment) (words: string list) (stop: CancellationToken) (body: Lab -> unit) : int =
    guarded
        "Stopped. What was finished is kept, and the same command goes on from there."
        (List.contains "--verbose" words)
        (fun () ->
            let options = CommandLine.parse experiment Folder.project words

            let command =
                ShellLine.here (
                    [ "dotnet"; "fsi"; $"scripts/{experiment.Name}.fsx"; "--" ] @ List.map ShellLine.withoutFolders words
                )

            match options.Engine with
            | Slurm(asked, _) -> SlurmExecutor.RequireCluster(TrialRuns.jobs options, asked)
            | ThisMachine -> ()

            use lab = new Lab(experiment, command, options, stop)

            for line in lab.Warnings do
                eprintfn "%s" line

            stop.ThrowIfCancellationRequested()

            eprintfn "Primary comparison: %s; the others are exploratory." (Wording.primary lab.Primary)

            body lab)

/// Runs with a token that Ctrl+C cancels, then ends the process with the code that comes back; a second Ctrl+C waits for nothing.
let internal exitOnCtrlC (run: CancellationToken -> int) : unit =
    use stop = new CancellationTokenSource()

    // who ends it otherwise ends it as cleanly
    use _ =
        PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            fun signal ->
                signal.Cancel <- true
                stop.Cancel()
        )

    Console.CancelKeyPress.Add(fun pressed ->
        pressed.Cancel <- true

        if stop.IsCancellationRequested then
            TerminalDisplay.ShowCursor()
            exit 130

        stop.Cancel())

    exit (run stop.Token)

/// Runs a recipe with the words of its command line (the first is the script), stops it on Ctrl+C, then ends the process.
let main (experiment: Experiment) (words: string array) (body: Lab -> unit) : unit =
    exitOnCtrlC (fun stop -> run experiment (List.tail (List.ofArray words)) stop body)
