/// Commands as a shell takes them, to be pasted.
module MedTransfer.Recipes.ShellLine

open System

/// Words quoted where they need it: for cmd where `onWindows`, else for a shell of POSIX.
let ofWords onWindows (words: string list) =
    let plain = if onWindows then @"-_.:/\" else "-_.:/,+@%"
    let isPlain (word: string) = word <> "" && word |> Seq.forall (fun c -> Char.IsAsciiLetterOrDigit c || Seq.contains c plain)

    let quoted (word: string) =
        if isPlain word then
            word
        elif onWindows then
            // a backslash before a quote would take its meaning away
            let ends = String.replicate (word.Length - word.TrimEnd('\\').Length) @"\"
            "\"" + word.Replace("\"", "\\\"") + ends + "\""
        else
            "'" + word.Replace("'", @"'\''") + "'"

    words |> List.map quoted |> String.concat " "

/// The same for this machine.
let here (words: string list) = ofWords (OperatingSystem.IsWindows()) words
