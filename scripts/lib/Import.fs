/// A folder of images to an .npz that recipes take, and what is to be known of it.
module MedTransfer.Recipes.Import

open System
open System.IO
open System.Threading
open MedTransfer.Data.Catalogue
open MedTransfer.Data.Checks
open MedTransfer.Data.Import
open MedTransfer.Recipes.ImportOptions

let private show (set: ImportedSet) =
    ImportDisplay.told set
    let channels = if set.Channels = 3 then "red, green and blue" else "grey"
    printfn "%s: %d x %d pixels, %s (%s)" (Folder.asTyped set.Path) set.ImageSize set.ImageSize channels (nonNull set.Card.Pixels)

    if set.Patients.HasValue then
        printfn "%d patients" set.Patients.Value

    match set.Card.Counts with
    | null -> ()
    | counts ->
        for split in counts do
            if Seq.sum split.Value.Values > 0 then
                let labels = split.Value |> Seq.map (fun label -> $"{label.Key} {label.Value}") |> String.concat ", "
                printfn "%s: %s" split.Key labels

/// What recipes will find, and refuse.
let private check (set: ImportedSet) =
    let uncertain = if set.HasUncertain then Nullable 0 else Nullable()
    use data = DatasetSource.Find(set.Path, DataFolders []).Load uncertain
    let found = DatasetChecks.OfTarget(DatasetStatistics.Of data)

    for note in Seq.append (Option.ofObj set.Card.Notes |> Option.map seq |> Option.defaultValue Seq.empty) found.Notes do
        eprintfn "note: %s" note

    if set.HasUncertain then
        eprintfn
            "note: some findings are uncertain (-1): recipes need --uncertain 0 or --uncertain 1 to read them as absent or present."

    for leak in found.Leaks do
        eprintfn "leak: %s: %s, or recipes need --allow %s." leak.Text leak.Remedy (LeakNames.ofKind leak.Kind)

let private work options (stop: CancellationToken) =
    Folder.assertWritableFile "--out" options.Output
    let line = ImportDisplay.ProgressLine()
    let set = Importer(options.Import).Run(options.Folder, options.Output, Action<ImportProgress>(line.Report), stop)
    show set
    check set

/// Does what the words of the command line ask; 0 when all went well, 1 on an error, 2 on wrong usage, 130 when stopped.
let run (words: string list) (stop: CancellationToken) : int =
    Recipe.guarded "Stopped; nothing was written." (List.contains "--verbose" words) (fun () -> work (parse words) stop)

/// Runs with the words of the command line (the first is the script), stops on Ctrl+C, then ends the process.
let main (words: string array) : unit = Recipe.exitOnCtrlC (run (List.tail (List.ofArray words)))
