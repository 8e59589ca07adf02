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
open MedTransfer.Models
open MedTransfer.Runtime
open MedTransfer.Trials.Artefacts
open MedTransfer.Recipes
open MedTransfer.Recipes.FinalModels
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Recommendations
open MedTransfer.Recipes.Report
open MedTransfer.Recipes.Transfers

// the sets that its weights were pretrained on here, with what was learned from
let private pretraining (lab: Lab) (model: FinalModel) : LocatedDataset list =
    match model.Result.Trial.Spec.Transfer.Parent with
    | null -> []
    | parent ->
        let folder = TrialFolder(Path.Combine(lab.Options.Out, "runs"), parent)
        let digest = folder.ReadSpec().Target.Digest

        [
            for _, set in lab.SourceSets do
                if set.File.Md5 = digest then
                    set
        ]

let private description (lab: Lab) (model: FinalModel) (tested: TestedTransfer list) (data: Dataset) (learned: Dataset) =
    let spec = model.Result.Trial.Spec
    let info = data.Info

    let pixels =
        match data.Card |> Option.ofObj |> Option.bind (_.PixelOptions >> Option.ofObj) with
        | Some options when options.ImageSize = info.ImageSize -> options
        | _ -> PixelOptions(ImageSize = info.ImageSize)

    ModelDescription(
        Network = spec.Model,
        Task = info.Task.Value,
        Labels = info.LabelNames,
        PositiveClass = (if info.HasTwoClasses then Nullable info.PositiveClass else Nullable()),
        Channels = info.Channels,
        Pixels = pixels,
        Temperature = (model.Temperature |> Option.map _.Temperature |> Option.toNullable),
        Thresholds = [| for threshold in model.Thresholds -> Option.toNullable threshold |],
        WantedSensitivity = lab.Options.Sensitivity,
        Procedure =
            Dictionary(
                dict [
                    for name, metric in [ "ROC AUC", Metric.RocAuc; "ACC", Metric.Accuracy ] ->
                        name, TransferAnswer.scoreText metric (tested |> List.filter (fun one -> one.Way = model.Way))
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
                PretrainedOn = [| for set in pretraining lab model -> set.Name |],
                IsSmoke = lab.Options.Smoke
            )
    )

// what casts doubt on every figure of the card
let private beware (lab: Lab) = [
    for _, sentence in lab.Evidence.Remarks do
        sentence
    for set, note in lab.Notes do
        if set = lab.Target.Name && DatasetChecks.IsCaveat note then
            note
]

/// Where the model is.
let folder (lab: Lab) = Path.Combine(lab.ReportFolder, "model")

/// Writes the model's folder, whole or not at all.
let write
    (lab: Lab)
    (model: FinalModel)
    (tested: TestedTransfer list)
    (recommendation: Recommendation option)
    : ModelDescription =
    let spec = model.Result.Trial.Spec
    let data = lab.Load lab.Target.All
    use learned = spec.Target.Draw data
    let described = description lab model tested data learned
    let network = Classifier.Trained(spec.Model, data.Info, model.Result.Folder.ReadWeights())

    let before = [|
        for set in pretraining lab model do
            (lab.Load set.All).Train
            (lab.Load set.All).Validation
    |]

    let known = TrainingImages.Of(learned.Train, model.Result.Folder.ReadEmbeddings SplitName.Train, before)
    use trained = new TrainedModel(described, network, known)
    let mutable written = described
    Folder.assertWritable (folder lab)

    let others =
        Folder.renew (folder lab) (fun aside ->
            written <- ModelFolder.Write(aside, trained, learned.Train)

            let card =
                ModelCard.text written tested recommendation (TransferAnswer.how lab tested recommendation) (beware lab)

            WholeFile.WriteText(Path.Combine(aside, "README.md"), card))

    if not others.IsEmpty then
        eprintfn "In %s, but not of this model: %s." (folder lab) (String.concat ", " others)

    eprintfn "The model for use, %s: %s" model.Way (folder lab)
    written

// why it is not the recommended way of transfer
let private choice (lab: Lab) (model: FinalModel) (recommendation: Recommendation option) =
    match recommendation with
    | Some known when model.Way = none && (verdict lab known).Answer = TransferAnswer.Harms ->
        " It is no transfer, as the best way of transfer scores lower."
    | _ -> ""

/// What the page says of it.
let section (lab: Lab) (model: FinalModel) (described: ModelDescription) (recommendation: Recommendation option) =
    let images = described.LearnedFrom.Images

    let threshold =
        match model.Thresholds with
        | [ Some threshold ] when described.PositiveClass.HasValue ->
            $" {described.Labels[described.PositiveClass.Value]} is called from a probability of {number 3 threshold} on, for a sensitivity of {described.WantedSensitivity}."
        | _ -> ""

    let temperature =
        match model.Temperature with
        | Some scaling -> $" Its temperature is {number 2 scaling.Temperature}."
        | None -> ""

    [
        Heading "The model"
        Text
            $"{model.Way}, trained on all {images} images that are not test, is in the folder model beside this page, with a card that says what it is for; its own worth is not known but by the procedure's above.{choice lab model recommendation}{threshold}{temperature} Both are chosen on images that the models which predicted them had not learned from."
        Command "dotnet fsi scripts/predict.fsx -- IMAGE-OR-FOLDER"
    ]
