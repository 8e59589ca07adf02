/// All reducers on the same points, on one page.
module MedTransfer.Recipes.Reducers

open System
open System.IO
open System.Threading
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Catalogue
open MedTransfer.Data.Formats
open MedTransfer.Recipes.MethodComparison
open MedTransfer.Recipes.ReducersOptions
open MedTransfer.Recipes.Report
open MedTransfer.Runtime
open MedTransfer.Trials

let private spaceOf name names (embeddings: LabelledEmbeddings) : Space = {
    Name = name
    Points = embeddings.Points
    Classes = Some(embeddings.Classes, names)
}

let private ofFile (input: string) (labels: string option) : Space list =
    let points = NpyPoints.Read input
    let count = Array2D.length1 points.Values

    if points.AreAllTheSame then
        raise (
            MedTransferException
                $"{input}: all {count} points are the same, there is nothing to lay out: look at how the file was made."
        )

    let classes =
        labels
        |> Option.map (fun path ->
            let read = NpyLabels.Read path

            if read.Classes.Count <> count then
                raise (MedTransferException $"{path}: {read.Classes.Count} labels for {count} points: give one a point.")

            read.Classes, read.Names)

    [ { Name = string (Path.GetFileName input); Points = points.Values; Classes = classes } ]

let private spacesOfImages (options: Options) (source: DatasetSource) (cancellation: CancellationToken) : Space list =
    use images =
        source.Load(excerpt = Nullable options.Most, shared = UnpackingDisplay.images options.Out cancellation)

    let data = DataReference(Path = source.Path, Digest = source.Md5)

    [
        ReducersPage.pixels source images
        spaceOf
            $"random features of {source.Name}"
            (Maps.classNames images.Info)
            (RandomFeatures.Of(images, data, SplitName.Train, 0L))
    ]

/// The spaces of trials: of images that their networks have not seen, where there are enough for a map, else of those they learned from.
let private ofTrials (names: string list) : Space list * Section list =
    let all = names |> List.map DoneTrials.find |> List.distinctBy _.Trial.Name

    let split =
        if all |> List.forall (fun result -> (result.Embeddings SplitName.Test).Classes.Count >= fewest) then
            SplitName.Test
        else
            SplitName.Train

    let setOf (result: TrialResult) = Workplace.dataOf result
    let classes result = Maps.classNames (setOf result).Info
    let pixels result = $"pixels of {(setOf result).Info.Name}"

    let spaces = [
        for result in all |> List.distinctBy pixels do
            spaceOf (pixels result) (classes result) (RawPixels.Of(setOf result, result.Trial.Spec.Target, split))
        for result in all do
            let name = $"embeddings of {result.Trial.Label} ({result.Trial.Name[..7]})"
            spaceOf name (classes result) (result.Embeddings split)
    ]

    spaces,
    [
        if all |> List.exists (fun result -> TrialImages.areDrawn result.Trial.Spec) then
            Warning
                "Of phantoms, images drawn by a program: how reducers compare on them need not be how they compare on patients' images."
        if split = SplitName.Test then
            Text "The images are those of the test split, which no network here has learned from."
        else
            Warning
                $"There are fewer than {fewest} test images: embeddings are of images that their networks learned from, with their classes, and how far these lie apart there, silhouette and 5-NN accuracy, new images need not show."
    ]

let private source (options: Options) named : DatasetSource =
    match named with
    | None -> ReducersPage.set options.DataFolder
    | Some name ->
        DatasetSource.Find(name, DataFolders.InOrder(Option.toObj options.DataFolder, Path.Combine(Folder.project, "data")))

let private spaces (options: Options) (cancellation: CancellationToken) : Space list * Section list =
    match options.Source with
    | File(input, labels) ->
        let spaces = ofFile input labels

        let isMoved =
            spaces.Head.Points
            |> Seq.cast<float32>
            |> Seq.forall2 (=) (NpyFile.ReadMatrix input |> Seq.cast<float32>)
            |> not

        spaces,
        [
            if isMoved then
                Warning
                    "Columns far from 0 were moved there, where their digits are: truncated SVD, which goes by where 0 is, shows the moved points."
        ]
    | Trials names ->
        Workplace.moveTo options.Out

        ofTrials names
    | Images named ->
        let source = source options named

        spacesOfImages options source cancellation, ReducersPage.phantoms source

let private work (options: Options) (cancellation: CancellationToken) =
    Folder.assertWritableFile "--report" options.Report
    let spaces, warnings = spaces options cancellation
    let compared = spaces |> List.map (atMost options.Most >> compare Reduce.remarks cancellation)
    let names = spaces |> List.map _.Name |> String.concat ", "

    let sections = [
        yield! warnings
        Text
            $"{names}: laid out in the plane by every reducer, each with its defaults; at most {options.Most} points of each. What is said of these points need not hold of others."
        yield! compared |> List.indexed |> List.collect (fun (place, one) -> ReducersReport.ofSpace place one)
        yield! ReducersReport.claim cancellation
        Heading "The methods"
        ReducersReport.concepts
        Text "One of them, on your own points:"
        Command "dotnet fsi scripts/reduce.fsx -- --input X.npy --output Y.npy --method umap --report map.html"
    ]

    WholeFile.WriteText(options.Report, Page.text $"Reducers on {names}" sections)
    printfn "%s" options.Report

/// Does what the words of the command line ask; 0 when all went well, 1 on an error, 2 on wrong usage, 130 when stopped.
let run (words: string list) (stop: CancellationToken) : int =
    Recipe.guarded "Stopped; nothing was written." (List.contains "--verbose" words) (fun () -> work (parse words) stop)

/// Runs with the words of the command line (the first is the script), stops on Ctrl+C, then ends the process.
let main (words: string array) : unit = Recipe.exitOnCtrlC (run (List.tail (List.ofArray words)))
