/// Values on a command line: read, or refused in one line that names the option.
module MedTransfer.Recipes.Values

open System
open System.IO
open System.Globalization
open Argu
open MedTransfer

/// What ends a command with exit code 2.
let usage message = MedTransferException(message, IsUsage = true)

/// A whole number, the lowest at least.
let whole option lowest (text: string) =
    match Int32.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) with
    | true, n when n >= lowest -> n
    | _ -> raise (usage $"{option} is '{text}', but must be a whole number of at least {lowest}.")

/// A number above 0 that float32 can hold.
let positive option (text: string) =
    match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
    | true, x when x > 0.0 && Single.IsFinite(float32 x) -> x
    | _ -> raise (usage $"{option} is '{text}', but must be a number above 0.")

/// A number above 0, 1 at most.
let share option (text: string) =
    match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
    | true, x when x > 0.0 && x <= 1.0 -> x
    | _ -> raise (usage $"{option} is '{text}', but must be a number above 0, 1 at most.")

/// A number of 0 or above that float32 can hold.
let notNegative option (text: string) =
    match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
    | true, x when x >= 0.0 && Single.IsFinite(float32 x) -> x
    | _ -> raise (usage $"{option} is '{text}', but must be a number, 0 or above.")

/// A number of 0 or above, below 1.
let part option (text: string) =
    match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
    | true, x when x >= 0.0 && x < 1.0 -> x
    | _ -> raise (usage $"{option} is '{text}', but must be a number, 0 or above, and below 1.")

/// A time with its unit: 90s, 10m, 2h.
let duration option (text: string) =
    let unit =
        match text.ToLowerInvariant() |> Seq.tryLast with
        | Some 's' -> 1.0
        | Some 'm' -> 60.0
        | Some 'h' -> 3600.0
        | _ -> nan

    match
        Double.TryParse(text.Substring(0, max 0 (text.Length - 1)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
    with
    | true, x when x > 0.0 && x * unit < 1e7 -> TimeSpan.FromSeconds(x * unit)
    | _ -> raise (usage $"{option} is '{text}', but must be a time with its unit, such as 90s, 10m or 2h.")

/// The name of a file.
let file option (text: string) =
    if String.IsNullOrWhiteSpace text then
        raise (usage $"{option} is empty, but must name a file.")
    else
        text

/// The name of a folder.
let folder option (text: string) =
    if String.IsNullOrWhiteSpace text then
        raise (usage $"{option} is empty, but must name a folder.")
    elif File.Exists text then
        raise (usage $"{option} is '{text}', which is a file: name a folder.")
    else
        text

/// One of the named choices, in any case.
let oneOf option (choices: (string * 'T) list) (text: string) =
    match choices |> List.tryFind (fun (name, _) -> name = text.ToLowerInvariant()) with
    | Some(_, choice) -> choice
    | None ->
        let names = choices |> List.map fst |> String.concat " or "
        raise (usage $"{option} is '{text}', but must be {names}.")

/// The user asked for help: the text to show.
exception HelpAsked of string

/// Parses the words after a script's name; `help` lays out what each option means.
let read<'T when 'T :> IArgParserTemplate> (recipe: string) (help: Help.Page) (words: string list) : ParseResults<'T> =
    let parser = ArgumentParser.Create<'T>(programName = $"dotnet fsi scripts/{recipe}.fsx --")

    let texts = [
        for case in parser.GetArgumentCases() |> List.filter (fun case -> not case.IsMainCommand) do
            case.CommandLineNames.Value.Head, case.Description.Value
        "--help", "this text; the -- before it is needed, as dotnet fsi has a --help of its own"
    ]

    let asksForHelp word = List.contains word [ "--help"; "-h"; "-?"; "/?" ]

    if List.tryHead words = Some "help" || List.exists asksForHelp words then
        raise (HelpAsked(Help.render help texts))

    try
        parser.ParseCommandLine(List.toArray words, raiseOnUsage = true)
    with :? ArguParseException as e ->
        let firstLine = Seq.head (e.Message.Split '\n')
        let reason = firstLine.Replace("ERROR: ", "").Trim().TrimEnd '.'
        raise (usage $"{reason}; see dotnet fsi scripts/{recipe}.fsx -- --help")
