/// What a report opens and ends with: data, method, environment, command.
module MedTransfer.Recipes.Sections.Setting

open System
open MedTransfer.Training.Objectives
open MedTransfer.Evaluation
open MedTransfer.Data
open MedTransfer.Models
open MedTransfer.Training
open MedTransfer.Training.Schedules
open MedTransfer.Transfer
open MedTransfer.Trials
open MedTransfer.Trials.Artefacts
open MedTransfer.Recipes
open MedTransfer.Recipes.Report

let private splits = [ SplitName.Train; SplitName.Validation; SplitName.Test ]

let private counts (data: Dataset) split =
    let named = [
        for name, count, known in Seq.zip3 data.Info.LabelNames (data.LabelCounts split) (data.KnownCounts split) do
            if known = 0 then $"{name}: unknown"
            elif known < data[split].Count then $"{name}: {count} of {known} known"
            else $"{name}: {count}"
    ]


    let patients =
        data[split].Groups
        |> Option.ofObj
        |> Option.map (fun groups -> $"; {groups |> Seq.distinct |> Seq.length} patients")

    let inWords = if named.IsEmpty then "no labels" else String.concat ", " named
    $"{data[split].Count} ({inWords}{Option.defaultValue String.Empty patients})"

/// PNGs of the first training images of each class, or with each finding and with none, under the label's name.
let private ofEachClass (count: int) (data: Dataset) : (string * byte[] list) list =
    let labels = data.Train.Labels
    let rows = [ 0 .. data.Train.Count - 1 ]
    let hasNone row = Seq.forall (fun column -> labels[row, column] = 0uy) [ 0 .. labels.Columns - 1 ]

    let groups =
        if data.Info.Task.HasValue |> not then
            [ "no labels", (fun _ -> true) ]
        elif data.Info.Task = Nullable LabelTask.MultiLabel then
            ("no finding", hasNone)
            :: [ for column, name in Seq.indexed data.Info.LabelNames -> name, (fun row -> labels[row, column] = 1uy) ]
        else
            [ for value, name in Seq.indexed data.Info.LabelNames -> name, (fun row -> int labels[row, 0] = value) ]

    [
        for name, belongs in groups ->
            name, rows |> Seq.filter belongs |> Seq.truncate count |> Seq.map data.Train.Png |> List.ofSeq
    ]

/// Counts of both sets, and a few training images of each class.
let data (lab: Lab) =
    let sets = [
        if lab.Backbone.IsNone then
            "source", lab.Source
        "target", lab.Target
    ]

    let loaded = [ for role, set in sets -> role, set, lab.Load set.All ]
    // one set in both roles, or findings and their merger, is shown once
    let shown = loaded |> List.rev |> List.distinctBy (fun (_, set, _) -> set.File.Md5) |> List.rev

    [
        Heading "Data"
        WordTable(
            "data",
            "Images of each split, and how many of each class or with each finding.",
            Table.ofRows [ "set"; "train"; "validation"; "test"; "file"; "MD5" ] [
                for role, set, data in loaded ->
                    role,
                    [
                        $"{set.Name}, {data.Info.ImageSize} x {data.Info.ImageSize}"
                        for split in splits do
                            counts data split
                        set.File.Path
                        set.File.Md5
                    ]
            ]
        )
        match lab.Backbone with
        | Some backbone ->
            Text $"{backbone |> Backbones.text (lab.Load lab.Target.All).Info}."
            yield! backbone.Taken |> Option.map (fun taken -> Text $"{taken}.") |> Option.toList
        | None -> ()
        for set, note in lab.Notes do
            Text $"Note: {set}: {note}"
        for _, set, data in shown do
            Pictures($"{set.Name}: training images, eight of each class or finding.", ofEachClass 8 data)
    ]

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

let private epochsText n = if n = 1 then "1 epoch" else $"{n} epochs"

let private fitText (spec: TrialSpec) =
    let fit = spec.Fit

    if spec.Members.Count > 0 then
        $"mean of the probabilities of {spec.Members.Count} models, each trained without one of the folds"
    elif fit.Solver = Solver.LogisticRegression then
        let penalty =
            match Option.ofObj fit.PenaltyChoice with
            | None -> $" with C = {fit.InversePenalty}"
            | Some choice ->
                $", C chosen of {choice.InversePenalties.Count} values from {Seq.head choice.InversePenalties} to {Seq.last choice.InversePenalties} by {choice.Folds} folds of the training images: the strongest penalty within one standard error of the lowest mean held-out loss"

        String.concat ", " [
            $"head alone to the minimum on standardised embeddings, mean loss + |W|^2 / (2 C n){penalty}"
            yield! balanceText fit.Balance
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
            if fit.ThroughFrozenLayers then
                "every batch through all layers"
            match Option.ofObj fit.Augmentation with
            | Some augmentation -> augmentationText augmentation
            | None -> ()
        ]

let private inputText (model: ModelOptions) =
    let given = [
        if model.SeenAs.ImageSize.HasValue then
            $"images of {model.SeenAs.ImageSize} x {model.SeenAs.ImageSize}"
        match model.SeenAs.Pixels with
        | null -> ()
        | pixels -> $"pixels of [0, 1] {Backbones.scaleText pixels}"
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

    let decoder =
        if spec.Objective = Objective.Reconstruction then
            ", and a decoder that mirrors it"
        else
            ""

    $"{model.Architecture.Title}: {model.Architecture.Description}{latent}{blocks}{stem}{decoder}{dropout}{inputText model}"

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

let private planText (plan: TransferPlan) =
    let origin =
        match plan.Origin with
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

/// What each way does, generated from the specs that were run.
let method (lab: Lab) (results: Results) =
    let first = results.Outcomes |> List.distinctBy _.Way.Name

    let row name (spec: TrialSpec) = name, [ modelText spec; planText spec.Transfer; fitText spec ]

    [
        Heading "Method"
        WordTable(
            "method",
            "Every way, from the specs that were run. Pixels are scaled to [-1, 1] but where another scale is named; a classifier's losses are softmax cross-entropy over classes and sigmoid cross-entropy over findings; a seed decides initial weights, order of images and the stratified sample. The test split is read once, after training.",
            Table.ofRows [ "model"; "weights"; "training" ] [
                // one row stands for the pretrainings of all seeds
                for pretraining in List.truncate 1 results.Pretraining do
                    row pretraining.Trial.Label pretraining.Trial.Spec
                for outcome in first do
                    row outcome.Way.Name outcome.Way.Trial.Spec
                    // the folds' trainings hide behind their mean
                    match outcome.Way.Parts with
                    | [] -> ()
                    | part :: _ -> row $"{outcome.Way.Name}: each fold" part.Spec
            ]
        )
        yield! Penalties.table results.Outcomes
        yield! TestUse.section lab results
    ]

/// What was measured of trainings on a GPU: whether the same one gives the same bits.
let repeatability (where: TrialEnvironment list) =
    match
        [
            for environment in where do
                if environment.Repeats.HasValue then
                    environment.Repeats.Value
        ]
    with
    | [] -> None
    | measured ->
        let others = measured |> List.filter not |> List.length
        let asked = $"The first steps of each of {measured.Length} trainings were done twice"

        Some(
            if others = 0 then
                $"{asked} and gave the same bits."
            else
                $"{asked}; those of {others} gave other bits: on this device the same training does not give the same numbers to the last digit."
        )

/// Versions, system, processor and device of a trial.
let machine (where: TrialEnvironment) =
    let torch = Option.ofObj where.Libtorch |> Option.map (sprintf " on libtorch %s")
    let processor = Option.ofObj where.Processor |> Option.map (sprintf ", %O")

    $"MedTransfer {where.MedTransfer}, TorchSharp {where.TorchSharp}{Option.defaultValue String.Empty torch}, {where.Runtime} on {where.System}{Option.defaultValue String.Empty processor}; {where.Device}, compute threads: {where.Threads}."

/// Where it ran, and the commands that run it again and that repeat its trainings.
let environment (lab: Lab) (results: Results) =
    let where = results.Outcomes.Head.Result.Environment

    let all =
        (results.Outcomes |> List.collect (fun outcome -> outcome.Result :: outcome.Parts)) @ results.Pretraining

    [
        Heading "Environment"
        match all |> List.distinctBy _.Trial.Name |> List.map _.Environment |> repeatability with
        | Some text -> Text text
        | None -> ()
        Text
            $"{machine where} The times of trials.csv are wall times of the optimisation beside whatever else ran: they say what was waited for, and compare nothing."
        Command lab.Command
        Text "Every training of this report is a folder, from which it can be done again and compared, bit by bit."
        Command lab.RepeatCommand
    ]
