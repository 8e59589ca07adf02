/// Trials that are done, whoever ran them.
module MedTransfer.Recipes.DoneTrials

open System
open System.IO
open Deedle
open MedTransfer
open MedTransfer.Data
open MedTransfer.Evaluation.Classification
open MedTransfer.Trials

let private firstRun = "dotnet fsi scripts/task2.fsx -- --smoke"

let private none () =
    MedTransferException
        $"there are no finished trials in {Workplace.runs ()} yet: train one, run a recipe ({firstRun}), or name the folder of one that was run with --out: results \"FOLDER\""

/// The trial of that name, or whose name begins so.
let find (name: string) : TrialResult =
    let all = Workplace.finished ()

    match all |> List.filter (fun folder -> folder.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)) with
    | _ when all.IsEmpty -> raise (none ())
    | [ folder ] -> folder.Read()
    | [] -> raise (MedTransferException $"none of {all.Length} finished trials begins with '{name}': trials () lists them")
    | found ->
        raise (
            MedTransferException
                $"{found.Length} of {all.Length} finished trials begin with '{name}': give more of the name, trials () lists them"
        )

/// All of them, a row each.
let table () : Frame<string, string> =
    let folders = Workplace.finished ()

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
        raise (none ())

    let column name (cell: TrialResult -> 'T) = name =?> series [ for result in all -> result.Trial.Name => cell result ]

    // what learns without labels has none, nor has a split without images
    let score name split (pick: Scores -> 'T) =
        name
        =?> series [
            for result in all do
                match result.Metrics[split] with
                | null -> ()
                | metrics when result.Metrics.Task.HasValue -> result.Trial.Name => pick metrics.Scores
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
