/// Where a report goes: the screen, tables as files, the page.
module MedTransfer.Recipes.Sections.Publication

open System.IO
open MedTransfer.Runtime
open MedTransfer.Recipes
open MedTransfer.Recipes.Report

/// The same in short wherever figures are shown.
let private marked (remarks: (string * string) list) part =
    let under = Wording.under remarks

    match part with
    | Table(name, caption, frame) -> Table(name, under caption, frame)
    | WordTable(name, caption, frame) -> WordTable(name, under caption, frame)
    | Charts(caption, charts) -> Charts(under caption, charts)
    | Pictures(caption, rows) -> Pictures(under caption, rows)
    | Cases(caption, cases) -> Cases(under caption, cases)
    | other -> other

/// Writes what of a page is a file of its own beside it.
let writeFiles (folder: string) (parts: Section list) =
    let write name text = WholeFile.WriteText(Path.Combine(folder, name), text)

    for part in parts do
        match part with
        | Table(name, _, frame)
        | WordTable(name, _, frame) -> write $"{name}.csv" (frame |> Table.withSeedColumns |> Table.csv "row")
        | Conclusion(name, text) -> write name (text + "\n")
        | Attachment(name, _, text) -> write name text
        | _ -> ()

/// Prints the tables of numbers, and renews the report folder: the page, all tables, one row a trial, and what else belongs to the page.
let publish (lab: Lab) (title: string) (question: string) (results: Results) (sections: Section list) =
    let remarks = lab.Evidence.Remarks

    let parts = [
        Text question
        for _, sentence in remarks do
            Warning sentence
        yield! NotTransferred.section results
        yield! sections |> List.map (marked remarks)
    ]

    for _, sentence in remarks do
        printfn "\n%s" sentence

    for way, reason in NotTransferred.leftOut results do
        printfn "\nLeft out: %s: %s" way reason

    for way, layers in NotTransferred.mismatches results.Outcomes do
        printfn "\nNot transferred, initial weights kept: %s: %s" way layers

    for part in parts do
        match part with
        | Table(_, caption, frame) -> TerminalTable.print caption frame
        | Absent text -> printfn "\n%s" text
        | _ -> ()

    let trials =
        results.Outcomes
        |> List.distinctBy (fun o -> o.Way.Name, o.Way.Size, o.Way.Seed, o.Way.Trial.Name)
        |> Table.trials (remarks |> List.map fst |> String.concat "; ")

    let others =
        Folder.renew lab.ReportFolder (fun folder ->
            writeFiles folder parts
            WholeFile.WriteText(Path.Combine(folder, "trials.csv"), Table.csv "row" trials)
            Report.write (Path.Combine(folder, "report.html")) title parts)

    for part in parts do
        match part with
        | Conclusion(_, text) -> printfn "\n%s" text
        | _ -> ()

    printfn "\nReport: %s" (Path.GetFullPath(Path.Combine(lab.ReportFolder, "report.html")))

    if not others.IsEmpty then
        eprintfn "In the same folder, but not of this report: %s." (String.concat ", " others)
