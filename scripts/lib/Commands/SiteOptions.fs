/// The command line of `site`: what it says, and what is refused.
module MedTransfer.Recipes.SiteOptions

open Argu
open MedTransfer.Recipes.Help
open MedTransfer.Recipes.Values

type Options = {
    /// Where runs/ and reports/ are.
    Out: string
    DataFolder: string option
    /// Whether pages that are up to date are made too.
    Again: bool
}

[<CliPrefix(CliPrefix.DoubleDash)>]
type private Argument =
    | [<Unique>] Out of string
    | [<Unique>] Data of string
    | [<Unique>] Again
    | [<Unique>] Verbose

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Out _ -> "folder that has runs/ and reports/ (default the project's)"
            | Data _ ->
                "folder to look for the reducers' set in first, before MEDMNIST_ROOT, the project's data folder and ~/.medmnist"
            | Again -> "make pages that are up to date too"
            | Verbose -> "show where an error came from"

let private help: Page = {
    Opening = [
        "    dotnet fsi scripts/site.fsx"
        "    dotnet fsi scripts/site.fsx -- --out FOLDER"
        ""
        "Makes reports/index.html from what is there, and trains nothing: a card of each report (verdict, whether to trust it, its plot, when, which data), and a table of all finished trainings of runs/ with what any two specs differ in. reports/reducers.html lays one set out by each reducer, with the quality of each map."
        ""
        "What is up to date is not made again. Folders of reports/ without a readable answer.json are left out, with a line. Pages name nothing that is not below reports/ and runs/, but the files of data by their last name."
        ""
        "Time: on two cores some seconds, the first time; a second where nothing is new."
    ]
    Groups = [
        "Options", [ entry "--out" "FOLDER"; entry "--data" "FOLDER"; entry "--again" ""; entry "--verbose" ""; asks ]
    ]
    Refused = []
    Words = [
        "trial", "one training with one seed, in a folder of its own in runs/, named by the hash of its spec and its data"
        "spec", "all that decides what a training comes to: data, network, transfer, fit, seed"
    ]
}

/// Reads the words after the script's name; raises `HelpAsked` where help was asked for.
let parse (words: string list) : Options =
    let given = read<Argument> "site" help words

    {
        Out = given.TryGetResult <@ Out @> |> Option.map (folder "--out") |> Option.defaultValue Folder.project
        DataFolder = given.TryGetResult <@ Data @> |> Option.map (folder "--data")
        Again = given.Contains <@ Again @>
    }
