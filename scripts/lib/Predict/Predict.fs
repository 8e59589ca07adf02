/// What a model says of images: a row and a picture each.
module MedTransfer.Recipes.Predict

open System
open System.Diagnostics
open System.IO
open System.Threading
open MedTransfer
open MedTransfer.Data.Import
open MedTransfer.Data.Import.Listing
open MedTransfer.Inference.TrainedModels
open MedTransfer.Runtime
open MedTransfer.Recipes.ImageAnswers
open MedTransfer.Recipes.PredictOptions

/// A file to be read, and the name that it goes by.
type private Listed = { Path: string; Name: string; IsNamed: bool }

// images that pass at a time: what they take does not grow with the number of files
let private batch = 64

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
            Some(one.Name, ModelImages.Read(one.Path, model.Description, Option.toNullable options.Frame))
        with :? MedTransferException as e when not one.IsNamed ->
            unread.Add(LeftOut(one.Name, e.Message.Replace($"{one.Path}: ", "")))
            None

    let said = [
        for place, chunk in listed |> List.chunkBySize batch |> List.indexed do
            stop.ThrowIfCancellationRequested()

            match List.choose read chunk with
            | [] -> ()
            | images -> yield! ofBatch options model (place * batch < PredictPage.mostShown) images stop

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
            WholeFile.WriteText(
                Path.Combine(folder, "predictions.csv"),
                Table.csv "file" (PredictPage.table model.Description said)
            )

            Page.write
                (Path.Combine(folder, "report.html"))
                "What the model says"
                (PredictPage.page options model.Description said (List.ofSeq unread)))

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
