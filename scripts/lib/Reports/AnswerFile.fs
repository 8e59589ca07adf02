/// answer.json beside a page: what its first screen says, for whoever wants that without the page.
module MedTransfer.Recipes.AnswerFile

open System
open System.IO
open System.Text.Encodings.Web
open System.Text.Json
open MedTransfer.Evaluation.Intervals
open MedTransfer.Recipes.Report
open MedTransfer.Runtime

/// A set that figures are of, or that weights are from.
type AnswerSet = {
    /// "source" or "target".
    Role: string
    Name: string
    /// Whether its images are drawn by a program.
    IsDrawn: bool
}

/// Of one training; those of one number share a seed and its images.
type TrainingScore = { Training: int; Score: float }

type WayScores = { Name: string; Scores: TrainingScore list }

/// A mean difference and its 95 % interval, where there is one.
type AnswerDifference = { What: string; Mean: float; Low: float option; High: float option }

type AnswerEstimation = { Score: string; Ways: WayScores list; Differences: AnswerDifference list; Margin: float }

/// What a table lacks or has otherwise: a way, and why it was left out, or which of its layers kept their initial weights.
type WayNote = { Way: string; Note: string }

/// All of the file.
type Answer = {
    Recipe: string
    Title: string
    Question: string
    Setting: string
    Verdict: string
    Besides: string list
    Trust: string
    Because: string
    Boxes: Box list
    /// What figures are not, in short: "On phantoms", "Smoke run".
    Remarks: string list
    Warnings: string list
    /// Ways that could not be run, each with its reason.
    LeftOut: WayNote list
    /// Layers that did not fit and kept their initial weights, way by way.
    NotTransferred: WayNote list
    Data: AnswerSet list
    /// When the last of its trainings ended, so that a page which is made again has the same file; None where there was none.
    Finished: DateTimeOffset option
    Estimation: AnswerEstimation option
}

/// Its name.
let name = "answer.json"

let private json =
    JsonSerializerOptions(
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true
    )

let private ofEstimation (plot: Estimation) : AnswerEstimation = {
    Score = plot.Score
    Ways = [
        for name, scores in plot.Ways ->
            { Name = name; Scores = [ for training, score in scores -> { Training = training; Score = score } ] }
    ]
    Differences = [
        for what, mean, interval in plot.Differences ->
            { What = what; Mean = mean; Low = interval |> Option.map _.Low; High = interval |> Option.map _.High }
    ]
    Margin = plot.Margin
}

/// What the file holds of a page.
let ofOpening
    recipe
    title
    (remarks: string list)
    (leftOut: WayNote list)
    (notTransferred: WayNote list)
    (data: AnswerSet list)
    finished
    (opening: Opening)
    : Answer = {
    Recipe = recipe
    Title = title
    Question = opening.Question
    Setting = opening.Setting
    Verdict = opening.Verdict
    Besides = opening.Besides
    Trust = opening.Trust
    Because = opening.Because
    Boxes = opening.Boxes
    Remarks = List.distinct remarks
    Warnings = opening.Warnings
    LeftOut = leftOut
    NotTransferred = notTransferred
    Data = data
    Finished = finished
    Estimation = opening.Estimation |> Option.map ofEstimation
}

/// What its plot is drawn from; None where nothing was compared.
let estimation (answer: Answer) : Estimation option =
    answer.Estimation
    |> Option.map (fun plot -> {
        Score = plot.Score
        Ways = [ for way in plot.Ways -> way.Name, [ for one in way.Scores -> one.Training, one.Score ] ]
        Differences = [
            for one in plot.Differences -> one.What, one.Mean, Option.map2 (fun low high -> Interval(low, high)) one.Low one.High
        ]
        Margin = plot.Margin
    })

/// Writes it into a folder, whole or not at all.
let write (folder: string) (answer: Answer) : unit =
    WholeFile.WriteText(Path.Combine(folder, name), JsonSerializer.Serialize(answer, json) + "\n")

/// That of a folder, or why there is none, a clause.
let read (folder: string) : Result<Answer, string> =
    let canBeDrawn (plot: AnswerEstimation) =
        not plot.Ways.IsEmpty && plot.Ways |> List.forall (fun way -> not way.Scores.IsEmpty)

    try
        let text = File.ReadAllText(Path.Combine(folder, name))

        match JsonSerializer.Deserialize<Answer>(text, json) |> box |> Option.ofObj |> Option.map unbox<Answer> with
        | None -> Error $"its {name} is empty"
        | Some answer when answer.Estimation |> Option.forall canBeDrawn -> Ok answer
        | Some _ -> Error $"its {name} has a plot without scores"
    with
    | :? FileNotFoundException -> Error $"it has no {name}"
    | :? JsonException
    | :? IOException
    | :? UnauthorizedAccessException as e ->
        let reason = e.Message.ReplaceLineEndings(" ").TrimEnd '.'
        Error $"its {name} can't be read ({reason})"
