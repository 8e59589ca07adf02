/// What fits into a time: ways are added one by one, those of least work first, each where what is left is enough for all of its trainings.
module MedTransfer.Recipes.Budget

open System
open System.Diagnostics
open MedTransfer.Trials

/// For maps, page and tables.
let private reserve = TimeSpan.FromSeconds 10.0

/// A training alone is faster than one beside others, by as much on cores that share what they compute with.
let private slower = 1.5

/// A network may do several times the work of another in the same time: only what is out of reach by more is not tried.
let private unlike = 3.0

/// What is known of trials that trained in epochs: their work, and the seconds each took.
type Known = { Work: float; Seconds: float }

/// Seconds that so many trainings of that work are expected to take side by side, from the one of them that was tried, alone.
let expected (workers: int) (tried: Known) (work: float) =
    let beside = if workers > 1 then slower else 1.0
    tried.Seconds * beside * (work / tried.Work) / float workers

/// Whether trainings of that work are worth a try, by how long other networks took.
let isInReach (workers: int) (known: Known list) (work: float) (left: float) =
    match known with
    | [] -> true
    | _ ->
        let rate = (known |> List.sumBy _.Seconds) / (known |> List.sumBy _.Work)
        rate * work / float workers / unlike <= left

/// Seconds left of a budget that began with this process.
let left (budget: TimeSpan) =
    let since = DateTime.Now - Process.GetCurrentProcess().StartTime
    (budget - reserve - since).TotalSeconds

let private isSolved (trial: Trial) = trial.Spec.Transfer.TrainsHeadAlone && not (TimeLeft.hasEpochs trial)

/// Runs what fits. `always` names ways that are run whatever they take, as others are measured against them.
let run (lab: Lab) (budget: TimeSpan) (always: string list) (pretraining: Trial list, ways: Way list) : Results =
    let workers = lab.Options.Workers

    let needed (chosen: Way list) =
        let names = chosen |> List.collect (fun way -> List.ofSeq way.Trial.Spec.Needs) |> Set.ofList
        pretraining |> List.filter (fun trial -> names.Contains trial.Name)

    let trialsOf (chosen: Way list) = (needed chosen @ List.map _.Trial chosen) |> List.distinctBy _.Name
    let workOf (chosen: Way list) = trialsOf chosen |> List.sumBy lab.Work

    // what was trained before takes no time
    let pendingWork (chosen: Way list) = trialsOf chosen |> List.filter (lab.IsDone >> not) |> List.sumBy lab.Work

    let first, others =
        ways
        |> List.groupBy _.Name
        |> List.partition (fun (name, all) -> List.contains name always || (isSolved all.Head.Trial && (needed all).IsEmpty))

    let chosen = first |> List.collect snd
    let results = lab.Run(needed chosen, chosen)

    let mutable known = [
        for outcome in results.Outcomes do
            if TimeLeft.hasEpochs outcome.Way.Trial then
                { Work = lab.Work outcome.Way.Trial; Seconds = outcome.Result.Environment.TotalSeconds }
    ]

    let mutable accepted = chosen
    let mutable leftOut = []

    let leave name (seconds: float) =
        let reason =
            $"Its trainings would take about {TimeLeft.span seconds}, and --budget leaves {TimeLeft.span (max 0.0 (left budget))}."

        leftOut <- leftOut @ [ { Way = name; Reason = reason } ]

    for name, all in others |> List.sortBy (snd >> workOf) do
        let work = pendingWork all

        if not (isInReach workers known work (left budget)) then
            let rate = (known |> List.sumBy _.Seconds) / (known |> List.sumBy _.Work)
            leave name (rate * work / float workers)
        else
            let probe = [ all.Head ]
            let tried = lab.Run(needed probe, probe)
            let trials = tried.Pretraining @ [ for outcome in tried.Outcomes -> outcome.Result ]

            if trials.IsEmpty then
                // what can't be run at all says so by itself
                accepted <- accepted @ all
            else
                let measured = { Work = workOf probe; Seconds = trials |> List.sumBy _.Environment.TotalSeconds }
                known <- measured :: known
                let seconds = expected workers measured (pendingWork all)

                if seconds <= left budget then
                    accepted <- accepted @ all
                    lab.Run(needed all, all) |> ignore
                else
                    leave name seconds

    // in the order in which they were planned
    let names = accepted |> List.map _.Name |> Set.ofList
    let all = ways |> List.filter (fun way -> names.Contains way.Name)

    for left in leftOut do
        eprintfn "Left out: %s: %s" left.Way left.Reason

    lab.Run(needed all, all, leftOut)
