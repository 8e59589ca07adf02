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

/// What was decided so far.
type private Decided = { Taken: Way list; LeftOut: LeftOut list; Steps: Step list }

/// For maps, page and tables.
let private reserve = TimeSpan.FromSeconds 10.0

/// A training alone is faster than one beside others, by as much on cores that share what they compute with.
let private slower = 1.5

/// Seconds that a training takes besides its steps: reading, writing, a worker that begins.
let private around = 0.4

/// Embeddings are computed once, of what is learned from and what is held out.
let private ofAllImages = 1.25

/// A trained way takes a fifth as long as its epochs' forward passes at the very least, as what stays passes once, and as a head's forecast holds more than its pass: what would
/// not fit even so is not tried.
let private leastShare = 0.2

/// Seconds left of a budget that began with this process.
let left (budget: TimeSpan) =
    let since = DateTime.Now - Process.GetCurrentProcess().StartTime
    (budget - reserve - since).TotalSeconds

/// Seconds of trainings by so many workers, which take so long alone.
let sideBySide (workers: int) (seconds: float) = (if workers > 1 then slower else 1.0) * seconds / float workers

/// Seconds that the model for use takes, of a way whose trainings on folds take so long: one of all images, a quarter more than those have, and on folds where there are none yet.
let ofModel (lab: Lab) (seconds: float) =
    let folds = if hasFolds lab then 0 else foldCount
    1.25 * seconds + sideBySide lab.Options.Workers (float folds * seconds)

/// Median seconds of a training by the way's name, of what was run with all images: side by side, as what follows will be.
let measured (outcomes: Outcome list) : Map<string, float> =
    Map [
        for name, all in outcomes |> Outcomes.ofSize AllImages |> List.groupBy _.Way.Name ->
            name, all |> List.map _.Result.Environment.TotalSeconds |> Statistics.Median
    ]

/// Seconds of trainings with fewer images than all by what those with all took: of epochs in proportion, of a head as much.
let ofCurve (lab: Lab) (known: Map<string, float>) (ways: Way list) =
    let most = float (mostImages lab)

    List.sum [
        for way in ways do
            let seconds = known |> Map.tryFind way.Name |> Option.defaultValue around

            match way.Size with
            | Images n when TimeLeft.hasEpochs way.Trial -> seconds * float n / most
            | _ -> seconds
    ]
    / float lab.Options.Workers

let private pending (lab: Lab) (plan: Plan) (ways: Way list) =
    needed plan ways @ List.collect Way.trials ways |> List.distinctBy _.Name |> List.filter (lab.IsDone >> not)

let private isHead (way: Way) = way.Trial.Spec.Transfer.TrainsHeadAlone && not (TimeLeft.hasEpochs way.Trial)

// by label, of a training of each that is not done
let private forecast (lab: Lab) (trials: Trial list) : Map<string, float> =
    let each = trials |> List.distinctBy _.Label
    Map(List.zip [ for trial in each -> trial.Label ] (if each.IsEmpty then [] else lab.Forecast each))

// by forecasts of single trainings; the embeddings of heads on one network are computed once
let private foretold (lab: Lab) (plan: Plan) (seconds: Map<string, float>) (ways: Way list) =
    let heads, others = ways |> List.partition isHead

    sideBySide
        lab.Options.Workers
        (List.sum [
            for name, all in heads |> List.groupBy _.Name do
                match pending lab { plan with Pretraining = [] } all with
                | [] -> ()
                | trials -> ofAllImages * seconds[name] + around * float trials.Length
            for trial in pending lab plan (others @ heads) do
                if not (heads |> List.exists (fun way -> way.Name = trial.Label)) then
                    seconds[trial.Label] + around
        ])

// by what trainings of the same name took
let private ofMeasured (lab: Lab) (plan: Plan) (known: Map<string, float>) (ways: Way list) =
    List.sum [ for trial in pending lab plan ways -> known |> Map.tryFind trial.Label |> Option.defaultValue around ]
    / float lab.Options.Workers

let private decide (lab: Lab) (plan: Plan) what (ways: Way list) seconds isTaken (decided: Decided) : Decided =
    let step = { What = what; Trainings = (pending lab plan ways).Length; Seconds = seconds; IsTaken = isTaken }

    if isTaken then
        lab.Run(needed plan ways, ways) |> ignore

    {
        decided with
            Taken = (if isTaken then decided.Taken @ ways else decided.Taken)
            Steps = decided.Steps @ [ step ]
    }

// kept: for what comes after these trainings
let private leave name about (seconds: float) (budget: TimeSpan) kept (decided: Decided) : Decided =
    let left = max 0.0 (left budget)

    let reserved =
        if left > 0.0 && kept > 0.0 then
            $", of which {TimeLeft.span (min left kept)} are kept for the model, learning curves and more seeds"
        else
            ""

    // forecasts are off by a tenth
    let enough = Math.Ceiling(1.1 * (budget.TotalSeconds - left + seconds + kept) / 60.0)

    let reason =
        $"Its trainings would take {about} {TimeLeft.span seconds}, and --budget leaves {TimeLeft.span left}{reserved}: --budget {enough:F0}m would do for it."

    { decided with LeftOut = decided.LeftOut @ [ { Way = name; Reason = reason } ] }

// no transfer, heads and controls, with as many of five seeds as fit, one at least
let private first (lab: Lab) (budget: TimeSpan) (plan: Plan) (quick: Way list) : Decided * int * Map<string, float> =
    let seconds =
        forecast lab [
            for trial in pending lab plan quick do
                if quick |> List.exists (fun way -> way.Name = trial.Label) then
                    trial
        ]

    let ofSeeds count = quick |> List.filter (fun way -> way.Seed < count)
    let usual = min Comparison.FewestSeeds lab.QuickSeeds.Length

    // what is done already takes no time, also of a budget that is spent
    let fitting =
        [ usual .. -1 .. 1 ]
        |> List.tryFind (fun count ->
            (pending lab plan (ofSeeds count)).IsEmpty || foretold lab plan seconds (ofSeeds count) <= left budget)

    let seeds = fitting |> Option.defaultValue 1

    match fitting with
    | Some count when count = usual -> ()
    | Some count -> eprintfn "--budget leaves time for %d of %d seeds." count usual
    | None ->
        eprintfn
            "--budget is too short for one seed, which takes about %s: that is run all the same."
            (TimeLeft.span (foretold lab plan seconds (ofSeeds 1)))

    let ways = ofSeeds seeds

    { Taken = []; LeftOut = []; Steps = [] }
    |> decide lab plan $"no transfer, heads, controls, seeds: {seeds}" ways (foretold lab plan seconds ways) true,
    seeds,
    seconds

// least work first, as long as time is left for what is kept; what is out of reach by its forward passes alone is not even measured
let private trained (lab: Lab) (budget: TimeSpan) (plan: Plan) heads kept (slow: Way list) (decided: Decided) : Decided =
    let least (all: Way list) =
        let model = all.Head.Trial.Spec.Model

        let forward =
            heads |> List.tryPick (fun (way: Way, seconds) -> if way.Trial.Spec.Model = model then Some seconds else None)

        match forward with
        | Some seconds when not (isHead all.Head) ->
            let trainings = pending lab plan all |> List.filter (fun trial -> trial.Label = all.Head.Name) |> List.length
            sideBySide lab.Options.Workers (leastShare * seconds * float all.Head.Trial.Spec.Fit.Epochs * float trainings)
        | _ -> 0.0

    let groups = [ for name, all in slow |> List.groupBy _.Name -> name, all, least all ]
    let outOfReach, inReach = groups |> List.partition (fun (_, _, least) -> least > max 0.0 (left budget - kept))

    let decided =
        (decided, outOfReach)
        ||> List.fold (fun decided (name, all, least) ->
            decided |> leave name "at least" least budget kept |> decide lab plan name all least false)

    let seconds =
        forecast lab [
            for _, all, _ in inReach do
                yield! pending lab plan all
        ]

    let ordered = inReach |> List.sortBy (fun (_, all, _) -> foretold lab plan seconds all)

    (decided, ordered)
    ||> List.fold (fun decided (name, all, _) ->
        // a pretraining that ways share is paid for by the first of them
        let expected = foretold lab plan seconds all
        let kept = kept + ofModel lab (seconds |> Map.tryFind name |> Option.defaultValue 0.0)

        if (pending lab plan all).IsEmpty || expected <= left budget - kept then
            decided |> decide lab plan name all expected true
        else
            decided |> leave name "about" expected budget kept |> decide lab plan name all expected false)

/// Runs the parts of a plan that fit. No transfer, heads and controls come first, with fewer seeds where five do not fit, and one at least; then the other ways, least work first, as long as
/// time is left for learning curves and for more seeds of the former; then those seeds.
let private within (lab: Lab) (budget: TimeSpan) (plan: Plan) : Results * Step list =
    lab.Say plan.LeftOut
    // what can't be run is not measured either; the results say why
    let runnable = lab.Runnable(plan.Pretraining, plan.Ways)
    let quick, slow = runnable |> List.partition isQuick
    let decided, seeds, seconds = first lab budget plan quick
    let known = measured (lab.Run(needed plan decided.Taken, decided.Taken)).Outcomes
    let more = quick |> List.filter (fun way -> way.Seed >= seeds)

    let curve =
        let costliest (ways: Way list) =
            match ways with
            | [] -> []
            | several -> [ several |> List.maxBy (fun way -> known |> Map.tryFind way.Name |> Option.defaultValue 0.0) ]

        let controls, others = decided.Taken |> List.distinctBy _.Name |> List.partition _.IsControl
        let heads, without = others |> List.partition (fun way -> way.Name <> none)

        let each = [
            for n in sizes lab do
                for way in without @ costliest controls @ costliest heads -> { way with Size = Images n }
        ]

        float (lab.Seeds.Length * (parts lab AllImages 0).Length) * ofCurve lab known each

    let moreSeconds = ofMeasured lab plan known more

    let heads = [
        for way in quick |> List.distinctBy _.Name do
            if isHead way then
                match seconds |> Map.tryFind way.Name with
                | Some one -> way, one
                | None -> ()
    ]

    let decided = decided |> trained lab budget plan heads (moreSeconds + curve) slow

    let decided =
        if more.IsEmpty then
            decided
        else
            let model =
                measured (lab.Run(needed plan decided.Taken, decided.Taken)).Outcomes
                |> Map.values
                |> Seq.fold max 0.0
                |> ofModel lab

            let isTaken = (pending lab plan more).IsEmpty || moreSeconds <= left budget - curve - model

            decided
            |> decide lab plan $"more seeds of the former: {lab.QuickSeeds.Length - seeds}" more moreSeconds isTaken

    // in the order in which they were planned; what can't be run is said by the run
    let all =
        plan.Ways |> List.filter (fun way -> List.contains way decided.Taken || not (List.contains way runnable))

    lab.Run(needed plan decided.Taken, all, plan.LeftOut @ decided.LeftOut), decided.Steps

/// Runs a plan: all of it, or what --budget leaves time for, with the decisions that led there.
let orAll (lab: Lab) (plan: Plan) : Results * Step list =
    match lab.Options.Budget with
    | Some budget -> within lab budget plan
    | None -> lab.Run(plan.Pretraining, plan.Ways, plan.LeftOut), []
