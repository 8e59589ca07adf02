/// The command line of `reducers`: what it says, and what is refused.
module MedTransfer.Recipes.ReducersOptions

open System
open System.IO
open Argu
open MedTransfer.Recipes.Help
open MedTransfer.Recipes.Values

/// Where the points come from.
type Source =
    | File of input: string * labels: string option
    /// Finished trainings, by name or how it begins.
    | Trials of string list
    /// None for the set that is compared by default.
    | Images of string option

type Options = {
    Source: Source
    /// Points of each space at most.
    Most: int
    Report: string
    /// Where runs/ is.
    Out: string
    DataFolder: string option
}

[<CliPrefix(CliPrefix.DoubleDash)>]
type private Argument =
    | [<Unique>] Input of string
    | [<Unique>] Labels of string
    | Run of string
    | [<Unique>] Data of string
    | [<Unique>] Data_Folder of string
    | [<Unique>] Points of string
    | [<Unique>] Report of string
    | [<Unique>] Out of string
    | [<Unique>] Verbose

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Input _ -> "points, a row each: an .npy of any number type"
            | Labels _ -> "their classes, an .npy of one a row, whole numbers or text, -1 for none"
            | Run _ ->
                "a finished training, by the name of its folder in runs/ or how it begins: its test images' pixels and embeddings; may be given several times, such as one frozen and one fine-tuned"
            | Data _ ->
                "a set of images, by name or file: pixels, and features of a network that learned nothing (default pneumoniamnist, or phantoms)"
            | Data_Folder _ -> "folder to look for it in first, before MEDMNIST_ROOT, the project's data folder and ~/.medmnist"
            | Points _ -> "points of each kind at most (default 1000)"
            | Report _ -> "the page (default reports/reducers-compared.html)"
            | Out _ -> "folder that has runs/ (default the project's)"
            | Verbose -> "show where an error came from"

let private usualMost = 1000

/// Fewer have no neighbourhoods of 15.
let fewest = 40

let private help: Page = {
    Opening = [
        "    dotnet fsi scripts/reducers.fsx"
        "    dotnet fsi scripts/reducers.fsx -- --input X.npy --labels L.npy"
        "    dotnet fsi scripts/reducers.fsx -- --run TRIAL --run TRIAL"
        ""
        "Lays points out in the plane by every reducer there is, with its defaults, and writes a page: the maps side by side, scores with intervals, which differences are more than chance, what each method is, and whether PCA is better on linear data and t-SNE on other."
        ""
        "Time: on two cores about a minute for each kind of 1,000 points, and half a minute for sheets whose shape is known."
    ]
    Groups = [
        "Points: one of --input, --run and --data",
        [
            entry "--input" "FILE"
            entry "--labels" "FILE"
            entry "--run" "TRIAL"
            entry "--data" "SET"
            entry "--points" "N"
        ]
        "Places", [ entry "--report" "FILE"; entry "--out" "FOLDER"; entry "--data-folder" "FOLDER" ]
        "Running", [ entry "--verbose" ""; asks ]
    ]
    Refused = []
    Words = [
        "trustworthiness", "share of the map's near points that are near among the points too, by rank; 1 is best"
        "continuity", "the reverse: near points that stay near on the map"
        "Shepard correlation", "of the distances of all pairs, among the points and on the map"
        for known in Methods.all do
            known.Typed, $"{known.Name}: {known.Does}"
    ]
}

/// Reads the words after the script's name; raises `HelpAsked` where help was asked for.
let parse (words: string list) : Options =
    let given = read<Argument> "reducers" help words
    let input = given.TryGetResult <@ Input @> |> Option.map (file "--input")
    let labels = given.TryGetResult <@ Labels @> |> Option.map (file "--labels")
    let runs = given.GetResults <@ Run @>
    let data = given.TryGetResult <@ Data @> |> Option.map (file "--data")

    let source =
        match input, runs, data with
        | Some input, [], None -> File(input, labels)
        | None, [], data -> Images data
        | None, runs, None -> Trials runs
        | _ -> raise (usage "--input, --run and --data each say where points come from: leave one alone.")

    if labels.IsSome && input.IsNone then
        raise (usage "--labels are of the points of --input: name these, or leave them out.")

    let report =
        given.TryGetResult <@ Report @>
        |> Option.map (file "--report")
        |> Option.defaultValue (Path.Combine(Folder.project, "reports", "reducers-compared.html"))

    if not ([ ".html"; ".htm" ] |> List.exists (fun ending -> report.EndsWith(ending, StringComparison.OrdinalIgnoreCase))) then
        raise (usage $"--report is '{report}', but is written as .html: let its name end so.")

    {
        Source = source
        Most = given.TryGetResult <@ Points @> |> Option.map (whole "--points" fewest) |> Option.defaultValue usualMost
        Report = report
        Out = given.TryGetResult <@ Out @> |> Option.map (folder "--out") |> Option.defaultValue Folder.project
        DataFolder = given.TryGetResult <@ Data_Folder @> |> Option.map (folder "--data-folder")
    }
