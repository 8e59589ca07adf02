/// The text of --help: what to type first, then every option, wrapped for a terminal.
module MedTransfer.Recipes.Help

open System

/// How an option is shown.
type Entry = {
    /// With its dashes.
    Name: string
    /// What stands for its value, or the values there are; empty where it takes none.
    Value: string
    /// Where its text does not say it.
    Default: string option
    /// Another name that it goes by here, and what it means by that.
    Shown: (string * string) option
}

/// An option and what is to be given with it.
let entry name value = { Name = name; Value = value; Default = None; Shown = None }

/// The option that shows the page.
let asks = entry "--help" ""

type Page = {
    /// Paragraphs, in order; what is indented stays as it is.
    Opening: string list
    Groups: (string * Entry list) list
    /// Options that are refused here, and so not listed.
    Refused: string list
    /// Terms, each explained.
    Words: (string * string) list
}

let private width = 96

let private wrapped room (text: string) : string list =
    (([], ""), text.Split ' ')
    ||> Seq.fold (fun (lines, line) word ->
        if line = "" then lines, word
        elif line.Length + 1 + word.Length <= room then lines, $"{line} {word}"
        else line :: lines, word)
    |> fun (lines, last) -> List.rev (last :: lines)

// the name, and the text beside it, or below where the name is long
let private beside column (name: string) text =
    let lines = wrapped (width - column) text |> List.map (fun line -> String(' ', column) + line)
    let name = $"  {name}"

    if name.Length < column then
        name + lines.Head[name.Length ..] :: lines.Tail
    else
        name :: lines

/// Lays out the page; `texts` says of each option what it means. Those that no group names come last.
let render (page: Page) (texts: (string * string) list) : string =
    let texts = texts |> List.filter (fun (name, _) -> not (List.contains name page.Refused))
    let placed = page.Groups |> List.collect snd |> List.map _.Name

    let others = [
        for name, _ in texts do
            if not (List.contains name placed) then
                entry name ""
    ]

    let option (entry: Entry) =
        match entry.Shown |> Option.orElse (texts |> List.tryFind (fun (name, _) -> name = entry.Name)) with
        | None -> []
        | Some(name, text) ->
            let usual = entry.Default |> Option.map (fun value -> $" (default {value})") |> Option.defaultValue ""
            beside 26 ($"{name} {entry.Value}".TrimEnd()) (text + usual)

    String.concat "\n" [
        for paragraph in page.Opening do
            if paragraph.StartsWith ' ' then paragraph else yield! wrapped width paragraph
        for title, entries in page.Groups @ [ "Further options", others ] do
            match List.collect option entries with
            | [] -> ()
            | lines ->
                ""
                title
                yield! lines
        ""
        "Words"
        for word, meaning in page.Words do
            yield! beside 18 word meaning
    ]
