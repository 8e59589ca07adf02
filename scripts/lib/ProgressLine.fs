namespace MedTransfer.Recipes

open System
open System.Diagnostics
open MedTransfer.Trials

/// Says on standard error which trial runs, how far it is, and how long the rest may take.
type ProgressLine(trials: Trial list) =
    let clock = Stopwatch.StartNew()
    let total = List.length trials
    let isTerminal = not Console.IsErrorRedirected
    // seconds a trial of each label took, which is what the next of that label will take
    let finished = Collections.Generic.List<struct (string * float)>()
    let mutable running: (Trial * TimeSpan) option = None
    let mutable found = 0
    let mutable waiting = trials
    let mutable width = 0

    let mean (values: float list) = if values.IsEmpty then None else Some(List.average values)

    let expected (trial: Trial) =
        let seconds label =
            [
                for struct (l, s) in finished do
                    if label = "" || l = label then
                        s
            ]
            |> mean

        seconds trial.Label |> Option.orElse (seconds "")

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
            finished.Add(struct (trial.Label, (clock.Elapsed - since).TotalSeconds))
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

            write $"{place}: epoch {epoch.Epoch}{auc}{timeLeft ()}"

    interface IDisposable with
        member _.Dispose() =
            close ()
            write ""

            if isTerminal then
                eprintf "\r"

            let again = if found > 0 then $", {found} of them found finished" else ""
            eprintfn "%d trials%s, %.0f s." total again clock.Elapsed.TotalSeconds
