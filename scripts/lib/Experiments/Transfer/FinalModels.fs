/// The model that is to be used: one way, trained on all images that are not test.
module MedTransfer.Recipes.FinalModels

open System
open System.Collections.Generic
open System.IO
open MathNet.Numerics.Statistics
open MedTransfer.Data
open MedTransfer.Data.Checks
open MedTransfer.Data.Resampling
open MedTransfer.Evaluation.Calibration
open MedTransfer.Evaluation.Classification
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Inference.TrainedModels
open MedTransfer.Models
open MedTransfer.Trials
open MedTransfer.Trials.Artefacts
open MedTransfer.Trials.Testing
open MedTransfer.Recipes.Transfers
open MedTransfer.Recipes.Recommendations

/// A way trained for use, and what models of that way say of the same images where they had not learned from them.
type FinalModel = {
    Way: string
    Result: TrialResult
    /// On folds of the images, every image held out once a seed or more.
    OutOfFold: TrialResult list
    Temperature: TemperatureScaling option
    /// Of two classes of the positive one, of findings of each: from which probability on it is called, with the outcomes on the images that it was chosen on. None where there was no
    /// positive image to choose it on.
    Points: OperatingPoint option list
    /// How many of its images a source set that it learned from has too, pixel by pixel.
    SeenBefore: int
}

/// The way to use: the recommended one, or none where transfer is shown to do worse, and where nothing is transferred.
let way (lab: Lab) (recommendation: Recommendation option) : string =
    match recommendation with
    | Some known when (verdict lab known).Answer <> TransferAnswer.Harms -> known.Way
    | _ -> none

let private predictions (folds: TrialResult list) : SplitPredictions =
    DecidedPart.Joined [| for fold in folds -> fold.Predictions SplitName.Test |]

let private scaled (temperature: TemperatureScaling option) (all: SplitPredictions) =
    match temperature with
    | Some scaling -> scaling.Apply all.Probabilities
    | None -> all.Probabilities

let private point (lab: Lab) (probabilities: float32[]) (positive: bool[]) : OperatingPoint option =
    if Array.contains true positive then
        Some(OperatingPoint.AtSensitivity(probabilities, positive, lab.Options.Sensitivity))
    else
        None

let private points
    (lab: Lab)
    (info: DatasetInfo)
    (all: SplitPredictions)
    (probabilities: float32[,])
    : OperatingPoint option list =
    if info.HasTwoClasses then
        let binary = BinaryPredictions.Of(probabilities, all.Labels.Values, info.PositiveClass)
        [ point lab binary.Probabilities binary.Positive ]
    elif info.Task = Nullable LabelTask.MultiLabel then
        [
            for finding in 0 .. info.Outputs - 1 do
                let known = all.Labels.KnownImages finding

                point lab [| for image in known -> probabilities[image, finding] |] [|
                    for image in known -> all.Labels[image, finding] = 1uy
                |]
        ]
    else
        []

/// What a model has of the run's source sets.
type SourceSets = {
    /// That its weights were pretrained on.
    Weights: LocatedDataset list
    /// Whose images took part in its training.
    Images: LocatedDataset list
    /// That its teacher was pretrained on.
    Teacher: LocatedDataset list
} with

    /// Each once.
    member sets.All = sets.Weights @ sets.Images @ sets.Teacher |> List.distinctBy _.File.Md5

/// The source sets of a trial, by the part that they had in it.
let sourceSets (lab: Lab) (trial: TrialResult) : SourceSets =
    let spec = trial.Trial.Spec

    let ofDigest digest = [
        for _, set in lab.SourceSets do
            if set.File.Md5 = digest then
                set
    ]

    let ofTrial (name: string | null) =
        match name with
        | null -> []
        | name -> ofDigest (TrialFolder(Path.Combine(lab.Options.Out, "runs"), name).ReadSpec().Target.Digest)

    {
        Weights = ofTrial spec.Transfer.Parent
        Images =
            match spec.Data.Source with
            | null -> []
            | source -> ofDigest source.Digest
        Teacher =
            match spec.Teacher with
            | null -> []
            | teacher -> ofTrial teacher.Trial
    }

let private seenBefore (lab: Lab) (trial: TrialResult) : int =
    let digests (split: Split) = ImageLevels.Of split |> Seq.choose (_.Digest >> Option.ofNullable)

    match (sourceSets lab trial).All with
    | [] -> 0
    | sets ->
        let known =
            HashSet(
                seq {
                    for set in sets do
                        let data = lab.Load set.All
                        yield! digests data.Train
                        yield! digests data.Validation
                }
            )

        use learned = trial.Trial.Spec.Target.Draw(lab.Load trial.Trial.Spec.Target)
        digests learned.Train |> Seq.filter known.Contains |> Seq.length

/// What is trained: on all images that are not test, and on folds of these where the recipe has not done that yet.
type private Planned = { ForUse: Trial; Folds: Trial list; Known: TrialResult list }

let private plan (lab: Lab) (outcomes: Outcome list) (name: string) : Planned =
    let own = outcomes |> Outcomes.ofWay name |> List.filter (fun outcome -> outcome.Way.Size = AllImages)

    let first = own |> List.minBy _.Way.Seed
    let epochs = own |> List.map (fun outcome -> float outcome.Result.Metrics.KeptEpoch) |> Statistics.Median

    let forUse = first.Way.Trial.Spec.ForUse(max 1 (int (round epochs)))
    let hasFolds = hasFolds lab

    {
        ForUse = Trial(forUse, $"{name}, for use")
        Folds = [
            if not hasFolds then
                for fold in 0 .. foldCount - 1 do
                    let images = forUse.Target.WithFold(ResamplingOptions(Folds = foldCount), fold)
                    Trial(forUse.On images, $"{name}, for use, fold {fold + 1}")
        ]
        Known =
            if hasFolds then
                own |> List.map _.Result |> List.distinctBy _.Trial.Name
            else
                []
    }

/// Trains the way to use.
let train (lab: Lab) (outcomes: Outcome list) (name: string) : FinalModel =
    let planned = plan lab outcomes name
    let results = lab.Finish(planned.ForUse :: planned.Folds)
    let folds = planned.Known @ List.tail results
    let info = (lab.Load lab.Target.All).Info
    let all = predictions folds

    let temperature =
        if info.Task = Nullable LabelTask.MultiLabel then
            None
        else
            TemperatureScaling.Fit(all.Probabilities, all.Labels.Values) |> Option.ofObj

    {
        Way = name
        Result = List.head results
        OutOfFold = folds
        Temperature = temperature
        Points = points lab info all (scaled temperature all)
        SeenBefore = seenBefore lab (List.head results)
    }

/// The model as it will be used, of its training and the images that it learned from; the caller disposes of it.
let load (lab: Lab) (model: FinalModel) (described: ModelDescription) (learned: Dataset) : TrainedModel =
    let network = Classifier.Trained(model.Result.Trial.Spec.Model, learned.Info, model.Result.Folder.ReadWeights())

    // at the model's size, as other images will be
    let before = [|
        for set in (sourceSets lab model.Result).All do
            let source = lab.Load set.All

            if source.Info.Channels <= learned.Info.Channels then
                ModelImages.Of(source.Train, described, set.Name)
                ModelImages.Of(source.Validation, described, set.Name)
    |]

    // embeddings are kept of the first images alone: of more, some that follow no pattern are passed anew
    let groups, embeddings =
        if learned.Train.Count <= TrialFolder.MostTrainEmbeddings then
            learned.Train.Groups, model.Result.Folder.ReadEmbeddings SplitName.Train
        else
            use some = learned.Train.Subset(TrainingImages.SampleOf learned.Train.Count)
            some.Groups, TrainedModel.EmbeddingsOf(network, some, lab.Cancellation)

    let known = TrainingImages.Of(learned.Train, groups, embeddings, before)

    for split in before do
        split.Dispose()

    new TrainedModel(described, network, known)
