/// The command line of `import`: what it says, and what is refused.
module MedTransfer.Recipes.ImportOptions

open System
open System.Globalization
open Argu
open MedTransfer.Data.Catalogue
open MedTransfer.Data.Import
open MedTransfer.Data.Import.Listing
open MedTransfer.Data.Import.Pixels
open MedTransfer.Recipes.Help
open MedTransfer.Recipes.Values

type Options = {
    Folder: string
    /// The .npz.
    Output: string
    Import: MedTransfer.Data.Import.ImportOptions
}

let private usual = PixelOptions()

[<CliPrefix(CliPrefix.DoubleDash)>]
type private Argument =
    | [<MainCommand>] Folder of string list
    | [<Unique>] Out of string
    | [<Unique>] Image_Size of string
    | [<Unique>] Fit of string
    | [<Unique>] Window of string
    | [<Unique>] Percentiles of string
    | [<Unique>] Invert
    | [<Unique>] Frame of string
    | [<Unique>] Table of string
    | [<Unique>] File_Column of string
    | [<Unique>] Label_Columns of string
    | [<Unique>] Patient_Column of string
    | [<Unique>] Split_Column of string
    | [<Unique>] Unlabelled
    | [<Unique>] Skip_Missing
    | [<Unique>] Patient of string
    | [<Unique>] Split of string
    | [<Unique>] Seed of string
    | [<Unique>] Strict
    | [<Unique>] Threads of string
    | [<Unique>] Verbose

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Folder _ -> "the folder of images"
            | Out _ -> "the .npz to write; what is known of it goes to a .json beside it"
            | Image_Size _ ->
                $"pixels a side, 8 to 1024 (default {usual.ImageSize}, of smaller images their own size, 28 at least)"
            | Fit _ ->
                "what becomes of images that are not square: pad (black on both sides), crop (the middle) or squash (default pad)"
            | Window _ -> "values that become black and white, as centre and width, such as -600/1500 (default as files say)"
            | Percentiles _ ->
                $"of images of more than 8 bits without a window of their own, percentiles that become black and white (default {usual.LowPercentile}/{usual.HighPercentile})"
            | Invert -> "exchange black and white in every image (those whose files say that they are so are turned round anyway)"
            | Frame _ -> "of DICOM files of several frames the one to read, from 1 (default none: such files are left out)"
            | Table _ -> "a CSV of files and labels (default the one in the folder that names its files, where there is one)"
            | File_Column _ -> "its column of file names"
            | Label_Columns _ -> "its column of classes, or several of findings, with commas between"
            | Patient_Column _ -> "its column of patients"
            | Split_Column _ -> "its column of train, validation and test"
            | Unlabelled -> "take no labels, whatever folders and columns there are"
            | Skip_Missing -> "leave out files that the table names and that are not there, instead of an error"
            | Patient _ -> "a regular expression that finds the patient in a file's name, such as \"^(p[0-9]+)_\""
            | Split _ ->
                "make splits by these shares of train, validation and test, patients and equal images kept together, such as 70/10/20 (default none are made)"
            | Seed _ -> "draws the splits (default 0)"
            | Strict -> "end with an error at the first file that can't be read, instead of leaving it out"
            | Threads _ -> "files read at a time; changes no result (default one a core)"
            | Verbose -> "show where an error came from"

let private number (text: string) =
    match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
    | true, x when Double.IsFinite x -> Some x
    | _ -> None

let private two option example (text: string) =
    match text.Split '/' |> Array.map number with
    | [| Some first; Some second |] -> first, second
    | _ -> raise (usage $"{option} is '{text}', but must be two numbers with a slash between, as in {example}.")

let private window text =
    let centre, width = two "--window" "-600/1500" text
    MedTransfer.Data.Import.Pixels.Window(centre, width)

let private help: Page = {
    Opening = [
        "    dotnet fsi scripts/import.fsx -- my-images/ --out my.npz"
        "    dotnet fsi scripts/import.fsx -- my-images/ --out my.npz --split 70/10/20"
        ""
        "Makes a set that every recipe takes (--target my.npz) of a folder of images: PNG and TIFF of 8 and 16 bits, JPEG, BMP, DICOM. Labels come from folders, one a class, with or without train, val and test above them; or from a CSV in the folder (columns file, label, patient, split; several columns of 0 and 1 are findings, empty is missing, -1 uncertain)."
        ""
        "Files that can't be read are listed and left out. What was done to pixels, counts, and what was left out stand in the .json beside the .npz, in which you may name the site, the device, the period, the approval, how labels were made, and what else the checklist beside a report asks a person for. Patients become numbers, made with a secret of yours on this machine; file names and tags are not carried along."
    ]
    Groups = [
        "Files", [ entry "--out" "FILE"; entry "--strict" "" ]
        "Pixels: N is a whole number, X a number",
        [
            entry "--image-size" "N"
            entry "--fit" "pad|crop|squash"
            entry "--window" "X/X"
            entry "--percentiles" "X/X"
            entry "--invert" ""
            entry "--frame" "N"
        ]
        "Labels and patients",
        [
            entry "--table" "FILE"
            entry "--file-column" "NAME"
            entry "--label-columns" "NAMES"
            entry "--patient-column" "NAME"
            entry "--split-column" "NAME"
            entry "--patient" "REGEX"
            entry "--unlabelled" ""
            entry "--skip-missing" ""
        ]
        "Splits", [ entry "--split" "A/B/C"; entry "--seed" "N" ]
        "Running", [ entry "--threads" "N"; entry "--verbose" ""; asks ]
    ]
    Refused = []
    Words = [
        "window", "the values that become black and white; a DICOM file often says its own"
        "percentiles", "of 0.5/99.5 the darkest and the brightest half percent of an image's pixels become black and white"
    ]
}

/// Reads the words after the script's name; raises `HelpAsked` where help was asked for.
let parse (words: string list) : Options =
    let given = read<Argument> "import" help words

    let value (case: Quotations.Expr<string -> Argument>) (fallback: 'T) (read: string -> 'T) : 'T =
        given.TryGetResult case |> Option.map read |> Option.defaultValue fallback

    let text (case: Quotations.Expr<string -> Argument>) = given.TryGetResult case |> Option.toObj

    let folder =
        match given.GetResults <@ Folder @> |> List.concat with
        | [ one ] when one.StartsWith '-' -> raise (usage $"{one} is no option; see dotnet fsi scripts/import.fsx -- --help")
        | [ one ] when not (String.IsNullOrWhiteSpace one) -> one
        | [] -> raise (usage "No folder is named: give the folder of images; see dotnet fsi scripts/import.fsx -- --help")
        | several when several |> List.exists _.StartsWith("--") ->
            let unknown = several |> List.find _.StartsWith("--")
            raise (usage $"{unknown} is no option; see dotnet fsi scripts/import.fsx -- --help")
        | several ->
            let named = several |> List.map (sprintf "'%s'") |> String.concat ", "
            raise (usage $"One folder of images is imported at a time, but {named} are named.")

    let output =
        match given.TryGetResult <@ Out @> with
        | Some path when not (isNull (MedMnist.TryFind(nonNull (IO.Path.GetFileNameWithoutExtension path)))) ->
            raise (usage $"--out is '{path}', the name of a published MedMNIST set: give your own set another one.")
        | Some path when path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) -> path
        | Some path -> raise (usage $"--out is '{path}', but is written as .npz: let its name end so.")
        | None -> raise (usage "--out is missing: name the .npz to write, such as --out my.npz")

    let low, high =
        value <@ Percentiles @> (usual.LowPercentile, usual.HighPercentile) (two "--percentiles" "0.5/99.5")

    let pixels =
        PixelOptions(
            ImageSize = value <@ Image_Size @> usual.ImageSize (whole "--image-size" 1),
            Fit =
                value
                    <@ Fit @>
                    usual.Fit
                    (oneOf "--fit" [ "pad", Pixels.Fit.Pad; "crop", Pixels.Fit.Crop; "squash", Pixels.Fit.Squash ]),
            Window = (given.TryGetResult <@ Window @> |> Option.map window |> Option.toNullable),
            LowPercentile = low,
            HighPercentile = high,
            Invert = (if given.Contains Invert then Pixels.Invert.All else Pixels.Invert.None)
        )

    let columns = value <@ Label_Columns @> [||] (fun names -> names.Split(',', StringSplitOptions.TrimEntries))

    let listing =
        ListingOptions(
            Table = text <@ Table @>,
            FileColumn = text <@ File_Column @>,
            LabelColumns = columns,
            PatientColumn = text <@ Patient_Column @>,
            SplitColumn = text <@ Split_Column @>,
            IsUnlabelled = given.Contains Unlabelled,
            LeavesOutMissing = given.Contains Skip_Missing,
            Patient = text <@ Patient @>
        )

    let shares = given.TryGetResult <@ Split @> |> Option.map SplitShares.Parse

    if given.Contains Seed && shares.IsNone then
        raise (usage "--seed draws splits, and none are made: name their shares with --split, or leave it out.")

    {
        Folder = folder
        Output = output
        Import =
            MedTransfer.Data.Import.ImportOptions(
                Listing = listing,
                Pixels = pixels.Checked(),
                Enlarges = given.Contains <@ Image_Size @>,
                Frame = (given.TryGetResult <@ Frame @> |> Option.map (whole "--frame" 1) |> Option.toNullable),
                Shares = Option.toObj shares,
                Seed = int64 (value <@ Seed @> 0 (whole "--seed" 0)),
                IsStrict = given.Contains Strict,
                Threads = value <@ Threads @> Environment.ProcessorCount (whole "--threads" 1)
            )
    }
