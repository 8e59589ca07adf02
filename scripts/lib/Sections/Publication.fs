/// Where a report goes: the screen, tables as files, the page.
module MedTransfer.Recipes.Sections.Publication

open System.IO
open MedTransfer.Runtime
open MedTransfer.Recipes
open MedTransfer.Recipes.Report

let private phantoms =
    "Measured on phantoms, images drawn by a program: they show that everything runs, and say nothing about patients."

let private mark = "(On phantoms.)"

/// Results on phantoms say so wherever they are shown.
let private marked part =
    match part with
    | Table(name, caption, frame) -> Table(name, $"{caption} {mark}", frame)
    | WordTable(name, caption, frame) -> WordTable(name, $"{caption} {mark}", frame)
    | Charts(caption, charts) -> Charts($"{caption} {mark}", charts)
    | other -> other

/// Prints the tables of numbers, and writes all tables, one row a trial, and the page to the report folder.
let publish (lab: Lab) (title: string) (question: string) (results: Results) (sections: Section list) =
    let parts = [
        Text question
        if lab.IsOnPhantoms then
            Warning phantoms
        yield! Transferred.section results
        for part in sections do
            if lab.IsOnPhantoms then marked part else part
    ]

    if lab.IsOnPhantoms then
        printfn "\n%s" phantoms

    for way, reason in Transferred.leftOut results do
        printfn "\nLeft out: %s: %s" way reason

    for way, layers in Transferred.misfits results.Outcomes do
        printfn "\nNot transferred, initial weights kept: %s: %s" way layers

    let save name frame = WholeFile.WriteText(lab.ReportPath $"{name}.csv", Csv.text "row" frame)

    for part in parts do
        match part with
        | Table(name, caption, frame) ->
            Screen.print caption frame
            save name frame
        | Absent text -> printfn "\n%s" text
        | WordTable(name, _, frame) -> save name frame
        | _ -> ()

    WholeFile.WriteText(
        lab.ReportPath "trials.csv",
        Csv.text
            "row"
            (Table.trials (results.Outcomes |> List.distinctBy (fun o -> o.Way.Name, o.Way.Size, o.Way.Seed, o.Way.Trial.Name)))
    )

    let page = lab.ReportPath "report.html"
    Report.write page title parts
    printfn "\nReport: %s" (Path.GetFullPath page)
