/// What the trainings of each way take while nothing else runs.
module MedTransfer.Recipes.Times

open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Intervals
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Trials
open MedTransfer.Trials.Timing
open MedTransfer.Recipes.Outcomes

/// One way's training, timed alone.
type TimedWay = {
    Timing: TrialTiming
    /// Trainings it consists of.
    Parts: int
    /// Epochs of each, mean over seeds: a training that stops early takes less.
    Epochs: float
}

/// The ways of one recipe that were timed by turns, and the pretraining; none where nothing was timed.
type Timings = { Ways: Map<string * TargetSize, TimedWay>; Pretraining: TimedWay option }

let none = { Ways = Map.empty; Pretraining = None }

let private trainings (outcome: Outcome) =
    match outcome.Parts with
    | [] -> [ outcome.Result ]
    | parts -> parts

let private meanEpochs (results: TrialResult list) = results |> List.averageBy (fun result -> float result.Metrics.Epochs)

/// Times the first seed's training of each way (of several parts, the first), and of the pretraining, alone; and of ways that are only timed.
let measure (lab: Lab) (pretraining: TrialResult list) (outcomes: Outcome list) (onlyTimed: Way list) : Timings =
    let ways = [
        for key, of' in outcomes |> List.groupBy (fun outcome -> outcome.Way.Name, outcome.Way.Size) do
            let parts = trainings of'.Head
            key, parts.Head.Trial, parts.Length, of' |> List.collect trainings |> meanEpochs
        for way in onlyTimed do
            (way.Name, way.Size), way.Trial, 1, float way.Trial.Spec.Fit.Epochs
    ]

    let first = List.tryHead pretraining

    let timings =
        lab.Time [ yield! first |> Option.map _.Trial |> Option.toList; for _, trial, _, _ in ways -> trial ]

    let timed (trial: Trial) parts epochs =
        timings
        |> Map.tryFind trial.Name
        |> Option.map (fun timing -> { Timing = timing; Parts = parts; Epochs = epochs })

    {
        Ways =
            Map [
                for key, trial, parts, epochs in ways do
                    match timed trial parts epochs with
                    | Some way -> key, way
                    | None -> ()
            ]
        Pretraining = first |> Option.bind (fun result -> timed result.Trial 1 (meanEpochs pretraining))
    }

/// Whether there is anything to show.
let exist (times: Timings) = not times.Ways.IsEmpty

/// Whether ways of that size were timed.
let existOf size (times: Timings) = times.Ways |> Map.exists (fun (_, timed) _ -> timed = size)

/// Seconds of so many epochs of each part, a value a round.
let ofEpochs epochs (way: TimedWay) = [ for seconds in way.Timing.Seconds epochs -> float way.Parts * seconds ]

/// Seconds of the whole training, a value a round.
let seconds (way: TimedWay) = ofEpochs way.Epochs way

/// Median of the rounds with the lowest and the highest, as text.
let rangeText digits (values: float list) =
    if values.IsEmpty then
        "undefined"
    else
        let over = MedianAndRange.Of values

        if over.Count = 1 then
            number digits over.Median
        else
            $"{number digits over.Median} ({number digits over.Lowest} to {number digits over.Highest})"

let private find name size (times: Timings) = times.Ways |> Map.tryFind (name, size)

/// Seconds of a way at that size, as text.
let secondsText name size (times: Timings) = find name size times |> Option.map (seconds >> rangeText 2) |> Option.defaultValue ""

/// The way's time as a share of the reference's, a value a round: below 1 it is faster.
let ratios name reference size (times: Timings) =
    match find name size times, find reference size times with
    | Some way, Some reference ->
        Seq.zip (seconds way) (seconds reference) |> Seq.map (fun (own, other) -> own / other) |> List.ofSeq
    | _ -> []

/// The same as text.
let ratioText name reference size (times: Timings) =
    match ratios name reference size times with
    | [] -> ""
    | shares -> rangeText 2 shares

/// What the way saves of the reference's time; None where one was not timed.
let saving name reference size (times: Timings) : TimeSaving option =
    match find name size times, find reference size times with
    | Some way, Some reference -> TimeSaving.Of(seconds reference, seconds way) |> Option.ofObj
    | _ -> None

/// A saving in per cent, mean and 95 % interval over rounds, as text.
let savingText (saving: TimeSaving) =
    // rounded first: what rounds to nothing has no sign
    let percent (share: float) = number 0 (System.Math.Round(100.0 * share) + 0.0)

    match saving.Interval95 with
    | null -> $"{percent saving.Mean} %%"
    | interval -> $"{percent saving.Mean} %% [{percent interval.Low}, {percent interval.High}]"

/// The way at that size, if it was timed.
let way name size (times: Timings) = find name size times

/// How the times were measured, a sentence that ends a caption; nothing where there are none.
let note (times: Timings) =
    if exist times then
        $" Times: of one training, the first seed's, measured alone after all others; median of {TrialTimer.Rounds} rounds by turns (lowest to highest), from {TrialTimer.Epochs} epochs of up to {TrialTimer.MostImages} images (of a fold all), scaled to those of the way (logistic regressions whole, once where that takes more than {TrialTimer.LongSeconds} s); all folds where there are several; without the pretraining. A time over another is the median of each round's own, which a busy moment moves less than the seconds."
    else
        ""
