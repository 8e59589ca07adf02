/// Short verbs for the REPL.
module MedTransfer.Recipes.Explore

open System
open System.IO
open Deedle
open XPlot.Plotly
open MedTransfer
open MedTransfer.Data
open MedTransfer.Evaluation
open MedTransfer.Trials

let private runs = Path.Combine(Project.folder, "runs")

let private find reference = DatasetSource.Find(reference, DataFolders.InOrder(null, Path.Combine(Project.folder, "data")))

/// A dataset by its MedMNIST name or the path of an .npz, images and labels loaded.
let load (reference: string) : Dataset = (find reference).Load()

/// What a set's labels are, without its images where they are known beforehand.
let private infoOf (source: DatasetSource) =
    match source.Phantom, source.Entry with
    | NonNull phantom, _ -> phantom.Info
    | _, NonNull entry -> entry.Info
    | _ ->
        use whole = source.Load()
        whole.Info

/// The names of a result's classes; only their numbers where its data has gone or changed.
let private classNames (result: TrialResult) : Collections.Generic.IReadOnlyList<string> =
    let data = result.Trial.Spec.Data

    let found =
        try
            Some(find data.Source) |> Option.filter (fun source -> source.Md5 = data.Digest)
        with :? MedTransferException ->
            None

    match found with
    | Some source ->
        let info = infoOf source
        Maps.classNames (if data.Binarised then info.AsBinary() else info)
    | None ->
        let classes = (result.Embeddings SplitName.Test).Classes
        [| for c in 0 .. Seq.fold max -1 classes -> $"class {c}" |]

/// The finished trial of that name, or whose name begins so.
let trial (name: string) : TrialResult =
    let finished = TrialFolder.Finished runs

    let found =
        finished
        |> Seq.filter (fun folder -> (Path.GetFileName folder.FullPath |> nonNull).StartsWith name)
        |> List.ofSeq

    match found with
    | [ folder ] -> folder.Read()
    | _ -> failwith $"{found.Length} of {Seq.length finished} finished trials begin with '{name}'; 'trials ()' lists them."

/// Every finished trial in runs/, a row each.
let trials () : Frame<string, string> =
    let all = TrialFolder.Finished runs |> Seq.map _.Read() |> List.ofSeq

    if all.IsEmpty then
        printfn "No finished trials in %s yet: run a recipe." runs

    let column name (cell: TrialResult -> 'T) = name =?> series [ for result in all -> result.Trial.Name => cell result ]

    // an autoencoder has none
    let score name split (pick: Scores -> 'T) =
        name
        =?> series [
            for result in all do
                match result.Metrics[split].Scores with
                | null -> ()
                | scores -> result.Trial.Name => pick scores
        ]

    frame [
        column "data" (fun result -> Path.GetFileNameWithoutExtension result.Trial.Spec.Data.Source)
        score "images" SplitName.Train _.Images
        column "way" _.Trial.Label
        column "seed" (fun result -> result.Trial.Spec.Seed)
        score "train ACC" SplitName.Train _.Accuracy
        score "test ACC" SplitName.Test _.Accuracy
        score "ROC AUC" SplitName.Test _.RocAuc
    ]

/// PCA and t-SNE of a trial's test embeddings, as charts.
let maps (result: TrialResult) : PlotlyChart list =
    let representation = Maps.represent System.Threading.CancellationToken.None [ result.Trial.Label, result ]

    representation |> List.collect (Figures.maps (classNames result))

/// Writes charts to a page and says where.
let show (charts: PlotlyChart list) =
    let page = Path.Combine(Project.folder, "reports", "explore.html")
    Folder.assertWritable (Path.GetDirectoryName page |> nonNull)
    Report.write page "Explore" [ Report.Charts("", charts) ]
    printfn "%s" page
