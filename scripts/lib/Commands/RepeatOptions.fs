/// The command line of `repeat`: what it says, and what is refused.
module MedTransfer.Recipes.RepeatOptions

open System
open System.IO
open Argu
open MedTransfer.Recipes.Values

type Options = {
    /// Folders of trials, of reports, of runs.
    Named: string list
    DataFolder: string option
    /// Where the repeated trials stay; None: nowhere.
    Keep: string option
    /// None: as many as the cores allow.
    Workers: int option
}

[<CliPrefix(CliPrefix.DoubleDash)>]
type private Argument =
    | [<MainCommand>] Named of string list
    | [<Unique>] Data of string
    | [<Unique>] Keep of string
    | [<Unique>] Workers of string
    | [<Unique>] Verbose

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Named _ -> "folders of trials, of reports, of runs"
            | Data _ ->
                "folder to look for data and weights in first, before MEDMNIST_ROOT, the project's data folder and ~/.medmnist"
            | Keep _ -> "new or empty folder that receives the repeated trials (default: they are deleted once they are compared)"
            | Workers _ ->
                "trainings that run at a time, each in a process of its own; changes no result (default as many as the cores allow, on cuda 1)"
            | Verbose -> "show where an error came from"

/// Reads the words after the script's name; raises `HelpAsked` where help was asked for.
let parse (words: string list) : Options =
    let given = read<Argument> "repeat" HelpPages.ofRepeat words

    let options = {
        Named = given.GetResults <@ Named @> |> List.concat
        DataFolder = given.TryGetResult <@ Data @>
        Keep = given.TryGetResult <@ Keep @> |> Option.map (folder "--keep")
        Workers = given.TryGetResult <@ Workers @> |> Option.map (whole "--workers" 1)
    }

    if options.Named.IsEmpty || options.Named |> List.exists String.IsNullOrWhiteSpace then
        raise (usage "Nothing is named: give the folder of a trial or of a report; see dotnet fsi scripts/repeat.fsx -- --help")

    // Argu takes what is no option for a folder
    match options.Named |> List.tryFind _.StartsWith('-') with
    | Some word -> raise (usage $"{word} is no option; see dotnet fsi scripts/repeat.fsx -- --help")
    | None -> ()

    match options.Keep with
    | Some folder when
        File.Exists folder
        || (Directory.Exists folder && Seq.isEmpty (Directory.EnumerateFileSystemEntries folder) |> not)
        ->
        raise (
            usage
                $"--keep is '{folder}', which is there and not empty: name a new or an empty folder, as what is there is not trained again."
        )
    | _ -> options
