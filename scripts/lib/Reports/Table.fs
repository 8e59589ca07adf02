/// Results as Deedle frames: a row a way, a figure over seeds in every cell.
module MedTransfer.Recipes.Table

open System.Globalization
open System.IO
open System.Text.RegularExpressions
open Deedle
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes

/// The study's train and test accuracy of a way.
type Study = { Train: float; Test: float }

/// A frame of texts from its rows, in their order.
let ofRows (columns: string list) (rows: (string * string list) list) : Frame<string, string> =
    frame [ for i, column in List.indexed columns -> column => series [ for key, cells in rows -> key => cells[i] ] ]

let private weights (outcomes: Outcome list) = outcomes.Head.Result.Metrics.TrainableParameters.ToString "N0"

/// Table 3 of one target size: every way and control with the intervals of its test scores, their times and the study's figures beside them where
/// there are any.
let byWay (study: Map<string, Study>) (times: Times.Timings) (timedAgainst: string) (outcomes: Outcome list) =
    let published pick way = study |> Map.tryFind way |> Option.map (pick >> sprintf "%.3f") |> Option.defaultValue ""

    ofRows [
        for score in scores do
            score.Name
        "trained weights"
        if Times.exist times then
            "time s"
            $"time / {timedAgainst}"
        if not study.IsEmpty then
            "study train ACC"
            "study test ACC"
    ] [
        for way, outcomes in ways outcomes ->
            way,
            [
                for score in scores do
                    scoreText 3 score outcomes
                weights outcomes
                if Times.exist times then
                    Times.secondsText way outcomes.Head.Way.Size times
                    Times.ratioText way timedAgainst outcomes.Head.Way.Size times
                if not study.IsEmpty then
                    published _.Train way
                    published _.Test way
            ]
    ]

/// What ways are compared by.
type Column =
    /// A test score: seeds and test patients are counted in.
    | OnTest of Score
    /// A figure by its name: seeds alone are.
    | OverSeeds of string * Measure

/// Each way less the reference: mean difference, 95 % interval and p; of test scores with how often it is the better one with the same seed, and
/// the verdict, where figures may have any.
let differences (lab: Lab) (columns: Column list) (reference: string) (names: string list) (outcomes: Outcome list) =
    let names = names |> List.filter (fun way -> way <> reference && not (ofWay way outcomes).IsEmpty)
    let against = outcomes |> ofWay reference

    let cells column =
        match column with
        | OnTest score -> [
            let judged = [ for way in names -> Comparisons.judged lab score way reference outcomes ]
            $"{score.Name} minus {reference}", List.map (Comparisons.text 4) judged

            if lab.HasVerdicts then
                $"by {score.Name}", List.map (Comparisons.verdictText lab) judged

            $"P(better by {score.Name})", List.map Comparisons.beatsText judged
          ]
        | OverSeeds(name, metric) -> [
            $"{name} minus {reference}",
            [ for way in names -> pairs metric (ofWay way outcomes) against |> difference |> differenceText 4 ]
          ]

    let table = List.collect cells columns
    ofRows (List.map fst table) [ for row, way in List.indexed names -> way, [ for _, cells in table -> cells[row] ] ]

/// One row a trial, for further work; a remark says what its figures are not.
let trials (remark: string) (outcomes: Outcome list) : Frame<int, string> =
    let column name (cell: Outcome -> 'T) = name =?> Series.ofValues (List.map cell outcomes)

    let optional name (metric: Measure) =
        name =?> Series.ofOptionalObservations [ for i, outcome in List.indexed outcomes -> i => metric outcome ]

    frame [
        column "data" (_.Way.Trial.Spec.Target.Path >> Path.GetFileName >> nonNull) // a phantom says that it is one
        column "way" _.Way.Name
        column "size" (fun outcome -> string outcome.Way.Size)
        column "sample" (fun outcome -> Way.draw outcome.Way)
        column "seed" _.Way.Seed
        column "trial" _.Way.Trial.Name
        // of two classes the one that sensitivity and its like are of
        optional "positive class" positiveClass
        for score in scores do
            optional score.Name score.Of
        optional "training s" seconds
        column "remark" (fun _ -> remark)
    ]

/// Comma-separated values, the row keys in a first column; a missing value is an empty field.
let csv<'R, 'C when 'R: equality and 'C: equality> (keys: string) (frame: Frame<'R, 'C>) =
    use writer = new StringWriter(CultureInfo.InvariantCulture)
    frame.SaveCsv(writer, includeRowKeys = true, keyNames = [ keys ])
    writer.ToString()

// as Outcomes.seedsText ends a cell
let private ofSomeSeeds = Regex(@"^(.*) \((\d+ of \d+) seeds\)$")

/// For a file: a cell that is not of all seeds keeps the form of the others, and a column behind its own says of how many it is.
let withSeedColumns (frame: Frame<string, string>) : Frame<string, string> =
    let split cell =
        match ofSomeSeeds.Match cell with
        | found when found.Success -> found.Groups[1].Value, found.Groups[2].Value
        | _ -> cell, ""

    let columns = [
        for column in frame.ColumnKeys do
            let cells = [ for key in frame.RowKeys -> split (frame.GetColumn<string>(column).[key]) ]
            column, List.map fst cells

            if cells |> List.exists (fun (_, seeds) -> seeds <> "") then
                $"{column}, seeds", List.map snd cells
    ]

    ofRows (List.map fst columns) [ for row, key in Seq.indexed frame.RowKeys -> key, [ for _, cells in columns -> cells[row] ] ]
