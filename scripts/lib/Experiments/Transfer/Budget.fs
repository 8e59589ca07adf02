/// What fits into a time: measured on a few batches first, then decided step by step by what is left.
module MedTransfer.Recipes.Budget

open System
open System.Diagnostics
open MathNet.Numerics.Statistics
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Trials
open MedTransfer.Recipes.Transfers

/// A decision: what was to be run, how long it was expected to take, and whether it was.
type Step = { What: string; Trainings: int; Seconds: float; IsTaken: bool }

/// For maps, page and tables.
let private reserve = TimeSpan.FromSeconds 10.0

/// A training alone is faster than one beside others, by as much on cores that share what they compute with.
let private slower = 1.5

/// Seconds that a training takes besides its steps: reading, writing, a worker that begins.
let private around = 0.4

/// Embeddings are computed once, of what is learned from and what is held out.
let private ofAllImages = 1.25

/// A trained way takes more than its epochs' forward passes by half: what would not fit even so is not tried.
let private leastShare = 0.5

/// Sizes of a learning curve take less than so many times the trainings of its ways at full size.
let private ofCurve = 2.0

/// Seconds left of a budget that began with this process.
let left (budget: TimeSpan) =
    let since = DateTime.Now - Process.GetCurrentProcess().StartTime
    (budget - reserve - since).TotalSeconds

/// Seconds of trainings by so many workers, each of which takes so long alone.
let side (workers: int) (seconds: float) = (if workers > 1 then slower else 1.0) * seconds / float workers

let private pending (lab: Lab) (plan: Plan) (ways: Way list) =
    needed plan ways @ List.collect Way.trials ways |> List.distinctBy _.Name |> List.filter (lab.IsDone >> not)

let private isHead (way: Way) = way.Trial.Spec.Transfer.TrainsHeadAlone && not (TimeLeft.hasEpochs way.Trial)

/// Median seconds of a training by the way's name, of what was run with all images: side by side, as what follows will be.
let measured (outcomes: Outcome list) =
    Map [
        for name, all in outcomes |> Outcomes.ofSize AllImages |> List.groupBy _.Way.Name ->
            name, all |> List.map _.Result.Environment.TotalSeconds |> Statistics.Median
    ]

/// Runs the parts of a plan that fit. No transfer, heads and controls come first, with fewer seeds where five do not fit, and one at least; then the other ways, least work first, as long as
/// time is left for more seeds of the former and for learning curves; then those seeds.
let private within (lab: Lab) (budget: TimeSpan) (plan: Plan) : Results * Step list =
    let workers = lab.Options.Workers
    let quick, slow = plan.Ways |> List.partition isQuick
    let mutable steps: Step list = []
    let mutable taken: Way list = []

    let decide what ways seconds isTaken =
        let trainings = (pending lab plan ways).Length
        steps <- steps @ [ { What = what; Trainings = trainings; Seconds = seconds; IsTaken = isTaken } ]

        if isTaken then
            taken <- taken @ ways
            lab.Run(needed plan ways, ways) |> Some
        else
            None

    let forecast =
        let firsts = quick |> List.distinctBy _.Name
        Map(List.zip [ for way in firsts -> way.Name ] (lab.Forecast [ for way in firsts -> way.Trial ]))

    let foretold (ways: Way list) =
        side
            workers
            (List.sum [
                for name, all in ways |> List.groupBy _.Name do
                    match pending lab plan all with
                    | [] -> ()
                    | trials when isHead all.Head -> ofAllImages * forecast[name] + around * float trials.Length
                    | trials -> (forecast[name] + around) * float trials.Length
            ])

    let ofSeeds count = quick |> List.filter (fun way -> way.Seed < count)
    let usual = min Comparison.FewestSeeds lab.QuickSeeds.Length

    let seeds =
        [ usual .. -1 .. 1 ]
        |> List.tryFind (fun count -> foretold (ofSeeds count) <= left budget)
        |> Option.defaultValue 1

    if seeds < usual then
        eprintfn "--budget leaves time for %d of %d seeds." seeds usual

    let first = ofSeeds seeds
    let ran = decide $"no transfer, heads, controls, seeds: {seeds}" first (foretold first) true
    let known = measured ran.Value.Outcomes

    let ofKnown (ways: Way list) =
        List.sum [
            for trial in pending lab plan ways do
                known |> Map.tryFind trial.Label |> Option.defaultValue around
        ]
        / float workers

    let more = quick |> List.filter (fun way -> way.Seed >= seeds)

    let curve =
        let most (ways: Way list) = ways |> List.map (fun way -> known[way.Name]) |> List.fold max 0.0
        let controls, others = first |> List.filter (fun way -> way.Name <> none) |> List.partition _.IsControl
        let ofWays = known[none] + most controls + most others
        let trainings = lab.Seeds.Length * (parts lab AllImages 0).Length
        ofCurve * ofWays * float trainings / float workers

    let mutable leftOut = []

    let leave name about (seconds: float) =
        let reason =
            $"Its trainings would take {about} {TimeLeft.span seconds}, and --budget leaves {TimeLeft.span (max 0.0 (left budget))}."

        leftOut <- leftOut @ [ { Way = name; Reason = reason } ]

    // a network's forward passes of the images of one training
    let forward (way: Way) =
        forecast
        |> Map.tryFindKey (fun name _ -> name <> none && way.Name.StartsWith($"{name.Split(',')[0]}, ", StringComparison.Ordinal))
        |> Option.map (fun name -> forecast[name])

    let groups = [
        for name, all in slow |> List.groupBy _.Name ->
            let trials = pending lab plan all |> List.filter (fun trial -> trial.Label = name)
            let epochs = float all.Head.Trial.Spec.Fit.Epochs

            let least =
                match forward all.Head with
                | Some seconds when not (isHead all.Head) -> side workers (leastShare * seconds * epochs * float trials.Length)
                | _ -> 0.0

            name, all, trials, least
    ]

    for name, all, _, least in groups |> List.filter (fun (_, _, _, least) -> least > left budget) do
        leave name "at least" least
        decide name all least false |> ignore

    let inReach = groups |> List.filter (fun (_, _, _, least) -> least <= left budget)

    let seconds =
        let pretraining = slow |> needed plan |> List.filter (lab.IsDone >> not) |> List.distinctBy _.Label
        let trials: Trial list = [ for _, all, _, _ in inReach -> all.Head.Trial ] @ pretraining
        Map(List.zip [ for trial in trials -> trial.Label ] (lab.Forecast trials))

    // what needs a pretraining pays for it where it is not done yet
    let ofGroup (all: Way list) = side workers (List.sum [ for trial in pending lab plan all -> seconds[trial.Label] + around ])

    for name, all, _, _ in inReach |> List.sortBy (fun (_, all, _, _) -> ofGroup all) do
        let expected = ofGroup all
        let isTaken = expected <= left budget - ofKnown more - curve
        decide name all expected isTaken |> ignore

        if not isTaken then
            leave name "about" expected

    if not more.IsEmpty then
        let expected = ofKnown more

        decide $"more seeds of the former: {lab.QuickSeeds.Length - seeds}" more expected (expected <= left budget - curve)
        |> ignore

    for left in leftOut do
        eprintfn "Left out: %s: %s" left.Way left.Reason

    // in the order in which they were planned
    let all = plan.Ways |> List.filter (fun way -> List.contains way taken)
    lab.Run(needed plan all, all, leftOut), steps

/// Runs a plan: all of it, or what --budget leaves time for, with the decisions that led there.
let orAll (lab: Lab) (plan: Plan) : Results * Step list =
    match lab.Options.Budget with
    | Some budget -> within lab budget plan
    | None -> lab.Run(plan.Pretraining, plan.Ways), []
