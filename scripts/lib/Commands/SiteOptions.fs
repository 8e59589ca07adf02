/// The command line of `site`: what it says, and what is refused.
module MedTransfer.Recipes.SiteOptions

open Argu
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

/// Reads the words after the script's name; raises `HelpAsked` where help was asked for.
let parse (words: string list) : Options =
    let given = read<Argument> "site" HelpPages.ofSite words

    {
        Out = given.TryGetResult <@ Out @> |> Option.map (folder "--out") |> Option.defaultValue Folder.project
        DataFolder = given.TryGetResult <@ Data @> |> Option.map (folder "--data")
        Again = given.Contains <@ Again @>
    }
