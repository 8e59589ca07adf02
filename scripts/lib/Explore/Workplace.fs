/// Where the REPL's trials and pages are, and the sets that were named to it.
module MedTransfer.Recipes.Workplace

open System
open System.IO
open System.Runtime.CompilerServices
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Catalogue
open MedTransfer.Trials
open MedTransfer.Trials.Artefacts

let mutable private place = Folder.project

let private sets = ResizeArray<DatasetSource>()

// loads a set once for all that is asked of it
let mutable private runner: TrialRunner option = None

/// The folder of trials.
let runs () = Path.Combine(place, "runs")

/// The folder of sets that were folders of images.
let imports () = Path.Combine(place, "imports")

/// Trials and pages are from now on below that folder; the project's own at first.
let moveTo (folder: string) : unit =
    if not (Directory.Exists folder) then
        raise (
            MedTransferException
                $"there is no folder {Path.GetFullPath folder}: make it, or name one that a recipe was given with --out"
        )

    runner |> Option.iter (fun former -> (former :> IDisposable).Dispose())
    runner <- None
    place <- Path.GetFullPath folder

/// What runs trials of the sets that were named; each that scores test images is counted as the REPL's.
let trials () : TrialRunner =
    match runner with
    | Some known -> known
    | None ->
        let made =
            new TrialRunner(
                runs (),
                sets,
                Recipe = "explore",
                Notice = Action<_>(eprintfn "%s"),
                Unpacking = UnpackingDisplay.report ()
            )

        runner <- Some made
        made

let private name (source: DatasetSource) =
    sets.RemoveAll(fun known -> known.Md5 = source.Md5) |> ignore
    sets.Add source

/// What a trial is told of a set that `load` gave; one that was made of it otherwise has none.
let private references = ConditionalWeakTable<Dataset, DataReference>()

/// Images and labels of a set that was found; the caller's own, which a trial may learn from.
let take (source: DatasetSource) : Dataset =
    name source
    let data = DataReference(Path = source.Path, Digest = source.Md5)
    let set = data.Draw(trials().Load data)
    references.Add(set, data)
    set

/// What names a set to a trial.
let referenceOf (set: Dataset) : DataReference =
    match references.TryGetValue set with
    | true, data -> data
    | _ ->
        raise (
            MedTransferException
                $"{set.Info.Name} is not as load gave it, so that no trial can name its images: take it as it was, and {{ defaults with Images = Some 300 }} for fewer"
        )

/// The images and labels that a finished trial names, before its sample is drawn; they stay the REPL's.
let dataOf (result: TrialResult) : Dataset =
    let data = result.Trial.Spec.Target

    if sets |> Seq.forall (fun known -> known.Md5 <> data.Digest) then
        name (DatasetSource.Find(result.Environment.DataPath, DataFolders [||]))

    trials().Load data

/// The trials whose weights or answers a trial is made of, and theirs; but those that are no longer in the folder of trials.
let rec needed (trial: Trial) : Trial list =
    [
        for name in trial.Spec.Needs do
            let folder = TrialFolder(runs (), name)

            if folder.IsDone then
                let other = folder.Read().Trial
                other
                yield! needed other
    ]
    |> List.distinctBy _.Name

/// Folders of trials that are done.
let finished () : TrialFolder list = List.ofSeq (TrialFolder.Finished(runs ()))

/// Writes a page of the REPL's, by its path from where trials and pages are, and says where.
let writePage (path: string) (title: string) (sections: Report.Section list) : unit =
    let page = Path.Combine(place, path)

    try
        Directory.CreateDirectory(Path.GetDirectoryName page |> nonNull) |> ignore
        Page.write page title sections
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
