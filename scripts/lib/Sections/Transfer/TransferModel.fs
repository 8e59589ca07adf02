/// The model that is left: its folder, and what the page says of it.
module MedTransfer.Recipes.Sections.TransferModel

open System
open System.IO
open System.Collections.Generic
open MedTransfer.Data
open MedTransfer.Data.Checks
open MedTransfer.Data.Import.Pixels
open MedTransfer.Evaluation
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Inference.TrainedModels
open MedTransfer.Runtime
open MedTransfer.Recipes
open MedTransfer.Recipes.FinalModels
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Recommendations
open MedTransfer.Recipes.Report
open MedTransfer.Recipes.Transfers

/// Scores of the procedure that made a model, as a way: of folds that chose a way each, of choosing and training together.
let private procedureOf
    (model: FinalModel)
    (tested: TestedTransfer list)
    (recommendation: Recommendation option)
    : TestedTransfer list =
    let own = tested |> List.filter (fun one -> one.Way = model.Way)

    match recommendation with
    | Some known when model.Way <> none && not known.Chosen.IsEmpty -> [
        for seed, chosen in known.Chosen ->
            {
                own.Head with
                    Way = "the best way of each fold by the others"
                    Seed = seed
                    Trial = $"{seed}"
                    Tested = chosen.Tested
            }
      ]
    | _ -> own

let private description (lab: Lab) (model: FinalModel) (procedure: TestedTransfer list) (data: Dataset) (learned: Dataset) =
    let spec = model.Result.Trial.Spec
    let info = data.Info
    let sources = sourceSets lab model.Result
    let names (sets: LocatedDataset list) = [| for set in sets -> set.Name |]

    let pixels =
        match data.Card |> Option.ofObj |> Option.bind (_.PixelOptions >> Option.ofObj) with
        | Some options when options.ImageSize = info.ImageSize -> Some options
        | _ -> None

    ModelDescription(
        Network = spec.Model,
        Task = info.Task.Value,
        Labels = info.LabelNames,
        PositiveClass = (if info.HasTwoClasses then Nullable info.PositiveClass else Nullable()),
        Channels = info.Channels,
        Pixels = (pixels |> Option.defaultValue (PixelOptions(ImageSize = info.ImageSize))),
        IsPreparationKnown = pixels.IsSome,
        Temperature = (model.Temperature |> Option.map _.Temperature |> Option.toNullable),
        Thresholds = [|
            for point in model.Points -> point |> Option.map (fun point -> float point.Threshold) |> Option.toNullable
        |],
        WantedSensitivity = lab.Options.Sensitivity,
        Procedure =
            Dictionary(
                dict [
                    "ROC AUC", TransferAnswer.scoreText Metric.RocAuc procedure
                    match model.Points with
                    | [ Some point ] when info.HasTwoClasses ->
                        for name, value in [ "sensitivity", point.Counts.Sensitivity; "specificity", point.Counts.Specificity ] do
                            if value.HasValue then
                                name, $"{number 3 value.Value}, where the threshold was chosen"
                    | _ -> "ACC", TransferAnswer.scoreText Metric.Accuracy procedure
                ]
            ),
        LearnedFrom =
            ModelOrigin(
                lab.Target.Name,
                lab.Target.File.Md5,
                learned.Train.Count,
                info.IsPhantom,
                model.Way,
                model.Result.Trial.Name,
                Counts = Dictionary(dict (Seq.zip info.LabelNames (learned.LabelCounts SplitName.Train))),
                PretrainedOn = names sources.Weights,
                LearnedBeside = (if sources.Images.IsEmpty then null else names sources.Images),
                TaughtBy = (if sources.Teacher.IsEmpty then null else names sources.Teacher),
                IsSmoke = lab.Options.Smoke
            )
    )

let private seenBefore (model: FinalModel) =
    $"{model.SeenBefore} of its images are in what it was pretrained on too: temperature, threshold and doubtful labels are in part of images that the models had seen."

// what casts doubt on every figure of the card
let private beware (lab: Lab) (model: FinalModel) = [
    for _, sentence in lab.Evidence.Remarks do
        sentence
    yield! Openings.caveats lab
    if model.SeenBefore > 0 then
        seenBefore model
    for layer in model.Result.Metrics.NotTransferred do
        $"Not transferred, initial weights kept: {layer}."
]

/// Where the model is; that of a smoke run takes no other's place.
let folder (lab: Lab) = Path.Combine(lab.ReportFolder, (if lab.Options.Smoke then "model-smoke" else "model"))

/// Writes the model's folder, whole or not at all.
let write
    (lab: Lab)
    (model: FinalModel)
    (tested: TestedTransfer list)
    (recommendation: Recommendation option)
    : ModelDescription =
    lab.Cancellation.ThrowIfCancellationRequested()
    let spec = model.Result.Trial.Spec
    let data = lab.Load lab.Target.All
    use learned = spec.Target.Draw data
    let procedure = procedureOf model tested recommendation
    let described = description lab model procedure data learned
    use trained = load lab model described learned

    // without which no figure can be read
    let beside = none :: [ for known in Option.toList recommendation -> known.Control ]
    let mutable written = described
    Folder.assertWritable (folder lab)

    let others =
        Folder.renew (folder lab) (fun aside ->
            written <- ModelFolder.Write(aside, trained, learned.Train)

            let card =
                ModelCard.text
                    written
                    (procedure @ (tested |> List.filter (fun one -> List.contains one.Way beside && one.Way <> model.Way)))
                    model.Points
                    recommendation
                    (TransferAnswer.opening lab tested recommendation @ [ TransferAnswer.how lab tested recommendation ])
                    (beware lab model)

            WholeFile.WriteText(Path.Combine(aside, "README.md"), card))

    if not others.IsEmpty then
        eprintfn "In %s, but not of this model: %s." (folder lab) (String.concat ", " others)

    eprintfn "The model for use, %s: %s" model.Way (folder lab)
    written

// what speaks against the way that was trained, however well the model is made
let private doubts (model: FinalModel) (recommendation: Recommendation option) =
    match recommendation with
    | Some known when model.Way = known.Way ->
        Openings.objections (TransferAnswer.bestOf known) none known.OverNone known.Control known.OverControl
    | _ -> []

// why it is not the recommended way of transfer
let private choice (lab: Lab) (model: FinalModel) (recommendation: Recommendation option) =
    match recommendation with
    | Some known when model.Way = none && (verdict lab known).Answer = TransferAnswer.Harms ->
        " It is no transfer, as the best way of transfer scores lower."
    | _ -> ""

// whose images besides, as whoever passes the model on has to know
let private others (described: ModelDescription) =
    match described.LearnedFrom.LearnedBeside with
    | null -> ""
    | sets -> $""" Images of {String.concat ", " sets} took part in its training."""

/// What the page says of it.
let section (lab: Lab) (model: FinalModel) (described: ModelDescription) (recommendation: Recommendation option) =
    let images = described.LearnedFrom.Images

    let choices = [
        match model.Points with
        | [ Some point ] when described.PositiveClass.HasValue ->
            $"{described.Labels[described.PositiveClass.Value]} is called from a probability of {number 3 (float point.Threshold)} on, for a sensitivity of {described.WantedSensitivity}"
        | _ -> ()
        match model.Temperature with
        | Some scaling -> $"probabilities are softened or sharpened by a temperature of {number 2 scaling.Temperature}"
        | None -> ()
    ]

    let notOfTest =
        if (lab.Load lab.Target.All).Test.Count = 0 then
            ""
        else
            " that are not of the test split"

    let chosen =
        if choices.IsEmpty then
            ""
        else
            $""" Of it {String.concat "; " choices}: chosen on images that the models which predicted them had not learned from. They are this model's own; under Decisions they are chosen anew in every fold or seed, to be judged there."""

    [
        Heading "The model"
        Text
            $"{model.Way}, trained on all {images} images{notOfTest}, is in the folder {Path.GetFileName(folder lab)} beside this page, with a card that says what it is for; its own worth is not known but by the procedure's above.{others described}{choice lab model recommendation}{chosen}"
        if model.SeenBefore > 0 then
            Warning(seenBefore model)
        for doubt in doubts model recommendation do
            Warning doubt
        match described.OnnxObstacle with
        | null -> ()
        | obstacle -> Text $"There is no model.onnx: {obstacle}"
        Command(
            ShellLine.here [ "dotnet"; "fsi"; "scripts/predict.fsx"; "--"; "--model"; lab.Below(folder lab); "IMAGE-OR-FOLDER" ]
        )
    ]
