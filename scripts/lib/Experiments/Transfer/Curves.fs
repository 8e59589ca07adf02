/// How scores rise with the number of training images: of no transfer, of the recommended way, and of the best control.
module MedTransfer.Recipes.Curves

open System
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

/// Of fewer images a way learns next to nothing, and a score of it nothing of others.
let private fewest = 16

/// Numbers of images to learn from besides all, fewest first; none where fewer than two are left, as a curve takes three.
let sizes (lab: Lab) : int list =
    let most = trainImages lab
    let classes = max 1 (lab.Load lab.Target.All).Info.Outputs

    match lab.Options.TargetSizes with
    | Some asked ->
        let named = [
            for size in asked do
                match size with
                | Images n when n >= most ->
                    raise (
                        Values.usage
                            $"--sizes names {n} images, but a training learns from {most} at most, which is measured anyway: name fewer."
                    )
                | Images n -> n
                | AllImages -> ()
        ]

        match named with
        | [ _ ] -> raise (Values.usage "--sizes names one number of images: a learning curve takes two or more besides all.")
        | several -> List.sort several
    | None when lab.Options.Smoke -> []
    | None ->
        match [ most / 8; most / 4; most / 2 ] |> List.filter (fun n -> n >= max fewest (2 * classes)) with
        | [ _ ] -> []
        | several -> several

/// The trainings of a learning curve with fewer images than all.
let private plan (lab: Lab) sources (ways: string list) : Plan =
    let plans = [ for n in sizes lab -> ofSize lab sources (Images n) lab.Seeds ]
    let wanted = plans |> List.collect _.Ways |> List.filter (fun way -> List.contains way.Name ways)
    let all = { Pretraining = plans |> List.collect _.Pretraining |> List.distinctBy _.Name; Ways = wanted }
    { all with Pretraining = needed all wanted }

// from what the same ways took with all images
let private seconds (lab: Lab) (outcomes: Outcome list) (plan: Plan) =
    let most, known = float (trainImages lab), Budget.measured outcomes

    List.sum [
        for way in plan.Ways do
            if not (lab.IsDone way.Trial) then
                match way.Size with
                | Images n when TimeLeft.hasEpochs way.Trial -> known[way.Name] * float n / most
                | _ -> known[way.Name]
    ]
    / float lab.Options.Workers

let private trainings (tested: TestedTransfer list) images : CurveTraining list = [
    for one in tested do
        match one.Tested.Score Metric.RocAuc with
        | null -> ()
        | score -> CurveTraining(images, one.Seed, score)
]

let private fit (ways: string list) (sizes: (int * TestedTransfer list) list) : LearningCurves option =
    let ofWay way = [
        for images, tested in sizes do
            yield! trainings (tested |> List.filter (fun one -> one.Way = way)) images
    ]

    let all = [ for way in ways -> way, ofWay way ]
    let complete = sizes |> List.sumBy (fun (_, tested) -> tested.Length) = (all |> List.sumBy (snd >> List.length))

    if complete then
        let byWay =
            dict [ for way, trainings in all -> way, (ResizeArray trainings :> Collections.Generic.IReadOnlyList<_>) ]

        LearningCurves.Of(Collections.Generic.Dictionary byWay, resamples) |> Option.ofObj
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
        let plan = plan lab sources ways
        let expected = seconds lab results.Outcomes plan

        let isTaken =
            match lab.Options.Budget with
            | Some budget -> expected <= Budget.left budget
            | None -> true

        let step: Budget.Step = {
            What = "learning curves"
            Trainings = plan.Ways |> List.filter (fun way -> not (lab.IsDone way.Trial)) |> List.length
            Seconds = expected
            IsTaken = isTaken
        }

        if not isTaken then
            results, None, Some step
        else
            let ran = lab.Run(plan.Pretraining, plan.Ways)

            let ofCurve (tested: TestedTransfer list) =
                tested |> List.filter (fun one -> List.contains one.Way ways && List.contains one.Seed lab.Seeds)

            let all = ofCurve (tested lab results.Outcomes)
            let fewer = ofCurve (tested lab ran.Outcomes)

            let sizes = [
                for n in smaller do
                    n, fewer |> List.filter (fun one -> one.Size = Images n)
                trainImages lab, all
            ]

            {
                results with
                    Outcomes = results.Outcomes @ ran.Outcomes
                    LeftOut = List.distinct (results.LeftOut @ ran.LeftOut)
            },
            Some { Ways = ways; Sizes = sizes; Fitted = fit ways sizes },
            Some step
