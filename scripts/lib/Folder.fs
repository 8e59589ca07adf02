/// Folders that results go to.
module MedTransfer.Recipes.Folder

open System
open System.IO
open MedTransfer

let private assertWritableFor (option: string) (path: string) =
    try
        Directory.CreateDirectory path |> ignore
        let probe = Path.Combine(path, $".{Guid.NewGuid():N}")
        using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose)) ignore
    with
    | :? IOException
    | :? UnauthorizedAccessException as e ->
        let reason = e.Message.TrimEnd '.'
        raise (MedTransferException($"Nothing can be written to {path} ({reason}): name another folder with {option}.", e))

/// Makes the folder where it is missing and tries it, so that hours of work do not end where they can't be written.
let assertWritable (path: string) = assertWritableFor "--out" path

/// The same for the file that an option names: its folder takes files, and no folder is in its place.
let assertWritableFile (option: string) (path: string) =
    if Directory.Exists path then
        raise (MedTransferException $"{option} is '{path}', which is a folder: name a file.")

    assertWritableFor option (Path.GetDirectoryName(Path.GetFullPath path) |> nonNull)
