/// How scores rise with the number of training images: of no transfer, of the recommended way, and of the best control.
module MedTransfer.Recipes.Curves

open System.Collections.Generic
open MedTransfer.Evaluation
open MedTransfer.Evaluation.Curves
open MedTransfer.Recipes.Transfers
open MedTransfer.Recipes.Recommendations

/// Scores by size, and the curves through them.
type Curve = {
    /// No transfer, the recommended way and the best control.
    Ways: string list
    /// Images that were learned from, fewest first, each with what every way and seed scored.
    Sizes: (int * TestedTransfer list) list
    /// None where a score is undefined.
    Fitted: LearningCurves option
}

let private resamples = 1000

/// The trainings of a learning curve with fewer images than all.
let private plan (lab: Lab) sources (ways: string list) seeds : Plan =
    let plans = [ for n in sizes lab -> ofSize lab sources (Images n) seeds ]
    let wanted = plans |> List.collect _.Ways |> List.filter (fun way -> List.contains way.Name ways)
    let all = { Pretraining = plans |> List.collect _.Pretraining |> List.distinctBy _.Name; Ways = wanted; LeftOut = [] }
    { all with Pretraining = needed all wanted }

let private trainings (tested: TestedTransfer list) images : CurveTraining list = [
    for one in tested do
        match one.Tested.Score Metric.RocAuc with
        | null -> ()
        | score -> CurveTraining(images, one.Seed, score)
]

let private fit (ways: string list) (sizes: (int * TestedTransfer list) list) : LearningCurves option =
    let all = [
        for way in ways ->
            way,
            [
                for images, tested in sizes do
                    yield! trainings (tested |> List.filter (fun one -> one.Way = way)) images
            ]
    ]

    // every way with every seed at every size
    if sizes |> List.sumBy (fun (_, tested) -> tested.Length) = (all |> List.sumBy (snd >> List.length)) then
        let byWay = dict [ for way, trainings in all -> way, (ResizeArray trainings :> IReadOnlyList<_>) ]
        LearningCurves.Of(Dictionary byWay, resamples) |> Option.ofObj
    else
        None

/// Runs what a learning curve takes besides: all of it, or nothing where a budget does not leave the time. The results with it, the curve, and the step that was decided.
let run
    (lab: Lab)
    sources
    (results: Results)
    (recommendation: Recommendation option)
    : Results * Curve option * Budget.Step option =
    match recommendation, sizes lab with
    | None, _
    | _, [] -> results, None, None
    | Some recommendation, smaller ->
        let ways = [ none; recommendation.Way; recommendation.Control ]
        let atFull = tested lab results.Outcomes |> List.filter (fun one -> List.contains one.Way ways)

        // of those that all three were run with
        let seeds =
            ways
            |> List.map (fun way -> atFull |> List.filter (fun one -> one.Way = way) |> List.map _.Seed |> Set.ofList)
            |> Set.intersectMany
            |> Set.intersect (Set.ofList lab.Seeds)

        let plan = plan lab sources ways (Set.toList seeds)
        let pending = plan.Ways |> List.filter (fun way -> not (lab.IsDone way.Trial))
        let expected = Budget.ofCurve lab (Budget.measured results.Outcomes) pending

        let isTaken =
            match lab.Options.Budget with
            | Some budget -> expected <= Budget.left budget
            | None -> true

        let step: Budget.Step = { What = "learning curves"; Trainings = pending.Length; Seconds = expected; IsTaken = isTaken }

        if not isTaken then
            results, None, Some step
        else
            let ran = lab.Run(plan.Pretraining, plan.Ways)
            let fewer = tested lab ran.Outcomes

            let sizes = [
                for n in smaller do
                    n, fewer |> List.filter (fun one -> one.Size = Images n)
                mostImages lab, atFull |> List.filter (fun one -> seeds.Contains one.Seed)
            ]

            {
                results with
                    Outcomes = results.Outcomes @ ran.Outcomes
                    LeftOut = List.distinct (results.LeftOut @ ran.LeftOut)
            },
            Some { Ways = ways; Sizes = sizes; Fitted = fit ways sizes },
            Some step
