/// Every finished trial, as the data of a table that the site's script draws.
module MedTransfer.Recipes.RunList

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open System.Text.Json
open Deedle
open MedTransfer
open MedTransfer.Data.Resampling
open MedTransfer.Trials
open MedTransfer.Trials.Artefacts

/// A finished trial.
type Run = {
    Name: string
    /// What reports call it, else what its spec says of it.
    Way: string
    /// Recipes whose page it is on.
    Reports: string list
    Data: string
    /// Training images.
    Images: int
    /// Which of the set's those are: all, a sample, all but a fold.
    Which: string
    Seed: int64
    /// Which images the scores are of; empty where there are none.
    Tested: string
    Auc: float option
    Accuracy: float option
    /// What figures are not, in short: "On phantoms", "Smoke run", "Leak allowed".
    Remarks: string list
    Finished: DateTimeOffset
    Spec: (string * string) list
}

/// What a report's page says of a trial.
type Listed = { Report: string; Way: string; Remarks: string list }

/// A page of more bytes than this is slow to open: the oldest runs are left out.
let mostBytes = 2_500_000

/// What the pages of a folder say of trials, by the trial's name.
let named (reports: string) (folders: string list) : IDictionary<string, Listed list> =
    [
        for folder in folders do
            let path = Path.Combine(reports, folder, "trials.csv")

            if File.Exists path then
                let frame = Frame.ReadCsv(path, inferTypes = false)

                if Seq.forall (fun column -> Seq.contains column frame.ColumnKeys) [ "trial"; "way" ] then
                    let ways = frame.GetColumn<string>("way")

                    let remarks row =
                        frame.TryGetColumn<string>("remark", Lookup.Exact)
                        |> OptionalValue.asOption
                        |> Option.bind (Series.tryGet row)
                        |> Option.map (fun text -> text.Split("; ", StringSplitOptions.RemoveEmptyEntries) |> List.ofArray)
                        |> Option.defaultValue []

                    for row, trial in frame.GetColumn<string>("trial") |> Series.observations do
                        trial, { Report = folder; Way = ways[row]; Remarks = remarks row }
    ]
    |> List.distinct
    |> List.groupBy fst
    |> List.map (fun (trial, all) -> trial, List.map snd all)
    |> dict

let private foldText (fold: FoldReference) =
    if fold.Resampling.Scheme = ResamplingScheme.KFold then
        $"fold {fold.Index + 1} of {fold.Resampling.Folds} (seed {fold.Resampling.Seed})"
    else
        $"draw {fold.Index + 1}"

/// Which images of the set a trial learned from.
let private whichOf (data: DataReference) =
    let isSample = data.TrainImages.HasValue || data.Folds |> Seq.exists _.TrainImages.HasValue
    let sample = if isSample then "a sample" else "all"

    match List.ofSeq data.Folds with
    | [] when data.IsForUse -> "all but test"
    | [] -> sample
    | folds ->
        let without = folds |> List.map (fun fold -> $"but {foldText fold}") |> String.concat " "
        (if isSample then "a sample of all " else "all ") + without

let private run (named: IDictionary<string, Listed list>) (folder: TrialFolder) : Run * TrialSpec =
    let result = folder.Read()
    let spec = result.Trial.Spec

    let pages =
        match named.TryGetValue folder.Name with
        | true, pages -> pages
        | _ -> []

    let scores =
        match result.Metrics.Test with
        | null -> None
        | test when result.Metrics.Task.HasValue -> Some test.Scores
        | _ -> None

    let listed = {
        Name = folder.Name
        Way =
            match pages |> List.map _.Way |> List.distinct with
            | [] -> result.Trial.Label
            | ways -> String.concat "; " ways
        Reports = pages |> List.map _.Report |> List.distinct
        Data = nonNull (Describe.dataOf result.Trial)
        Images = result.Metrics.Train.Scores.Images
        Which = whichOf spec.Target
        Seed = spec.Seed
        Tested =
            match scores with
            | None -> ""
            | Some _ when spec.Target.Folds.Count > 0 -> "held-out fold"
            | Some _ -> "test split"
        Auc = scores |> Option.bind (fun scores -> Option.ofNullable scores.RocAuc)
        Accuracy = scores |> Option.map _.Accuracy
        Remarks = pages |> List.collect _.Remarks |> List.distinct
        Finished = result.Environment.Finished
        Spec = SpecValues.flattened (File.ReadAllText(Path.Combine(folder.FullPath, "spec.json")))
    }

    listed, spec

// what its own images, and those of the trials that it has weights from, keep its figures from being, whether or not a report has it
let private marked (specs: IDictionary<string, TrialSpec>) (run: Run, spec: TrialSpec) : Run =
    let rec ancestors (spec: TrialSpec) : TrialSpec list = [
        for name in spec.Needs do
            match specs.TryGetValue name with
            | true, parent ->
                parent
                yield! ancestors parent
            | _ -> ()
    ]

    let before = ancestors spec

    let remarks = [
        if TrialImages.areDrawn spec then
            "On phantoms"
        elif List.exists TrialImages.areDrawn before then
            "Source: phantoms"
        if List.exists TrialImages.areExcerpt (spec :: before) then
            "Smoke run"
    ]

    { run with Remarks = remarks @ run.Remarks |> List.distinct }

/// Finished trials below a folder, the newest first, and how many of another version, or damaged, are left out.
let find (runs: string) (named: IDictionary<string, Listed list>) : Run list * int =
    let folders = TrialFolder.Finished runs |> Array.ofSeq

    let read =
        folders
        |> Array.Parallel.choose (fun folder ->
            try
                Some(run named folder)
            with
            | :? MedTransferException
            | :? IOException
            | :? JsonException -> None)

    let specs = dict [ for run, spec in read -> run.Name, spec ]
    let read = read |> Array.map (marked specs)
    read |> Array.sortBy (fun run -> -run.Finished.UtcTicks, run.Name) |> List.ofArray, folders.Length - read.Length

/// What trials of a folder are made from, for a stamp.
let stamp (runs: string) : string list = [
    for folder in TrialFolder.Finished runs do
        folder.Name
        Stamp.file (Path.Combine(folder.FullPath, "metrics.json"))
]

let private round (value: float option) : obj | null =
    match value with
    | Some value -> Math.Round(value, 4)
    | None -> null

let private columns = [
    "trial"
    "way"
    "report"
    "data"
    "training images"
    "which"
    "seed"
    "scored on"
    "ROC AUC"
    "ACC"
    "remark"
    "finished (UTC)"
]

/// The table and the differences of specs as JSON that may stand in a page.
let json (runs: Run list) : string =
    JsonSerializer.Serialize(
        {|
            columns = columns
            rows = [
                for run in runs ->
                    [|
                        run.Name :> obj | null
                        run.Way
                        String.concat ", " run.Reports
                        run.Data
                        run.Images
                        run.Which
                        run.Seed
                        run.Tested
                        round run.Auc
                        round run.Accuracy
                        String.concat "; " run.Remarks
                        run.Finished.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
                    |]
            ]
            spec = [
                for key in SpecValues.differing (List.map _.Spec runs) ->
                    {| key = key.Key; values = key.Values; ``of`` = key.Of |}
            ]
        |}
    )

/// The same of as many as a page may hold, the newest, and how many those are.
let rec fitting (most: int) (runs: Run list) : string * int =
    let text = json runs

    if text.Length <= most || runs.IsEmpty then
        text, runs.Length
    else
        fitting most (runs |> List.truncate (int (0.95 * float runs.Length * float most / float text.Length)))
