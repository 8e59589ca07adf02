/// The command line of `repeat`: what it says, and what is refused.
module MedTransfer.Recipes.RepeatOptions

open System
open System.IO
open Argu
open MedTransfer.Recipes.Help
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

let private help: Page = {
    Opening = [
        "    dotnet fsi scripts/repeat.fsx -- reports/task2"
        "    dotnet fsi scripts/repeat.fsx -- runs/0123456789abcdef"
        ""
        "Trains finished trials anew, each from the spec.json in its folder, with the trials it needs, and compares what comes out with what is there: every artefact byte for byte and, where bits differ, the figures. Nothing that exists is written to."
        ""
        "A word is the folder of a trial, that of a report (or its report.html), which means all trials of the report, or a folder of runs, which means all that are finished in it. Data is found by its digest: where it was, else among all files of --data and of the usual folders."
        ""
        "Time: on two cores as long as the trainings took, a minute or less for most trials. Ends with 0 where all agree, with 1 where one does not."
    ]
    Groups = [
        "Running: N is a whole number",
        [ entry "--data" "FOLDER"; entry "--keep" "FOLDER"; entry "--workers" "N"; entry "--verbose" ""; asks ]
    ]
    Refused = []
    Words = [
        "trial", "one training with one seed, in a folder of its own in runs/, named by the hash of its spec and its data"
        "same bits", "every artefact has the same bytes; environment.json, which holds times, is not compared"
        "interval",
        "of an original's test figure, 95 %: how far it would vary with other test images. On another kind of machine a training has other bits, and its figures should lie within"
    ]
}

/// Reads the words after the script's name; raises `HelpAsked` where help was asked for.
let parse (words: string list) : Options =
    let given = read<Argument> "repeat" help words

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
