/// Chooses the options of each way by cross-validation on its training images, before anything is tested.
module MedTransfer.Recipes.Tuning

open System.Linq
open MedTransfer
open MedTransfer.Training.Objectives
open MedTransfer.Evaluation
open MedTransfer.Data.Phantoms
open MedTransfer.Data.Resampling
open MedTransfer.Models
open MedTransfer.Training
open MedTransfer.Trials
open MedTransfer.Trials.Tuning

/// What was tried for a way and what came of it.
type Tuned = {
    Way: string
    Tried: TuningResult
    /// How good choosing and then training is, where that was asked for.
    Nested: NestedEstimate option
}

// layers that took nothing from the parent can't stay as they came
let private depths (lab: Lab) (parents: Trial list) (spec: TrialSpec) =
    let whole = Hyperparameter.FrozenDepth [| 0 |]

    [ 0 .. spec.Model.FeatureLayerNames.Count - 1 ]
    |> List.filter (fun depth -> lab.Obstacle(parents, Trial(whole.Set.Invoke(spec, float depth), "")) |> Option.isNone)

/// Whether each training of the way chooses its own penalty, so that nothing is left to tune.
let private choosesItself (way: Way) =
    let fit = way.Trial.Spec.Fit
    fit.Solver = Solver.LogisticRegression && not (isNull fit.PenaltyChoice)

let private space lab parents (spec: TrialSpec) =
    let values (numbers: float list) = SearchValues.Of(ResizeArray numbers)

    if spec.Fit.Solver = Solver.LogisticRegression then
        SearchSpace [| Hyperparameter.InversePenalty(values [ 0.01; 0.1; 1.0; 10.0 ]) |]
    else
        SearchSpace [|
            // about the rate that the way has untuned, in decimal digits as one would type them
            let rate = decimal spec.Fit.LearningRate
            Hyperparameter.LearningRate(values [ for times in [ 0.3M; 1M; 3M ] -> float (rate * times) ])
            Hyperparameter.WeightDecay(values [ 0.0; 0.01 ])
            // a way that is about dropout keeps its own
            if spec.Model.Dropout = 0.0 then
                Hyperparameter.Dropout(values [ 0.0; 0.3 ])
            // how deep to freeze is a question only where weights came and all of them train
            if
                not (isNull spec.Transfer.Origin)
                && spec.Transfer.Phases |> Seq.forall (fun phase -> Seq.contains Classifier.FeaturesPart phase.Trained)
            then
                Hyperparameter.FrozenDepth(ResizeArray(depths lab parents spec))
        |]

/// What is tried for a spec whose parent is among those given.
let candidates (lab: Lab) (parents: Trial list) how (spec: TrialSpec) =
    match how with
    | Grid -> (space lab parents spec).Grid()
    | Draws n -> (space lab parents spec).Draws(n, 0L)

let private named (way: Way) (trials: Trial seq) = [ for trial in trials -> Trial(trial.Spec, $"{way.Name}: {trial.Label}") ]

/// What candidates are compared by: one image that is left out has no AUC.
let scoreOf (lab: Lab) =
    if lab.Options.Resampling = ResamplingScheme.LeaveOneOut then
        Metric.Accuracy
    else
        Metric.RocAuc

// what can't be cut is found out now, not after the tuning
let private nestedPlan (lab: Lab) parents how (folds: ResamplingOptions) (way: Way) =
    let spec = way.Trial.Spec
    let outer = ResamplingOptions(Folds = lab.Options.Folds, Seed = folds.Seed + 1L)
    let plan = NestedTuning(spec, candidates lab parents how spec, outer, folds, lab.Load spec.Target, scoreOf lab)
    plan, named way plan.Trials

let private estimate (lab: Lab) (way: Way) (plan: NestedTuning, trials: Trial list) =
    let choice = plan.Choose((lab.Finish trials).ToArray())
    choice.Estimate(lab.Finish(named way choice.Trials))

/// Tunes every way that is no control, no ensemble and no head that chooses its penalty, each by itself, on the sample of the given ways (one a name).
let choose (lab: Lab) (pretraining: Trial list) (ways: Way list) : Tuned list =
    match lab.Options.Tuning with
    | None -> []
    | Some how ->
        for parent in pretraining do
            if parent.Spec.Target.Digest = lab.Target.File.Md5 && parent.Spec.Objective = Objective.Classification then
                raise (
                    MedTransferException(
                        "--tune holds out training images, but source and target are one set, so that the pretraining knows their labels: name another --source.",
                        IsUsage = true
                    )
                )

        let folds = ResamplingOptions(Scheme = lab.Options.Resampling, Folds = lab.Options.Folds)

        let tunable =
            lab.Runnable(pretraining, ways)
            |> List.filter (fun way -> not way.IsControl && way.Parts.IsEmpty && not (choosesItself way))

        let plans = [
            for way in tunable ->
                way,
                TuningPlan(
                    way.Trial.Spec,
                    candidates lab pretraining how way.Trial.Spec,
                    folds,
                    lab.Load way.Trial.Spec.Target,
                    Score = scoreOf lab
                )
        ]

        let nested = [
            for way in tunable ->
                if lab.Options.Nested then
                    Some(nestedPlan lab pretraining how folds way)
                else
                    None
        ]

        let finished = lab.Finish(pretraining @ (plans |> List.collect (fun (way, plan) -> named way plan.Trials)))

        [
            for (way, plan), outer in List.zip plans nested ->
                { Way = way.Name; Tried = plan.Choose finished; Nested = outer |> Option.map (estimate lab way) }
        ]

/// The way with the options that were chosen for it, or as it is.
let apply (tuned: Tuned list) (way: Way) : Way =
    match tuned |> List.tryFind (fun choice -> choice.Way = way.Name) with
    | None -> way
    | Some choice -> { way with Trial = Trial(choice.Tried.Chosen.Candidate.Apply.Invoke way.Trial.Spec, way.Trial.Label) }
