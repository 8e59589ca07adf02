/// Where a report goes: the screen, tables as files, the page.
module MedTransfer.Recipes.Sections.Publication

open System.IO
open MedTransfer.Runtime
open MedTransfer.Recipes
open MedTransfer.Recipes.Report

/// The same in short wherever figures are shown.
let private marked (remarks: (string * string) list) =
    let under = Wording.under remarks

    function
    | Table(name, caption, frame) -> Table(name, under caption, frame)
    | WordTable(name, caption, frame) -> WordTable(name, under caption, frame)
    | Charts(caption, charts) -> Charts(under caption, charts)
    | Pictures(caption, rows) -> Pictures(under caption, rows)
    | Flow(caption, flow) -> Flow(under caption, flow)
    | Cases(caption, cases) -> Cases(under caption, cases)
    | other -> other

/// Writes what of a page is a file of its own beside it.
let writeFiles (folder: string) (parts: Section list) =
    let write name text = WholeFile.WriteText(Path.Combine(folder, name), text)

    for part in flattened parts do
        match part with
        | Table(name, _, frame)
        | WordTable(name, _, frame) -> write $"{name}.csv" (frame |> Table.withSeedColumns |> Table.csv "row")
        | Conclusion(name, text) -> write name (text + "\n")
        | Attachment(name, _, text) -> write name text
        | _ -> ()

// all that a page has in tables and conclusions
let private printAll (parts: Section list) =
    for part in flattened parts do
        match part with
        | Table(_, caption, frame) -> TerminalTable.print caption frame
        | Absent text
        | Conclusion(_, text) -> printfn "\n%s" text
        | _ -> ()

// the same as the first screen of the page
let private printOpening (results: Results) (opening: Opening) =
    printfn "\n%s" opening.Verdict

    for sentence in opening.Besides do
        printfn "%s" sentence

    printfn "Trust it? %s, because %s." (Wording.capital opening.Trust) opening.Because

    for box in opening.Boxes do
        printfn "%s: %s (%s)." box.Of box.Figure box.Note

    for warning in opening.Warnings do
        printfn "Beware: %s" warning

    for ways, reason in results |> NotTransferred.leftOut |> LeftOut.byReason do
        printfn "Left out: %s: %s" ways reason

    for way, layers in NotTransferred.mismatches results.Outcomes do
        printfn "Not transferred, initial weights kept: %s: %s" way layers

// when the last of its trainings ended
let private finished (results: Results) =
    match Setting.environments results with
    | [] -> None
    | all -> all |> List.map _.Finished |> List.max |> Some

let private sets (lab: Lab) : AnswerFile.AnswerSet list = [
    match lab.Backbone with
    | Some backbone -> { Role = "source"; Name = backbone.Name; IsDrawn = false }
    | None -> ()
    for role, set in ImageSets.ofRun lab do
        { Role = (role.Split ' ')[0]; Name = set.Name; IsDrawn = set.File.IsPhantom }
]

let private notes (rows: (string * string) list) : AnswerFile.WayNote list = [
    for way, note in rows -> { Way = way; Note = note }
]

/// Renews the report folder: the page, all tables, one row a trial, the answer as JSON, and what else belongs to the page; and prints what its first screen says, with the tables where they
/// are asked for.
let publish (lab: Lab) (title: string) (opening: Opening) (results: Results) (sections: Section list) =
    let remarks = lab.Evidence.Remarks
    let opening = Openings.warned lab opening

    let parts = [ Opening opening; yield! NotTransferred.section results; yield! sections |> mapped (marked remarks) ]
    let parts = parts @ [ ChecklistPage.attachment lab results parts ]

    if lab.Options.Tables then
        printAll parts

    let trials =
        results.Outcomes
        |> List.distinctBy (fun o -> o.Way.Name, o.Way.Size, o.Way.Seed, o.Way.Trial.Name)
        |> Table.trials (remarks |> List.map fst |> String.concat "; ")

    let others =
        Folder.renew lab.ReportFolder (fun folder ->
            writeFiles folder parts
            WholeFile.WriteText(Path.Combine(folder, "trials.csv"), Table.csv "row" trials)

            opening
            |> AnswerFile.ofOpening
                lab.Recipe
                title
                (List.map fst remarks)
                (notes [ for left in NotTransferred.leftOut results -> left.Way, left.Reason ])
                (notes (NotTransferred.mismatches results.Outcomes))
                (sets lab)
                (finished results)
            |> AnswerFile.write folder

            Page.write (Path.Combine(folder, "report.html")) title parts)

    printOpening results opening
    printfn "Report: %s" (Path.GetFullPath(Path.Combine(lab.ReportFolder, "report.html")))

    if not others.IsEmpty then
        eprintfn "In the same folder, but not of this report: %s." (String.concat ", " others)
