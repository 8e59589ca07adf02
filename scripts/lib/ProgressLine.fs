namespace MedTransfer.Recipes

open System
open System.Diagnostics
open MedTransfer.Training
open MedTransfer.Trials

/// Says on standard error which trial runs, how far it is, and how long the rest may take.
/// `images` tells how many images a trial trains on: a trial's time is foretold from those of its label, in proportion to images and epochs.
type ProgressLine(trials: Trial list, images: DataReference -> int) =
    let clock = Stopwatch.StartNew()
    let isTerminal = not Console.IsErrorRedirected
    let finished = Collections.Generic.List<struct (string * float * float)>() // label, work, seconds
    let mutable running: (Trial * TimeSpan) option = None
    let mutable found = 0
    let mutable waiting = trials
    let mutable width = 0

    let work (trial: Trial) =
        let passes = if trial.Spec.Fit.Solver = Solver.Convex then 1 else trial.Spec.Fit.Epochs
        float (images trial.Spec.Data) * float passes

    let secondsAWork label =
        let known = [
            for struct (l, work, seconds) in finished do
                if l = label then
                    work, seconds
        ]

        if known.IsEmpty then
            None
        else
            Some(List.sumBy snd known / List.sumBy fst known)

    let expected (trial: Trial) =
        match secondsAWork trial.Label with
        | Some rate -> Some(rate * work trial)
        | None ->
            // the slowest kind known: better early than late
            let rates = [ for struct (label, _, _) in finished -> label ] |> List.distinct |> List.choose secondsAWork
            if rates.IsEmpty then None else Some(List.max rates * work trial)

    let timeLeft () =
        let rest = waiting |> List.choose expected |> List.sum

        if finished.Count = 0 then ""
        elif rest < 90.0 then $", about {rest:F0} s left"
        else $", about {rest / 60.0:F0} min left"

    let write (text: string) =
        if isTerminal then
            eprintf "\r%s" (text.PadRight width)
            width <- text.Length

    let close () =
        match running with
        | Some(trial, since) ->
            finished.Add(struct (trial.Label, work trial, (clock.Elapsed - since).TotalSeconds))
            running <- None
        | None -> ()

    /// Takes the runner's word.
    member _.Show(progress: TrialProgress) =
        let place = $"[{progress.Number}/{progress.Of}] {progress.Trial.Label}, seed {progress.Trial.Spec.Seed}"

        match progress.Epoch with
        | null ->
            close ()
            waiting <- waiting |> List.filter (fun trial -> trial.Name <> progress.Trial.Name)

            if progress.WasDone then
                found <- found + 1
            else
                running <- Some(progress.Trial, clock.Elapsed)
                if isTerminal then write place else eprintfn "%s%s" place (timeLeft ())
        | epoch ->
            let auc =
                if epoch.ValidationAuc.HasValue then
                    $", validation AUC {epoch.ValidationAuc.Value:F3}"
                else
                    ""

            write $"{place}: epoch {epoch.Epoch} of {progress.Trial.Spec.Fit.Epochs}{auc}{timeLeft ()}"

    /// Every trial is done.
    member _.Finish() =
        write ""
        let again = if found > 0 then $", {found} of them found finished" else ""
        let lead = if isTerminal then "\r" else ""
        eprintfn "%s%d trials%s, %.0f s." lead trials.Length again clock.Elapsed.TotalSeconds

    interface IDisposable with
        // what follows begins on a line of its own
        member _.Dispose() =
            if isTerminal && width > 0 then
                eprintfn ""
