/// How far an import of a folder of images is, and what became of files, on standard error.
module MedTransfer.Recipes.ImportDisplay

open System
open MedTransfer.Data.Import

/// Says on standard error how far it is: a line that is written over on a terminal, else one each tenth.
type ProgressLine() =
    let mutable told = -1

    member _.Report(reached: ImportProgress) =
        let left =
            if reached.Left.HasValue then
                $", {TimeLeft.text reached.Left.Value.TotalSeconds}"
            else
                ""

        let text = $"{reached.Done} of {reached.Of} files{left}"
        let isLast = reached.Done = reached.Of

        if not Console.IsErrorRedirected then
            eprintf "\r%s    %s" text (if isLast then "\n" else "")
        else
            let tenth = 10 * reached.Done / reached.Of

            if tenth > told then
                told <- tenth
                eprintfn "%s" text

/// Files at most that are listed one by one as left out.
let private mostListed = 20

// a file's name may hold what a terminal obeys
let internal plain (text: string) = text |> String.map (fun c -> if Char.IsControl c then '?' else c)

/// Files that were left out, each with why, and what else names files; neither is kept.
let told (set: ImportedSet) =
    for left in Seq.truncate mostListed set.LeftOut do
        eprintfn "left out: %s: %s" (plain left.Name) (plain left.Reason)

    if set.LeftOut.Count > mostListed then
        eprintfn "left out: %d more." (set.LeftOut.Count - mostListed)

    for detail in set.Details do
        eprintfn "note: %s" detail
