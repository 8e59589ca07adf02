namespace MedTransfer.Recipes

open System
open MedTransfer.Training
open MedTransfer.Trials

/// A trial that runs.
type RunningTrial = {
    Trial: Trial
    /// Since it started, in this run.
    Seconds: float
    /// Epochs that are over, and how many of them before this run: a trial that was cut off goes on where it was.
    Epochs: int
    Before: int
}

/// A trial that was done in that time.
type TimedTrial = { Trial: Trial; Seconds: float }

/// Foretells how long trials take: as those of the same label, in proportion to their work.
module TimeLeft =

    /// Whether a trial trains in epochs: a logistic regression and an ensemble do not.
    let hasEpochs (trial: Trial) = trial.Spec.Fit.Solver <> Solver.LogisticRegression && trial.Spec.Members.Count = 0

    /// Epochs of a trial, if none is saved by early stopping.
    let epochs (trial: Trial) = if hasEpochs trial then trial.Spec.Fit.Epochs else 1

    // what every trial takes however small it is: reading, scoring, writing
    let private overhead = 0.5

    // what is known of a trial that still runs: as if its other epochs took as long
    let private projected (running: RunningTrial) = {
        Trial = running.Trial
        Seconds = running.Seconds * float (epochs running.Trial - running.Before) / float (running.Epochs - running.Before)
    }

    // from the trials of that label that are nearest in work
    let private expectedAs label (work: Trial -> float) (known: TimedTrial list) (trial: Trial) =
        let same = known |> List.filter (fun other -> other.Trial.Label = label)

        if same.IsEmpty then
            None
        else
            let distance (other: TimedTrial) = abs (log (work other.Trial / work trial))
            let nearest = same |> List.map distance |> List.min
            let alike = same |> List.filter (distance >> (=) nearest)
            let seconds = alike |> List.averageBy _.Seconds
            let fixedPart = min overhead seconds
            Some(fixedPart + (seconds - fixedPart) * work trial / work alike.Head.Trial)

    let private expected work (known: TimedTrial list) (trial: Trial) =
        expectedAs trial.Label work known trial
        |> Option.orElseWith (fun () ->
            // a kind not seen yet: as slow as the slowest that was
            match
                known
                |> List.map _.Trial.Label
                |> List.distinct
                |> List.choose (fun label -> expectedAs label work known trial)
            with
            | [] -> None
            | times -> Some(List.max times))

    /// Seconds until a running trial is done; None where nothing is known yet.
    let ofTrial work (known: TimedTrial list) (running: RunningTrial) =
        let whole =
            if running.Epochs > running.Before then
                Some (projected running).Seconds
            else
                expected work known running.Trial

        whole |> Option.map (fun whole -> max 0.0 (whole - running.Seconds))

    /// Seconds until all trials are done by that many workers; None where nothing is known yet.
    let ofAll work workers (known: TimedTrial list) (running: RunningTrial list) (waiting: Trial list) =
        let known = known @ (running |> List.filter (fun trial -> trial.Epochs > trial.Before) |> List.map projected)
        let ofRunning = running |> List.choose (ofTrial work known)
        let ofWaiting = waiting |> List.choose (expected work known)

        if known.IsEmpty then
            None
        else
            let shared = (List.sum ofRunning + List.sum ofWaiting) / float (max 1 workers)
            Some(List.max (shared :: ofRunning))

    /// A time as text: seconds, from a minute and a half on minutes.
    let span (seconds: float) =
        if seconds < 90.0 then $"{seconds:F0} s"
        elif seconds < 5400.0 then $"{seconds / 60.0:F0} min"
        else $"{seconds / 3600.0:F1} h"

    /// What is left as text.
    let text (seconds: float) = $"about {span seconds} left"
