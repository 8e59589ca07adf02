/// Short verbs for the REPL.
module MedTransfer.Recipes.Explore

open System.IO
open Deedle
open XPlot.Plotly
open MedTransfer.Data
open MedTransfer.Evaluation
open MedTransfer.Trials

let private runs = Path.Combine(Project.folder, "runs")

/// A dataset by its MedMNIST name or the path of an .npz, images and labels loaded.
let load (reference: string) : Dataset =
    DatasetSource.Find(reference, DataFolders.InOrder(null, Path.Combine(Project.folder, "data"))).Load()

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

// the data is asked for only where the maps are of pixels
let private represented (result: TrialResult) =
    let runner = lazy (new TrialRunner(runs, [ DatasetSource.Find(result.Environment.DataPath, DataFolders [||]) ]))

    try
        Maps.represent System.Threading.CancellationToken.None (fun data -> runner.Value.Load data) [ result.Trial.Label, result ]
    finally
        if runner.IsValueCreated then
            runner.Value.Dispose()

/// PCA and t-SNE of a trial's train and test embeddings, or of the pixels where a regression on them is all it is, as charts.
let maps (result: TrialResult) : PlotlyChart list =
    represented result
    |> List.collect (fun r ->
        let names =
            ResizeArray [
                for c in 0 .. (if r.Embeddings.Classes.Count = 0 then 0 else Seq.max r.Embeddings.Classes) -> $"class {c}"
            ]

        Figures.maps names r)

/// Writes charts to a page and says where.
let show (charts: PlotlyChart list) =
    let page = Path.Combine(Project.folder, "reports", "explore.html")
    Folder.assertWritable (Path.GetDirectoryName page |> nonNull)
    Report.write page "Explore" [ Report.Charts("", charts) ]
    printfn "%s" page
