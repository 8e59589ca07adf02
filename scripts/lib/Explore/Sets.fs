/// Sets of images at the prompt: found, and shown on a page.
module MedTransfer.Recipes.Sets

open System
open System.IO
open System.Threading
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Catalogue
open MedTransfer.Data.Checks
open MedTransfer.Data.Import
open MedTransfer.Recipes.Report
open MedTransfer.Recipes.Sections

let private data = Path.Combine(Folder.project, "data")

let private folders () = DataFolders.InOrder(null, data)

/// Whether a name's set is on this machine.
let isHere (name: string) : bool =
    try
        DatasetSource.TryFind(name, folders ()) |> isNull |> not
    with :? MedTransferException ->
        false

// a training takes images to choose on and to be scored on: of a folder that gives no splits, some are drawn
let private shares = SplitShares(70.0, 10.0, 20.0)

let private imported (folder: string) : string =
    let kept = Workplace.imports ()
    Folder.assertWritableFor "results \"FOLDER\"" kept
    Datasets.imported None (Some shares) folder kept CancellationToken.None

/// The set of a name or path, downloaded where it is published and not here; a folder of images is imported first.
let load (reference: string) : Dataset =
    let folders = folders ()
    let reference = if Directory.Exists reference then imported reference else reference

    match Option.ofObj (DatasetSource.TryFind(reference, folders)), Option.ofObj (MedMnist.TryFind reference) with
    | Some found, _ -> Workplace.take found
    | None, None -> Workplace.take (DatasetSource.Find(reference, folders))
    | None, Some entry ->
        match Datasets.download entry data CancellationToken.None with
        | Result.Ok path -> Workplace.take (DatasetSource.Find(path, folders))
        | Result.Error reason ->
            raise (MedTransferException $"{reason.TrimEnd '.'}; load \"phantom-pneumonia\" draws a set that needs no file.")

// pictures of each class, or finding, that a page shows
let private eachShown = 16

// with how many images of each split are of a class, or have a finding
let private counted (set: Dataset) (name: string) =
    match Seq.tryFindIndex ((=) name) set.Info.LabelNames with
    | None -> name
    | Some label ->
        let counts = [ for split in SplitNames.All -> $"{split.Text()} {(set.LabelCounts split)[label]}" ]
        $"""{name} ({String.concat ", " counts})"""

/// Writes a page of a set: training images of each class, how many of it there are, and what is to be known before anything trains; the same set comes back.
let see (set: Dataset) : Dataset =
    let found = DatasetChecks.OfTarget(DatasetStatistics.Of set)
    let leaks = [ for leak in found.Leaks -> $"{leak.Text}: {leak.Remedy}." ]

    for leak in leaks do
        eprintfn "warning: %s" leak

    let pictures = [ for name, pngs in ImageSets.ofEachClass eachShown set -> counted set name, pngs ]

    // not among reports: it may show images that nobody published
    Workplace.writePage (Path.Combine("seen", "set.html")) set.Info.Name [
        for leak in leaks do
            Warning leak
        if set.Info.IsPhantom then
            Text "Phantoms: drawn, not taken of anybody. What is measured on them says nothing about patients."
        elif isNull (MedMnist.TryFindByMd5 set.Digest) then
            Text "This page shows images of a set that nobody published: it may go where they may."
        for note in Seq.append set.Notes found.Notes do
            Text note
        Pictures($"{Describe.info set.Info}; the first training images of each class or finding.", pictures)
    ]

    set
