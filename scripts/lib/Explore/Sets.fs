/// Sets of images at the prompt: found, and shown on a page.
module MedTransfer.Recipes.Sets

open System
open System.IO
open System.Threading
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Catalogue
open MedTransfer.Data.Checks
open MedTransfer.Recipes.Report

let private data = Path.Combine(Folder.project, "data")

let private folders () = DataFolders.InOrder(null, data)

/// Whether a name's set is on this machine.
let isHere (name: string) : bool =
    try
        DatasetSource.TryFind(name, folders ()) |> isNull |> not
    with :? MedTransferException ->
        false

/// The set of a name or path, downloaded where it is published and not here.
let load (reference: string) : Dataset =
    let folders = folders ()

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

let private hasLabel (set: Dataset) label image =
    if set.Info.Task = Nullable LabelTask.MultiLabel then
        set.Train.Labels[image, label] = 1uy
    else
        int set.Train.Labels[image, 0] = label

// what each class is called and counted, with its first training images
let private classes (set: Dataset) : (string * byte[] list) list =
    let counts = [ for split in SplitNames.All -> split.Text(), set.LabelCounts split ]

    let pictures belongs =
        Seq.init set.Train.Count id
        |> Seq.filter belongs
        |> Seq.truncate eachShown
        |> Seq.map set.Train.Png
        |> List.ofSeq

    if set.Info.Outputs = 0 then
        [ "no labels", pictures (fun _ -> true) ]
    else
        [
            for label, name in Seq.indexed set.Info.LabelNames ->
                let counted = [ for split, ofLabels in counts -> $"{split} {ofLabels[label]}" ] |> String.concat ", "
                $"{name} ({counted})", pictures (hasLabel set label)
        ]

/// Writes a page of a set: training images of each class, how many of it there are, and what is to be known before anything trains; the same set comes back.
let see (set: Dataset) : Dataset =
    let found = DatasetChecks.OfTarget(DatasetStatistics.Of set)
    let leaks = [ for leak in found.Leaks -> $"{leak.Text}: {leak.Remedy}." ]

    for leak in leaks do
        eprintfn "warning: %s" leak

    Workplace.writePage "set.html" set.Info.Name [
        for leak in leaks do
            Warning leak
        if set.Info.IsPhantom then
            Text "Phantoms: drawn, not taken of anybody. What is measured on them says nothing about patients."
        elif isNull (MedMnist.TryFindByMd5 set.Digest) then
            Text "This page shows images of a set that nobody published: it may go where they may."
        for note in Seq.append set.Notes found.Notes do
            Text note
        Pictures($"{Describe.info set.Info}; the first training images of each class or finding.", classes set)
    ]

    set
