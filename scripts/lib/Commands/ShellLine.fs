/// Commands as a shell takes them, to be pasted.
module MedTransfer.Recipes.ShellLine

open System
open System.IO

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

/// A word of a command line as others may see it: a path is its last name alone.
let withoutFolders (word: string) =
    let option, path =
        match word.IndexOf '=' with
        | at when word.StartsWith "--" && at > 0 -> word.Substring(0, at + 1), word.Substring(at + 1)
        | _ -> "", word

    let isThere = path.IndexOfAny [| '/'; '\\' |] >= 0 && (File.Exists path || Directory.Exists path)

    if Path.IsPathRooted path || isThere then
        option + nonNull (Path.GetFileName(Path.TrimEndingDirectorySeparator path))
    else
        word

/// Words quoted as this machine's shell takes them.
let here (words: string list) = ofWords (OperatingSystem.IsWindows()) words
