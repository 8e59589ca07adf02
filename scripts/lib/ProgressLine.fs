namespace MedTransfer.Recipes

open System
open System.Diagnostics
open MedTransfer.Training
open MedTransfer.Trials

/// Says on standard error which trial runs, how far it is, and how long the rest may take.
/// `pending` are the trials that are not done yet; `images` tells how many images a trial trains on: a trial's time is foretold from those of its label, in proportion to images and epochs.
type ProgressLine(pending: Trial list, images: DataReference -> int) =
    let clock = Stopwatch.StartNew()
    let isTerminal = not Console.IsErrorRedirected
    let finished = Collections.Generic.List<struct (string * float * float)>() // label, work, seconds
    let mutable running: (Trial * TimeSpan) option = None
    let mutable found = 0
    let mutable total = 0
    let mutable waiting = pending
    let mutable width = 0

    let work (trial: Trial) =
        let passes = if trial.Spec.Fit.Solver = Solver.Convex then 1 else trial.Spec.Fit.Epochs
        float (images trial.Spec.Data) * float passes

    // what every trial takes however small it is: reading, scoring, writing
    let overhead = 0.5

    // from the trials of that label that are nearest in work
    let expectedAs label (trial: Trial) =
        let known = [
            for struct (l, work, seconds) in finished do
                if l = label then
                    work, seconds
        ]

        if known.IsEmpty then
            None
        else
            let nearest = known |> List.map fst |> List.minBy (fun other -> abs (log (other / work trial)))
            let seconds = known |> List.filter (fst >> (=) nearest) |> List.averageBy snd
            let fixedPart = min overhead seconds
            Some(fixedPart + (seconds - fixedPart) * work trial / nearest)

    let expected (trial: Trial) =
        expectedAs trial.Label trial
        |> Option.orElseWith (fun () ->
            // a kind not seen yet: as slow as the slowest that was
            match
                [ for struct (label, _, _) in finished -> label ]
                |> List.distinct
                |> List.choose (fun label -> expectedAs label trial)
            with
            | [] -> None
            | times -> Some(List.max times))

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

        total <- progress.Of

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
            let passes =
                if progress.Trial.Spec.Fit.Solver = Solver.Convex then
                    "converged"
                else
                    $"epoch {epoch.Epoch} of {progress.Trial.Spec.Fit.Epochs}"

            let auc =
                if epoch.ValidationAuc.HasValue then
                    $", validation AUC {epoch.ValidationAuc.Value:F3}"
                else
                    ""

            write $"{place}: {passes}{auc}{timeLeft ()}"

    /// Every trial is done.
    member _.Finish() =
        write ""
        let again = if found > 0 then $", {found} of them found finished" else ""
        let lead = if isTerminal then "\r" else ""
        eprintfn "%s%d trials%s, %.0f s." lead total again clock.Elapsed.TotalSeconds

    interface IDisposable with
        // what follows begins on a line of its own
        member _.Dispose() =
            if isTerminal && width > 0 then
                eprintfn ""
