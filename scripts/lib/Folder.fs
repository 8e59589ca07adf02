/// The project's folder, and those that results go to.
module MedTransfer.Recipes.Folder

open System
open System.IO
open MedTransfer

/// Top level of the project these recipes were built in.
let project = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", ".."))

/// A path as it is typed in the project's folder: relative where it lies within, whole elsewhere.
let asTyped (path: string) =
    let relative = Path.GetRelativePath(project, path)

    if Path.IsPathRooted relative || relative.StartsWith ".." then
        Path.GetFullPath path
    else
        relative

/// Makes the folder where it is missing and tries it; `option` is what names another.
let assertWritableFor (option: string) (path: string) =
    try
        Directory.CreateDirectory path |> ignore
        let probe = Path.Combine(path, $".{Guid.NewGuid():N}")
        using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose)) ignore
    with
    | :? IOException
    | :? UnauthorizedAccessException as e ->
        let reason = e.Message.TrimEnd '.'
        raise (MedTransferException($"Nothing can be written to {path} ({reason}): name another folder with {option}.", e))

// what a folder's contents are, a name a line: the next ones take their place, and that of no other file
let private manifest = "files.txt"

let private listed folder =
    let path = Path.Combine(folder, manifest)

    [
        if File.Exists path then
            for name in File.ReadAllLines path do
                // nothing outside of the folder is anybody's to name
                if name <> "" && Path.GetFileName name = name then
                    name
    ]

let private names folder =
    [ for path in Directory.GetFiles folder -> Path.GetFileName path |> nonNull ]
    |> List.sortWith (fun a b -> String.CompareOrdinal(a, b))

/// Moves files, each to its place; all of them or none.
let private moveAll (moves: (string * string) list) =
    let mutable moved = []

    try
        for source, target in moves do
            File.Move(source, target)
            moved <- (source, target) :: moved
    with
    | :? IOException
    | :? UnauthorizedAccessException ->
        for source, target in moved do
            File.Move(target, source)

        reraise ()

/// Gives a folder new contents, whole or not at all: `write` makes them in an empty folder that it is given, then they take the place of those
/// that the last call gave. Where that fails, the former ones stay. What others put there stays too: the names of those files come back.
let renew (folder: string) (write: string -> unit) : string list =
    // what a process that was killed left; another one may be at work
    if Directory.Exists folder then
        for left in Directory.GetDirectories(folder, ".????????????????????????????????") do
            if
                Directory.GetLastWriteTimeUtc left < DateTime.UtcNow.AddDays -1.0
                && not (
                    Directory.Exists(Path.Combine(left, "former")) && Directory.GetFiles(Path.Combine(left, "former")).Length > 0
                )
            then
                Directory.Delete(left, true)

    // inside, so that it is on the same disk
    let aside = Path.Combine(folder, $".{Guid.NewGuid():N}")
    let written, former = Path.Combine(aside, "new"), Path.Combine(aside, "former")
    Directory.CreateDirectory written |> ignore
    Directory.CreateDirectory former |> ignore
    let mutable isMixed = false

    try
        write written
        File.WriteAllLines(Path.Combine(written, manifest), names written @ [ manifest ])
        let fresh, there = names written, names folder
        let replaced = listed folder |> List.distinct |> List.filter (fun name -> List.contains name there)
        // somebody's own file under a name of ours makes room
        let inTheWay = fresh |> List.filter (fun name -> List.contains name there && not (List.contains name replaced))
        let rec free (name: string) = if List.contains name there then free $"{name}~" else name
        let madeRoom = [ for name in inTheWay -> name, free name ]
        let move from target name = Path.Combine(from, name), Path.Combine(target, name)
        isMixed <- true

        try
            moveAll (
                [ for name, elsewhere in madeRoom -> Path.Combine(folder, name), Path.Combine(folder, elsewhere) ]
                @ (replaced |> List.map (move folder former))
                @ (fresh |> List.map (move written folder))
            )

            isMixed <- false
        with
        | :? IOException
        | :? UnauthorizedAccessException as e ->
            isMixed <- not (names former).IsEmpty

            let where =
                if isMixed then
                    $"some files of the former one are in {former}"
                else
                    "the former one stays"

            let reason = e.Message.TrimEnd '.'

            raise (
                MedTransferException(
                    $"The report can't take its place in {folder} ({reason}), {where}: close what has its files open and run again.",
                    e
                )
            )

        (there |> List.except (replaced @ fresh)) @ List.map snd madeRoom
        |> List.filter (fun name -> not (name.StartsWith '.'))
    finally
        if not isMixed then
            Directory.Delete(aside, true)

/// The same of a recipe's results, so that hours of work do not end where they can't be written.
let assertWritable (path: string) = assertWritableFor "--out" path

/// The same for the file that an option names: its folder takes files, and no folder is in its place.
let assertWritableFile (option: string) (path: string) =
    if Directory.Exists path then
        raise (MedTransferException $"{option} is '{path}', which is a folder: name a file.")

    assertWritableFor option (Path.GetDirectoryName(Path.GetFullPath path) |> nonNull)
