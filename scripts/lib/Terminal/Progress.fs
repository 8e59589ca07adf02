namespace MedTransfer.Recipes

open System
open System.Diagnostics
open MedTransfer.Evaluation
open MedTransfer.Training
open MedTransfer.Trials
open Spectre.Console
open Spectre.Console.Rendering

/// A trial that runs, since when, and the first and the last of the epochs it ended.
type private Running = { Trial: Trial; Since: float; First: EpochRecord option; Last: EpochRecord option }

/// Says on standard error which trials run, how far each is, and how long it and the rest may take: on a terminal a display that is redrawn
/// in place, elsewhere a line as a trial starts or ends.
/// `pending` are the trials that are not done yet; `work` is what their times are in proportion to; `workers` of them run at a time at most.
type Progress(pending: Trial list, work: Trial -> float, workers: int) =
    let clock = Stopwatch.StartNew()
    let seconds () = clock.Elapsed.TotalSeconds
    let mutable running: Running list = []
    let mutable finished: TimedTrial list = []
    let mutable waiting = pending
    let mutable found, failed, ended, all = 0, 0, 0, pending.Length
    let mutable notes: string list = []

    let runningTrials () = [
        for it in running ->
            {
                RunningTrial.Trial = it.Trial
                Seconds = seconds () - it.Since
                Epochs = it.Last |> Option.map _.Epoch |> Option.defaultValue 0
                Before = it.First |> Option.map (fun epoch -> epoch.Epoch - 1) |> Option.defaultValue 0
            }
    ]

    let timeLeft () =
        let atATime = min workers (max 1 running.Length)
        TimeLeft.ofAll work atATime finished (runningTrials ()) waiting |> Option.map TimeLeft.text

    let bar unicode (share: float) =
        let length = 24
        let full = int (Math.Floor(share * float length))
        let mark = if unicode then "━" else "="
        $"[green]{String.replicate full mark}[/][grey]{String.replicate (length - full) mark}[/]"

    let row unicode (trial: RunningTrial) (epoch: EpochRecord option) = [|
        Markup.Escape(Describe.title trial.Trial)
        bar unicode (float trial.Epochs / float (TimeLeft.epochs trial.Trial))
        (if TimeLeft.hasEpochs trial.Trial then
             $"epoch {trial.Epochs} of {trial.Trial.Spec.Fit.Epochs}"
         else
             "")
        (match epoch with
         | Some epoch ->
             match Option.ofNullable epoch.Validation[Metric.RocAuc] with
             | Some auc -> $"AUC {auc:F3}"
             | None -> ""
         | None -> "")
        (TimeLeft.ofTrial work finished trial |> Option.map TimeLeft.text |> Option.defaultValue "")
    |]

    let picture unicode : IRenderable =
        lock clock (fun () ->
            let grid = Grid()

            for _ in 1..5 do
                grid.AddColumn(GridColumn(NoWrap = true)) |> ignore

            for trial, it in List.zip (runningTrials ()) running do
                grid.AddRow(row unicode trial it.Last) |> ignore

            let left = timeLeft () |> Option.map (fun text -> $", {text}") |> Option.defaultValue ""
            let missing = if failed > 0 then $", [red]{failed} failed[/]" else ""
            let header: IRenderable = Markup $"[bold]{ended} of {all} trials[/]{missing}{left}"
            let noted = [ for note in notes -> Markup(Markup.Escape note) :> IRenderable ]
            Rows(noted @ [ header; grid ]))

    let display = if TerminalDisplay.IsPossible then Some(new TerminalDisplay(picture)) else None

    let line (what: string) =
        if display.IsNone then
            let left = timeLeft () |> Option.map (fun text -> $", {text}") |> Option.defaultValue ""
            eprintfn "[%d/%d] %s%s" ended all what left

    let start (trial: Trial) =
        waiting <- waiting |> List.filter (fun other -> other.Name <> trial.Name)
        running <- running @ [ { Trial = trial; Since = seconds (); First = None; Last = None } ]

    let trained (trial: Trial) epoch =
        running <-
            running
            |> List.map (fun it ->
                if it.Trial.Name = trial.Name then
                    { it with First = Option.orElse epoch it.First; Last = epoch }
                else
                    it)

    // its seconds
    let stop (trial: Trial) =
        let it = running |> List.find (fun other -> other.Trial.Name = trial.Name)
        running <- running |> List.filter (fun other -> other.Trial.Name <> trial.Name)
        seconds () - it.Since

    /// Says something besides, of where trials run: above what is redrawn, or on a line.
    member _.Note(text: string) =
        if display.IsSome then
            lock clock (fun () -> notes <- notes @ [ text ])
        else
            eprintfn "%s" text

    /// Takes the runner's word.
    member _.Show(progress: TrialProgress) =
        let trial = progress.Trial

        lock clock (fun () ->
            ended <- progress.Ended
            all <- progress.Of

            match progress.Stage with
            | TrialStage.Found -> found <- found + 1
            | TrialStage.Started ->
                start trial
                line $"{Describe.title trial} starts"
            | TrialStage.Trained -> trained trial (Option.ofObj progress.Epoch)
            | TrialStage.Done ->
                let since = stop trial
                let took = progress.Seconds |> Option.ofNullable |> Option.defaultValue since
                finished <- { Trial = trial; Seconds = took } :: finished
                line $"{Describe.title trial} done in {took:F0} s"
            | TrialStage.Failed ->
                stop trial |> ignore
                failed <- failed + 1
                line $"{Describe.title trial} failed: {progress.Error}"
            | _ ->
                waiting <- waiting |> List.filter (fun other -> other.Name <> trial.Name)
                failed <- failed + 1
                line $"{Describe.title trial} can't run without a trial that failed")

    /// Every trial is done.
    member progress.Finish() =
        (progress :> IDisposable).Dispose()
        let again = if found > 0 then $", {found} of them found finished" else ""
        let trials = if all = 1 then "trial" else "trials"
        eprintfn "%d %s%s, %.0f s." all trials again (seconds ())

    interface IDisposable with
        // what follows begins on a line of its own
        member _.Dispose() =
            display |> Option.iter (fun display -> (display :> IDisposable).Dispose())

            // they were cleared with it
            for note in notes do
                eprintfn "%s" note

            notes <- []
