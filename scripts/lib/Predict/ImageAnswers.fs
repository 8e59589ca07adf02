/// What a model says of single images.
module MedTransfer.Recipes.ImageAnswers

open System
open System.Threading
open MedTransfer.Data
open MedTransfer.Inference
open MedTransfer.Inference.Saliency
open MedTransfer.Inference.TrainedModels
open MedTransfer.Recipes.PredictOptions

/// What is said of an image.
type Said = { Name: string; Probabilities: float32 list; Called: int list; Warnings: string list; Pictures: byte[] list }

/// What makes an image unlike those that the model learned from, a sentence each.
let private unlike (likeness: ImageLikeness) = [
    let text what (tail: Tail) how =
        let who =
            match tail.AsFar with
            | 0 -> $"none of {tail.Known} images that the model learned from is"
            | 1 -> $"1 of {tail.Known} images that the model learned from is"
            | n -> $"{n} of {tail.Known} images that the model learned from are"

        $"{what}: {who} {how}."

    match likeness.Distance with
    | null -> ()
    | distance when distance.IsUnusual -> text "Unlike what the model knows" distance "as far from the others for the network"
    | _ -> ()

    if likeness.Brightness.IsUnusual then
        text "Unusual brightness" likeness.Brightness "as far out"

    if likeness.Contrast.IsUnusual then
        text "Unusual contrast" likeness.Contrast "as far out"

    if likeness.IsTrainingImage then
        "The model learned from this very image, or was pretrained on it: what it says of it is no prediction."
]

let private sentence (remark: string) = $"{Char.ToUpperInvariant remark[0]}{remark.Substring 1}."

// where the model looks for what it calls, of findings for the likeliest
let private pictures
    (model: TrainedModel)
    (images: Split)
    (answers: ModelAnswers)
    (called: int list array)
    (stop: CancellationToken)
    : byte[] array =
    let focus =
        called
        |> Array.mapi (fun image classes ->
            match classes with
            | [ one ] -> one
            | _ ->
                Seq.init (Array2D.length2 answers.Probabilities) id
                |> Seq.maxBy (fun label -> answers.Probabilities[image, label]))

    let maps = Array.create images.Count [||]

    for output, places in focus |> Array.indexed |> Array.groupBy snd do
        use chosen = images.Subset(places |> Array.map fst)
        use set = new ImageSet(chosen, TorchSharp.torch.CPU)
        let found = SaliencyMaps.Of(model.Network, model.Task, set, output, stop)

        for map, (image, _) in Array.indexed places do
            maps[image] <- HeatMap.Png(images, image, found.Values, map)

    maps

/// What the model says of images that were read, each under the name that it goes by; pictures where they are shown, with maps where those are wanted.
let ofBatch (options: Options) (model: TrainedModel) isShown (read: (string * ReadImage) list) stop : Said list =
    use images = ModelImages.Of([| for _, image in read -> image |], model.Description)
    let answers = model.Answer(images, stop)
    let levels = ImageLevels.Of images
    let outputs = model.Description.Labels.Count

    let called = [|
        for image in 0 .. images.Count - 1 -> List.ofSeq (model.Called(ReadOnlySpan answers.Probabilities[image, *]))
    |]

    let maps =
        if options.HasMaps && isShown then
            pictures model images answers called stop
        else
            [||]

    [
        for place, (name, image) in List.indexed read ->
            {
                Name = name
                Probabilities = [ for label in 0 .. outputs - 1 -> answers.Probabilities[place, label] ]
                Called = called[place]
                Warnings = [
                    yield! unlike (model.Known.Compare(levels[place], answers.Embeddings[place, *]))
                    yield! image.Remarks |> Seq.map sentence
                ]
                Pictures = [
                    if isShown then
                        images.Png place
                    if maps.Length > 0 then
                        maps[place]
                ]
            }
    ]

/// The names of the classes that were called.
let calledText (model: ModelDescription) (called: int list) =
    match called with
    | [] -> "none of the findings"
    | several -> several |> List.map (fun label -> model.Labels[label]) |> String.concat ", "
