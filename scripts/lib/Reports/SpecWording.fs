/// What a trial does in words, from its spec.
module MedTransfer.Recipes.SpecWording

open System
open MedTransfer.Training.Objectives
open MedTransfer.Training.Objectives.Adaptation
open MedTransfer.Training.Objectives.TwoViews
open MedTransfer.Evaluation
open MedTransfer.Models
open MedTransfer.Training
open MedTransfer.Training.Schedules
open MedTransfer.Transfer
open MedTransfer.Trials
open MedTransfer.Recipes

let private scoreText name = if name = Metric.Accuracy then "ACC" else Metric.InWords name

let private keptText (fit: FitOptions) =
    match Option.ofObj fit.EarlyStopping, fit.Keep with
    | Some stopping, _ ->
        $"stopped after {stopping.Patience} epochs without a better validation {scoreText stopping.Metric}, the best kept"
    | None, KeptEpoch.Best when fit.CheckpointEvery > 1 ->
        $"of every {fit.CheckpointEvery}th epoch and the last the one with the best validation {scoreText fit.KeptBy} kept"
    | None, KeptEpoch.Best -> $"the epoch with the best validation {scoreText fit.KeptBy} kept"
    | None, _ -> "the last epoch kept"

let private augmentationText (augmentation: Augmentation) =
    let flip = if augmentation.Flip then ", mirrored" else ""

    $"augmented (shift {augmentation.Shift}, rotation {augmentation.Rotation} degrees, scale {augmentation.Scale}, brightness {augmentation.Brightness}, contrast {augmentation.Contrast}{flip})"

let private scheduleText (schedule: LearningRateSchedule) =
    let risen warmUp = if warmUp > 0.0 then $", after a linear rise over {warmUp} of the steps" else ""

    match schedule with
    | :? OneCycle as cycle -> $"one cycle of the rate, up over {cycle.Rise} of the steps and then down"
    | :? CosineDecay as cosine -> $"the rate falling along half a cosine to {cosine.Floor} of it{risen cosine.WarmUp}"
    | :? StepDecay as steps ->
        let milestones = steps.Milestones |> Seq.map string |> String.concat " and "
        $"the rate times {steps.Factor} at {milestones} of the steps{risen steps.WarmUp}"
    | :? ConstantRate as constant -> $"a constant rate{risen constant.WarmUp}"
    | other -> string other

let private balanceText balance =
    match balance with
    | ClassBalance.Loss -> [ "rare classes weigh more in the loss" ]
    | ClassBalance.Sampling -> [ "rare classes drawn more often" ]
    | _ -> []

let private viewsText (learning: TwoViewLearning) =
    let way =
        match learning with
        | :? VicRegularisation as vicreg ->
            $"{vicreg.Title}, weights {vicreg.InvarianceWeight} of invariance, {vicreg.VarianceWeight} of variance and {vicreg.CovarianceWeight} of covariance"
        | :? ContrastiveLearning as simclr -> $"{simclr.Title}, temperature {simclr.Temperature}"
        | other -> other.Title

    $"{way}, without labels, of two views of each image, {augmentationText learning.Views}"

let private epochsText n = if n = 1 then "1 epoch" else $"{n} epochs"

let private labelsText (adapted: DomainAdaptation) =
    if not adapted.UsesSourceLabels then " without labels"
    elif not adapted.UsesTargetLabels then " with labels, the target's without"
    else ""

let private objectiveText (objective: Objective) =
    let beside (adapted: DomainAdaptation) = $"as many images of the source{labelsText adapted} in every step"

    match objective with
    | :? CorrelationAlignment as coral -> [
        beside coral
        $"{coral.Weight} times the distance of the embeddings' covariances (CORAL)"
      ]
    | :? DiscrepancyAlignment as mmd -> [
        beside mmd
        $"{mmd.Weight} times the squared maximum mean discrepancy of the embeddings (MMD)"
      ]
    | :? AdversarialAlignment as dann -> [
        beside dann
        $"a domain classifier of {dann.Hidden} hidden units against the features, its reversed gradient rising to {dann.Weight} (DANN)"
      ]
    | :? ImportanceWeighting as weighted -> [ beside weighted; "these drawn by how likely they are in the target" ]
    | :? DomainAdaptation as pooled -> [ beside pooled ]
    | :? RelationalDistillation as relations -> [
        $"{relations.DistanceWeight} and {relations.AngleWeight} times the loss of the batch's distances and angles against a teacher's"
      ]
    | _ -> []

let private fitText (spec: TrialSpec) =
    let fit = spec.Fit

    if spec.Members.Count > 0 && spec.Combination = MemberCombination.GreedySoup then
        $"greedy soup of {spec.Members.Count} trainings from one start: the best on validation, and of the others each with which the mean of the weights does no worse there"
    elif spec.Members.Count > 0 then
        $"mean of the probabilities of {spec.Members.Count} models, each trained without one of the folds"
    elif fit.Solver = Solver.LogisticRegression then
        let boosted =
            match spec.Objective with
            | :? TransferBoosting as boosting -> [
                $"the second half of {boosting.Rounds} such heads boosted with the source's images (TrAdaBoost)"
              ]
            | _ -> []

        let penalty =
            match Option.ofObj fit.PenaltyChoice with
            | None -> $" with C = {fit.InversePenalty}"
            | Some choice ->
                $", C chosen of {choice.InversePenalties.Count} values from {Seq.head choice.InversePenalties} to {Seq.last choice.InversePenalties}, tried in this order until two in a row lose clearly, by {choice.Folds} folds of the training images: the strongest penalty within one standard error of the lowest mean held-out loss"

        String.concat ", " [
            $"head alone to the minimum on standardised embeddings, mean loss + |W|^2 / (2 C n){penalty}"
            yield! balanceText fit.Balance
            yield! boosted
        ]
    else
        String.concat ", " [
            $"Adam, learning rate {fit.LearningRate}"
            match Option.ofObj fit.Schedule with
            | Some schedule -> scheduleText schedule
            | None -> ()
            if fit.WeightDecay > 0.0 then
                $"weight decay {fit.WeightDecay}"
            $"batch {fit.BatchSize}"
            epochsText fit.Epochs
            keptText fit
            yield! balanceText fit.Balance
            yield! objectiveText spec.Objective
            if fit.ThroughFrozenLayers then
                "every batch through all layers"
            match spec.Objective, Option.ofObj fit.Augmentation with
            | :? TwoViewLearning as learning, _ -> viewsText learning
            | _, Some augmentation -> augmentationText augmentation
            | _, None -> ()
        ]

let private inputText (model: ModelOptions) =
    let given = [
        if model.SeenAs.ImageSize.HasValue then
            $"images of {model.SeenAs.ImageSize} x {model.SeenAs.ImageSize}"
        match model.SeenAs.Pixels with
        | null -> ()
        | pixels -> Backbones.scaleText pixels
    ]

    if given.IsEmpty then "" else $"""; {String.concat ", " given}"""

let private modelText (spec: TrialSpec) =
    let model = spec.Model
    let dropout = if model.Dropout > 0.0 then $", dropout {model.Dropout} before the head" else ""
    let latent = if model.Architecture = Architecture.ConvNet then $" of {model.Latent}" else ""

    let blocks =
        if model.Blocks.HasValue then
            $"; blocks of its stages: {model.Blocks.Value}"
        else
            ""

    let stem =
        if model.Stem = ResNetStem.Cifar then
            "; a stem of one 3 x 3 convolution"
        else
            ""

    let second =
        match spec.Objective with
        | :? TwoViewLearning as learning -> $", and a projector of two layers of {learning.ProjectionWidth} units"
        | objective when objective = Objective.Reconstruction -> ", and a decoder that mirrors it"
        | _ -> ""

    $"{model.Architecture.Title}: {model.Architecture.Description}{latent}{blocks}{stem}{second}{dropout}{inputText model}"

let private phaseText (phase: Phase) =
    let epochs =
        if phase.ToConvergence then
            " to its optimum by logistic regression, C chosen on folds of the training images"
        elif phase.Epochs.HasValue then
            $" for {epochsText phase.Epochs.Value}"
        else
            ""

    let rates = [
        for rate in phase.RateFactors do
            let factor = rate.Value.ToString("G3", Globalization.CultureInfo.InvariantCulture)
            $"{rate.Key} at {factor} times the rate"
    ]

    let parts = String.concat " and " phase.Trained
    String.concat ", " ($"{parts} trained{epochs}" :: rates)

let private planText (model: ModelOptions) (plan: TransferPlan) =
    let origin =
        match plan.Origin with
        | null when model.Architecture.ComesTrained -> "features as its file has them"
        | null -> "initial weights at random"
        | :? WeightsOrigin as file -> $"features from {IO.Path.GetFileName file.Path}"
        | :? PublishedOrigin as published -> $"features from {published.Name}"
        | _ -> "features from the pretraining"

    let held =
        match plan.Regulariser with
        | null -> ""
        | regulariser -> $", held by {regulariser.Title}"

    let trained = plan.Phases |> Seq.map phaseText |> String.concat ", then "

    let kept =
        if plan.KeepsStatistics then
            ", batch norms keep the statistics of the source"
        else
            ""

    $"{origin}; {trained}{held}{kept}"

/// Model, weights and training, each a phrase.
let ofSpec (spec: TrialSpec) =
    let weights =
        if spec.Members.Count > 0 then
            "those of its members"
        else
            planText spec.Model spec.Transfer

    [ modelText spec; weights; fitText spec ]
