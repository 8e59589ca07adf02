/// Short verbs for the REPL.
module MedTransfer.Recipes.Explore

open System
open System.IO
open System.Threading
open Deedle
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Catalogue
open MedTransfer.Evaluation.Classification
open MedTransfer.Models
open MedTransfer.Trials
open MedTransfer.Trials.Artefacts

let private firstRun = "dotnet fsi scripts/task2.fsx -- --smoke"

// where recipes leave runs/ and reports/
let mutable private place = Folder.project

let private runs () = Path.Combine(place, "runs")

let private finished () = List.ofSeq (TrialFolder.Finished(runs ()))

let private nameOf (folder: TrialFolder) = Path.GetFileName folder.FullPath |> nonNull

let private noTrials () =
    $"there are no finished trials in {runs ()} yet: run a recipe ({firstRun}), or name the folder of one that was run with --out: results \"FOLDER\""

/// Looks from now on at what recipes left in that folder, named with their --out; the project's own at first.
let results (folder: string) : unit =
    if not (Directory.Exists folder) then
        raise (MedTransferException $"there is no folder {Path.GetFullPath folder}: name one that a recipe was given with --out")

    place <- Path.GetFullPath folder

let private data = Path.Combine(Folder.project, "data")

let private folders () = DataFolders.InOrder(null, data)

/// A dataset by its MedMNIST name (downloaded where this machine has it not), a phantom's name or the path of an .npz, images and labels loaded.
let load (reference: string) : Dataset =
    let folders = folders ()

    match Option.ofObj (DatasetSource.TryFind(reference, folders)), Option.ofObj (MedMnist.TryFind reference) with
    | Some found, _ -> found.Load()
    | None, None -> DatasetSource.Find(reference, folders).Load()
    | None, Some entry ->
        match Datasets.download entry data CancellationToken.None with
        | Result.Ok path -> DatasetSource.Find(path, folders).Load()
        | Result.Error reason ->
            raise (MedTransferException $"{reason.TrimEnd '.'}; load \"phantom-pneumonia\" draws a set that needs no file.")

// what a trial's labels are, without its images where they are known beforehand
let private infoOf (data: DataReference) (source: DatasetSource) =
    match source.Phantom, source.Entry with
    | NonNull phantom, _ -> phantom.Info
    | _, NonNull entry -> entry.Info
    | _ ->
        use whole = source.Load(uncertain = data.UncertainAs)
        whole.Info

/// The names of a result's classes; only their numbers where its data has gone or changed.
let private classNames (result: TrialResult) (mapped: Maps.Representation list) : Collections.Generic.IReadOnlyList<string> =
    let data = result.Trial.Spec.Target

    let found =
        try
            Some(DatasetSource.Find(data.Path, folders ()))
            |> Option.filter (fun source -> source.Md5 = data.Digest)
            |> Option.map (infoOf data)
        with :? MedTransferException ->
            None

    match found with
    | Some info -> Maps.classNames (if data.Binarised then info.AsBinary() else info)
    | None ->
        let classes = mapped |> Seq.collect _.Embeddings.Classes
        [| for c in 0 .. Seq.fold max -1 classes -> $"class {c}" |]

/// The finished trial of that name, or whose name begins so.
let trial (name: string) : TrialResult =
    let all = finished ()

    match all |> List.filter (fun folder -> (nameOf folder).StartsWith(name, StringComparison.OrdinalIgnoreCase)) with
    | _ when all.IsEmpty -> raise (MedTransferException(noTrials ()))
    | [ folder ] -> folder.Read()
    | [] -> raise (MedTransferException $"none of {all.Length} finished trials begins with '{name}': trials () lists them")
    | found ->
        raise (
            MedTransferException
                $"{found.Length} of {all.Length} finished trials begin with '{name}': give more of the name, trials () lists them"
        )

/// Every finished trial in runs/, a row each.
let trials () : Frame<string, string> =
    let folders = finished ()

    // those of another version may have other specs
    let all =
        folders
        |> List.choose (fun folder ->
            try
                Some(folder.Read())
            with :? MedTransferException ->
                None)

    if all.Length < folders.Length then
        eprintfn
            "%d of %d finished trials can't be read, they are of another version or damaged: left out."
            (folders.Length - all.Length)
            folders.Length

    if all.IsEmpty then
        raise (MedTransferException(noTrials ()))

    let column name (cell: TrialResult -> 'T) = name =?> series [ for result in all -> result.Trial.Name => cell result ]

    // an autoencoder has none, nor has a split without images
    let score name split (pick: Scores -> 'T) =
        name
        =?> series [
            for result in all do
                match result.Metrics[split] with
                | null -> ()
                | metrics when isNull metrics.Fidelity -> result.Trial.Name => pick metrics.Scores
                | _ -> ()
        ]

    frame [
        column "data" (fun result -> Path.GetFileNameWithoutExtension result.Trial.Spec.Target.Path)
        score "images" SplitName.Train _.Images
        column "way" _.Trial.Label
        "sample"
        =?> series [
            for result in all do
                match Describe.sampleOf result.Trial with
                | Some sample -> result.Trial.Name => sample
                | None -> ()
        ]
        column "seed" (fun result -> result.Trial.Spec.Seed)
        score "train ACC" SplitName.Train _.Accuracy
        score "test ACC" SplitName.Test _.Accuracy
        score "ROC AUC" SplitName.Test _.RocAuc
    ]

// the data is asked for only where the maps are of pixels
let private represented (result: TrialResult) =
    let runner =
        lazy (new TrialRunner(runs (), [ DatasetSource.Find(result.Environment.DataPath, DataFolders [||]) ]))

    try
        Maps.represent CancellationToken.None (fun data -> runner.Value.Load data) [
            $"{result.Trial.Label} on {Describe.dataOf result.Trial}", result
        ]
    finally
        if runner.IsValueCreated then
            runner.Value.Dispose()

// a map takes two numbers an image at least
let private whyNoMap (spec: TrialSpec) =
    let architecture = spec.Model.Architecture

    if architecture.IsControl && architecture <> Architecture.PixelRegression then
        Some $"a control that sees {architecture.Description}"
    else
        None

/// PCA and t-SNE of a trial's train and test embeddings, or of the pixels where a regression on them is all it is, as charts.
let maps (result: TrialResult) : Figures.Figure list =
    match whyNoMap result.Trial.Spec with
    | Some reason ->
        raise (
            MedTransferException
                $"trial {result.Trial.Name} has no embeddings to map: it is {reason}; take one of a CNN, trials () lists them"
        )
    | None -> ()

    let representation = represented result

    if representation.IsEmpty then
        raise (MedTransferException $"trial {result.Trial.Name} has too few images for a map: it takes {Maps.fewest} of a split")

    representation |> List.collect (Figures.maps (classNames result representation))

/// Writes charts to a page and says where; any browser opens it.
let show (charts: Figures.Figure list) : unit =
    let page = Path.Combine(place, "reports", "explore.html")

    try
        Directory.CreateDirectory(Path.GetDirectoryName page |> nonNull) |> ignore
        Page.write page "Explore" [ Report.Charts("", charts) ]
    with
    | :? IOException
    | :? UnauthorizedAccessException as e ->
        raise (
            MedTransferException(
                $"nothing can be written to {page} ({e.Message.TrimEnd '.'}): free it, or write elsewhere with results \"FOLDER\"",
                e
            )
        )

    printfn "%s" page

// the shortest start, of four signs or more, that no other trial's name has
let private shortName (all: TrialFolder list) folder =
    let name = nameOf folder
    let others = all |> List.map nameOf |> List.filter ((<>) name)

    seq { 4 .. name.Length }
    |> Seq.map (fun length -> name[.. length - 1])
    |> Seq.tryFind (fun start -> others |> List.forall (fun other -> not (other.StartsWith start)))
    |> Option.defaultValue name

// one that has a map, whatever else lies in runs/
let private mapped (all: TrialFolder list) =
    all
    |> List.tryFind (fun folder ->
        try
            let spec = folder.Read().Trial.Spec
            spec.Model.Architecture.LearnsFeatures && spec.Members.Count = 0
        with :? MedTransferException ->
            false)

/// What the REPL says as it opens. Each line that it suggests works as it stands, here and now: on a fresh clone on phantoms and without trials.
let greeting () : string list =
    let isHere name =
        try
            DatasetSource.TryFind(name, folders ()) |> isNull |> not
        with :? MedTransferException ->
            false

    let line (typed: string) says = $"  {typed.PadRight 42} {says}"
    let all = finished ()

    [
        "MedTransfer. Try, each ended by ;;"
        if isHere "pneumoniamnist" then
            line "let xrays = load \"pneumoniamnist\"" "images, labels and counts of a dataset, or of an .npz by its path"
        else
            line
                "let xrays = load \"phantom-pneumonia\""
                "a drawn dataset; load \"pneumoniamnist\" downloads the real one (4 MB); or an .npz by its path"
        match mapped all with
        | Some folder ->
            line "trials ()" "the finished trials, a row each"
            line $"let best = trial \"{shortName all folder}\"" "one of them, by the start of its name"
            line "show (maps best)" "its embeddings by PCA and t-SNE, as a page to open"
        | None ->
            $"There are no trials to look at yet. After {firstRun}"
            "trials () lists them, and this greeting shows what else there is."
    ]
