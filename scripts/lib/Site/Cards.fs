/// What reports answer, a card each.
module MedTransfer.Recipes.Cards

open System
open System.Globalization
open System.IO
open Giraffe.ViewEngine
open MedTransfer.Recipes.AnswerFile

/// A report that was found.
type Card = {
    /// Its folder's name.
    Folder: string
    Answer: Answer
}

let private folders (reports: string) = [
    if Directory.Exists reports then
        for path in Directory.GetDirectories reports |> Array.sort do
            let name = Path.GetFileName path |> nonNull

            if not (name.StartsWith '.') then
                name
]

/// The reports of a folder, and a line on each folder that is none.
let find (reports: string) : Card list * string list =
    let read name =
        let path = Path.Combine(reports, name)

        if File.Exists(Path.Combine(path, "report.html")) then
            AnswerFile.read path
        else
            Error "it has no report.html"

    let found = [ for name in folders reports -> name, read name ]

    [
        for name, answer in found do
            match answer with
            | Ok answer -> { Folder = name; Answer = answer }
            | Error _ -> ()
    ],
    [
        for name, answer in found do
            match answer with
            | Error reason -> $"Left out: reports/{name}, as {reason}; where a recipe made it, that makes it anew."
            | Ok _ -> ()
    ]

/// What the cards of a folder are made from, for a stamp.
let stamp (reports: string) : string list = [
    for name in folders reports do
        name

        for file in [ AnswerFile.name; "report.html"; "trials.csv" ] do
            Stamp.file (Path.Combine(reports, name, file))
]

let private dataText (answer: Answer) =
    [
        for role, sets in answer.Data |> List.groupBy _.Role ->
            let names = [ for set in sets -> if set.IsDrawn then $"{set.Name} (drawn)" else set.Name ]
            $"""{role} {names |> List.distinct |> String.concat ", "}"""
    ]
    |> String.concat "; "

let private finishedText (answer: Answer) =
    match answer.Finished with
    | Some at -> at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC"
    | None -> "nothing was trained"

/// The card.
let render (card: Card) : XmlNode =
    let answer = card.Answer

    article [ _class "card" ] [
        h2 [] [ a [ _href $"{Uri.EscapeDataString card.Folder}/report.html" ] [ str answer.Title ] ]
        for remark in answer.Remarks do
            p [ _class "warning" ] [ str remark ]
        p [ _class "verdict" ] [ str answer.Verdict ]
        for sentence in answer.Besides do
            p [ _class "when" ] [ str sentence ]
        p [ _class $"""trust {answer.Trust.Replace(' ', '-')}""" ] [
            strong [] [ str $"Trust it? {Wording.capital answer.Trust}" ]
            str $", because {answer.Because}."
        ]
        for warning in answer.Warnings do
            p [ _class "when" ] [ str warning ]
        for ways, reason in LeftOut.byReason [ for left in answer.LeftOut -> { Way = left.Way; Reason = left.Note } ] do
            p [ _class "when" ] [ str $"Left out: {ways}: {reason}" ]
        for kept in answer.NotTransferred do
            p [ _class "when" ] [ str $"Not transferred, initial weights kept: {kept.Way}: {kept.Note}" ]
        match AnswerFile.estimation answer with
        | Some plot -> EstimationPlot.ofEstimation plot
        | None -> ()
        p [ _class "when" ] [ str $"{finishedText answer}; {dataText answer}" ]
    ]
