/// What a model says of images: a row and a picture each.
module MedTransfer.Recipes.Predict

open System
open System.Diagnostics
open System.IO
open System.Threading
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Import
open MedTransfer.Data.Import.Listing
open MedTransfer.Inference
open MedTransfer.Inference.Saliency
open MedTransfer.Inference.TrainedModels
open MedTransfer.Runtime
open MedTransfer.Recipes.PredictOptions
open MedTransfer.Recipes.Report

/// A file to be read, and the name that it goes by.
type private Listed = { Path: string; Name: string; IsNamed: bool }

/// What is said of an image.
type private Said = { Name: string; Probabilities: float32 list; Called: int list; Warnings: string list; Pictures: byte[] list }

// images that pass at a time: what they take does not grow with the number of files
let private batch = 64

/// Images that the page shows at most, as a browser takes long for more; the table has them all.
let private mostShown = 300

// of several words one that holds nothing to read is left out; alone it is an error
let private list (options: Options) : Listed list * LeftOut list =
    let isAlone = options.Images.Length = 1

    let each = [
        for word in options.Images do
            if Directory.Exists word then
                try
                    let listing = FolderListing.Of(word, ListingOptions(IsUnlabelled = true, IgnoresTables = true))

                    [
                        for image in listing.Images ->
                            { Path = image.Path; Name = Path.Combine(word, image.Name); IsNamed = false }
                    ],
                    [ for left in listing.LeftOut -> LeftOut(Path.Combine(word, left.Name), left.Reason) ]
                with :? MedTransferException as e when not isAlone ->
                    [], [ LeftOut(word, e.Message.Replace($"{word}: ", "")) ]
            elif File.Exists word then
                [ { Path = word; Name = word; IsNamed = isAlone } ], []
            else
                raise (MedTransferException $"{word}: is not there: name an image or a folder of images.")
    ]

    List.collect fst each |> List.distinctBy (fun listed -> Path.GetFullPath listed.Path), List.collect snd each |> List.distinct

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

let private ofBatch (options: Options) (model: TrainedModel) isShown (read: (Listed * ReadImage) list) stop : Said list =
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
        for place, (listed, image) in List.indexed read ->
            {
                Name = listed.Name
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

let private calledText (model: ModelDescription) (called: int list) =
    match called with
    | [] -> "none of the findings"
    | several -> several |> List.map (fun label -> model.Labels[label]) |> String.concat ", "

let private table (model: ModelDescription) (said: Said list) =
    Table.ofRows [
        for label in model.Labels do
            $"p {label}"
        "called"
        "warnings"
    ] [
        for one in said ->
            one.Name,
            [
                for p in one.Probabilities do
                    p.ToString("R", Globalization.CultureInfo.InvariantCulture)
                calledText model one.Called
                String.concat " " one.Warnings
            ]
    ]

let private case (model: ModelDescription) (one: Said) : Case = {
    Title = one.Name
    Pictures = one.Pictures
    Lines = [
        $"Called: {calledText model one.Called}."
        Seq.zip model.Labels one.Probabilities
        |> Seq.sortByDescending snd
        |> Seq.truncate 5
        |> Seq.map (fun (label, p) -> $"{label} {Outcomes.number 3 (float p)}")
        |> String.concat ", "
    ]
    Warnings = one.Warnings
}

let private page (options: Options) (model: ModelDescription) (said: Said list) (left: LeftOut list) = [
    Warning ModelRemarks.forResearch
    for remark in ModelRemarks.ofModel model do
        Warning remark
    Text
        $"{model.LearnedFrom.Way}, which learned from {model.LearnedFrom.Images} images of {model.LearnedFrom.Name}; what its procedure is worth stands in the README.md of its folder. This page holds pictures and names of files."
    let far = said |> List.filter (fun one -> not one.Warnings.IsEmpty) |> List.length

    if far > 0 then
        Text $"{far} of {said.Length} images have a warning; that an image has none does not show that it is of the right kind."

    for one in left do
        Text $"Left out: {one.Name}: {one.Reason}."

    let mapped =
        if options.HasMaps then
            ", beside it where the model looks for what it calls (of findings, for the likeliest)"
        else
            ""

    match Option.ofNullable model.PositiveClass with
    | Some positive ->
        match Option.ofNullable model.Thresholds[0] with
        | Some threshold ->
            Text
                $"{model.Labels[positive]} is called from a probability of {Outcomes.number 3 threshold} on, chosen for a sensitivity of {model.WantedSensitivity}."
        | None -> ()
    | None -> ()

    let calibrated =
        if model.Temperature.HasValue then
            "probabilities are calibrated for images like those that it learned from, where classes are as frequent"
        else
            "probabilities are as the network gives them, not calibrated"

    if not model.IsPreparationKnown then
        Text $"How the images that it learned from were made square is not known: these are {model.Pixels.Describe()}."

    Cases($"Each image as the model sees it{mapped}; {calibrated}.", said |> List.truncate mostShown |> List.map (case model))

    if said.Length > mostShown then
        Text $"The first {mostShown} of {said.Length} are shown; predictions.csv has all."
]

// the first images on the screen, and whose answers they are
let private tell (options: Options) (model: ModelDescription) (said: Said list) (unread: LeftOut list) =
    for left in unread do
        eprintfn "left out: %s: %s" (ImportDisplay.plain left.Name) (ImportDisplay.plain left.Reason)

    for remark in ModelRemarks.ofModel model do
        eprintfn "%s" remark

    for one in said |> List.truncate 20 do
        let p =
            Seq.zip model.Labels one.Probabilities |> Seq.map (fun (label, p) -> $"{label} {Outcomes.number 3 (float p)}")

        let warned = if one.Warnings.IsEmpty then "" else " (see warnings)"

        printfn "%s: %s: %s%s" (ImportDisplay.plain one.Name) (calledText model one.Called) (String.concat ", " p) warned

    if said.Length > 20 then
        printfn "%d more." (said.Length - 20)

    printfn
        "\nModel: %s, which learned from %d images of %s (%s)"
        model.LearnedFrom.Way
        model.LearnedFrom.Images
        model.LearnedFrom.Name
        options.Model

    printfn "%s" ModelRemarks.forResearch

let private work (options: Options) (stop: CancellationToken) =
    let listed, leftOut = list options
    ComputeDevice.Open("cpu", Environment.ProcessorCount) |> ignore
    use model = ModelFolder.Open options.Model
    let reports = Path.Combine(options.Out, "reports", "predict")
    Folder.assertWritable reports
    let clock = Stopwatch.StartNew()
    let unread = ResizeArray leftOut
    let line = ImportDisplay.ProgressLine()

    let read (one: Listed) =
        try
            Some(one, ModelImages.Read(one.Path, model.Description, Option.toNullable options.Frame))
        with :? MedTransferException as e when not one.IsNamed ->
            unread.Add(LeftOut(one.Name, e.Message.Replace($"{one.Path}: ", "")))
            None

    let said = [
        for place, chunk in listed |> List.chunkBySize batch |> List.indexed do
            stop.ThrowIfCancellationRequested()

            match List.choose read chunk with
            | [] -> ()
            | images -> yield! ofBatch options model (place * batch < mostShown) images stop

            let finished = min listed.Length ((place + 1) * batch)
            let pace = clock.Elapsed / float finished
            line.Report(ImportProgress(finished, listed.Length, Nullable(pace * float (listed.Length - finished))))
    ]

    if said.IsEmpty then
        let first = unread[0]

        raise (
            MedTransferException
                $"None of {unread.Count} files could be read as an image, the first of them {first.Name}: {first.Reason}"
        )

    let others =
        Folder.renew reports (fun folder ->
            WholeFile.WriteText(Path.Combine(folder, "predictions.csv"), Table.csv "file" (table model.Description said))

            Page.write
                (Path.Combine(folder, "report.html"))
                "What the model says"
                (page options model.Description said (List.ofSeq unread)))

    tell options model.Description said (List.ofSeq unread)
    printfn "Report: %s" (Path.GetFullPath(Path.Combine(reports, "report.html")))

    if not others.IsEmpty then
        eprintfn "In the same folder, but not of this report: %s." (String.concat ", " others)

/// Does what the words of the command line ask; 0 when all went well, 1 on an error, 2 on wrong usage, 130 when stopped.
let run (words: string list) (stop: CancellationToken) : int =
    Recipe.guarded "Stopped; no page was written." (List.contains "--verbose" words) (fun () ->
        let options = parse Folder.project words

        match options.External with
        | Some set -> External.score options set stop
        | None -> work options stop)

/// Runs with the words of the command line (the first is the script), stops on Ctrl+C, then ends the process.
let main (words: string array) : unit = Recipe.exitOnCtrlC (run (List.tail (List.ofArray words)))
