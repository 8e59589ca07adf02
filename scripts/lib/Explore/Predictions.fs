/// What a trial's model says of images that it was not scored on.
module MedTransfer.Recipes.Predictions

open System
open System.IO
open Deedle
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Import.Listing
open MedTransfer.Data.Import.Pixels
open MedTransfer.Inference
open MedTransfer.Inference.TrainedModels
open MedTransfer.Models
open MedTransfer.Runtime
open MedTransfer.Trials

// what is likeliest of classes; of findings, all from a half on
let private called (info: DatasetInfo) (probabilities: float32[]) =
    let named = Seq.zip info.LabelNames probabilities

    if info.Task <> Nullable LabelTask.MultiLabel then
        fst (Seq.maxBy snd named)
    else
        match
            [
                for name, p in named do
                    if p >= 0.5f then
                        name
            ]
        with
        | [] -> "no finding"
        | present -> String.concat ", " present

let private answer
    (result: TrialResult)
    (info: DatasetInfo)
    (images: Split)
    (keys: string list)
    (remarks: (string * string list) list)
    =
    match List.ofSeq result.Trial.Spec.Members with
    | member' :: _ ->
        raise (
            MedTransferException
                $"trial {result.Trial.Name} is the mean of several models: predict with a member, trial \"{member'}\" for one"
        )
    | [] -> ()

    let task = result.Task
    let device = ComputeDevice.Open("cpu", Environment.ProcessorCount)
    use network = Classifier.Trained(result.Trial.Spec.Model, info, result.Folder.ReadWeights())
    use set = new ImageSet(images, device)
    let probabilities = Predictor(network).Probabilities(set, task)
    let rows = [ for image in 0 .. images.Count - 1 -> probabilities[image, *] ]
    TrialFrames.ofImages (fun label -> info.LabelNames[label]) keys (("called", List.map (called info) rows) :: remarks) rows

/// What a model calls each image of a split, and its probabilities; a row an image, by its index in the file.
let ofSplit (result: TrialResult) (images: Split) : Frame<string, string> =
    let info = (Workplace.dataOf result).Info
    let struct (channels, height, _) = images.Source.Shape

    if (channels, height) <> (info.Channels, info.ImageSize) then
        raise (
            MedTransferException
                $"the images are {Describe.split images}, and trial {result.Trial.Name} learned from {Describe.info info}: take a set of its size"
        )

    let keys = [
        for row in 0 .. images.Count - 1 ->
            string (images.FileIndices |> Option.ofObj |> Option.map (fun indices -> indices[row]) |> Option.defaultValue row)
    ]

    answer result info images keys []

let private listed (path: string) : string list =
    if Directory.Exists path then
        [
            for image in FolderListing.Of(path, ListingOptions(IsUnlabelled = true, IgnoresTables = true)).Images -> image.Path
        ]
    else
        [ path ]

/// The same of files and folders of images, made ready as those that the model learned from; a row a file, with what is to be known of it.
let ofFiles (result: TrialResult) (paths: string list) : Frame<string, string> =
    let data = Workplace.dataOf result

    let pixels =
        data.Card
        |> Option.ofObj
        |> Option.bind (_.PixelOptions >> Option.ofObj)
        |> Option.filter (fun options -> options.ImageSize = data.Info.ImageSize)
        |> Option.defaultValue (PixelOptions(ImageSize = data.Info.ImageSize))

    let files = paths |> List.collect listed |> List.distinct

    if files.IsEmpty then
        raise (MedTransferException "no image is named: give paths of images, or of folders of them")

    let read = [ for file in files -> ModelImages.Read(file, data.Info.Channels, pixels) ]
    use images = ModelImages.Of(ResizeArray read, data.Info.Channels, data.Info.ImageSize)

    answer result data.Info images files [
        if read |> List.exists (fun image -> image.Remarks.Count > 0) then
            "remarks", [ for image in read -> String.concat "; " image.Remarks ]
    ]
