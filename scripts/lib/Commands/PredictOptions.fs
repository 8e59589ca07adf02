/// The command line of `predict`: what it says, and what is refused.
module MedTransfer.Recipes.PredictOptions

open System
open System.IO
open Argu
open MedTransfer.Recipes.Help
open MedTransfer.Recipes.Values

type Options = {
    Model: string
    /// Files and folders of images.
    Images: string list
    /// Labelled images to score the model on.
    External: string option
    /// Where results go.
    Out: string
    DataFolder: string option
    UncertainAs: int option
    Frame: int option
    /// Whether there are maps of where the model looks.
    HasMaps: bool
}

[<CliPrefix(CliPrefix.DoubleDash)>]
type private Argument =
    | [<MainCommand>] Images of string list
    | [<Unique>] Model of string
    | [<Unique>] External of string
    | [<Unique>] Out of string
    | [<Unique>] Data of string
    | [<Unique>] Uncertain of string
    | [<Unique>] Frame of string
    | [<Unique>] No_Maps
    | [<Unique>] Verbose

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Images _ -> "files and folders of images"
            | Model _ -> "folder of the model (default reports/transfer/model in the folder of --out)"
            | External _ ->
                "score the model on these labelled images instead, once: a folder, the path of an .npz, or a set's name; labels are matched by name"
            | Out _ ->
                "folder for results: reports/predict (or reports/external) and the ledger of test images, runs/test-ledger.csv, in it (default this project)"
            | Data _ -> "folder to look for the set of --external in first"
            | Uncertain _ -> "read uncertain findings (-1) of --external as absent (0) or present (1)"
            | Frame _ -> "of DICOM files of several frames the one to read, from 1 (default such files are left out)"
            | No_Maps -> "no maps of where the model looks, which take most of the time"
            | Verbose -> "show where an error came from"

let private uncertain (text: string) = oneOf "--uncertain" [ "0", 0; "1", 1 ] text

let private help: Page = {
    Opening = [
        "    dotnet fsi scripts/predict.fsx -- image.dcm more-images/"
        "    dotnet fsi scripts/predict.fsx -- --external other-hospital/"
        ""
        "Asks the model that transfer.fsx left what it says of images: a probability of each class (calibrated by a temperature, where one was found), what is called at the threshold that was chosen, and a warning where an image is unlike those that it learned from. The page, reports/predict/report.html, shows each image with a map of where the model looks; predictions.csv has a row each. PNG, JPEG, BMP, TIFF (8 and 16 bits) and DICOM are made ready as the images that it learned from were, as far as that is known."
        ""
        "--external scores the model on labelled images that it has never seen, of another hospital for one: scores with intervals, calibration, and how the images differ. Each scoring is counted in runs/test-ledger.csv."
        ""
        "For research only: it is no medical device."
    ]
    Groups = [
        "Model and images: SET is a name, the path of an .npz in MedMNIST's layout, or a folder of images",
        [
            entry "--model" "FOLDER"
            entry "--external" "SET"
            entry "--uncertain" "0|1"
            entry "--data" "FOLDER"
            entry "--frame" "N"
        ]
        "Running", [ entry "--out" "FOLDER"; entry "--no-maps" ""; entry "--verbose" ""; asks ]
    ]
    Refused = []
    Words = [
        "calibrated",
        "of images like those that it learned from, where classes are as frequent, some 80 % of those that are given a probability of .8 are what is said"
        "threshold",
        "the probability from which on the positive class is called, chosen for a sensitivity that transfer.fsx was asked for"
        "unlike",
        "as bright or dark, as flat or contrasty, or as far from the others for the network as at most 1 % of the images that the model learned from"
        "map",
        "HiResCAM (Draelos and Carin 2020), which on phantoms of 28 pixels pointed better than Grad-CAM: where in the image the network finds what speaks for the class; of ONNX encoders, where greying a patch out lowers its probability"
    ]
}

/// Reads the words after the script's name; raises `HelpAsked` where help was asked for.
let parse (project: string) (words: string list) : Options =
    let given = read<Argument> "predict" help words
    let out = given.TryGetResult <@ Out @> |> Option.map (folder "--out") |> Option.defaultValue project
    let images = given.GetResults <@ Images @> |> List.concat
    let set = given.TryGetResult <@ External @> |> Option.map (file "--external")

    match images |> List.tryFind (fun word -> word.StartsWith '-') with
    | Some word -> raise (usage $"{word} is no option; see dotnet fsi scripts/predict.fsx -- --help")
    | None -> ()

    if images |> List.exists String.IsNullOrWhiteSpace then
        raise (usage "The name of an image is empty: name a file or a folder.")

    match images |> List.tryFind (fun word -> word.EndsWith(".npz", StringComparison.OrdinalIgnoreCase)) with
    | Some word ->
        raise (usage $"{word} is a set, not an image: score the model on its labels with --external {word}, or name files.")
    | None -> ()

    for option, isGiven in [ "--uncertain", given.Contains <@ Uncertain @>; "--data", given.Contains <@ Data @> ] do
        if isGiven && set.IsNone then
            raise (usage $"{option} is of --external only: leave it out.")

    if given.Contains <@ No_Maps @> && set.IsSome then
        raise (usage "--no-maps is of images only, as --external makes no maps: leave it out.")

    match images, set with
    | [], None -> raise (usage "No image is named: give files or folders of images; see dotnet fsi scripts/predict.fsx -- --help")
    | _ :: _, Some named ->
        raise (usage $"Images and --external {named} are named: leave one of both out, as each has a page of its own.")
    | _ -> ()

    {
        Model =
            given.TryGetResult <@ Model @>
            |> Option.map (folder "--model")
            |> Option.defaultValue (Path.Combine(out, "reports", "transfer", "model"))
        Images = images
        External = set
        Out = out
        DataFolder = given.TryGetResult <@ Data @> |> Option.map (folder "--data")
        UncertainAs = given.TryGetResult <@ Uncertain @> |> Option.map uncertain
        Frame = given.TryGetResult <@ Frame @> |> Option.map (whole "--frame" 1)
        HasMaps = not (given.Contains <@ No_Maps @>)
    }
