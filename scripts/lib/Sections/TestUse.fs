/// How often test images were looked at: the best of many looks is better than it is.
module MedTransfer.Recipes.Sections.TestUse

open System.Globalization
open MedTransfer
open MedTransfer.Trials
open MedTransfer.Recipes
open MedTransfer.Recipes.Report

let private number (n: int) = n.ToString("N0", CultureInfo.InvariantCulture)
let private counted n one = if n = 1 then $"1 {one}" else $"{number n} {one}s"
let private times n = if n = 1 then "once" else $"{number n} times"

let private listed (names: string list) =
    match List.rev names with
    | last :: (_ :: _ as others) -> $"""{String.concat ", " (List.rev others)} and {last}"""
    | _ -> String.concat "" names

let private by (known: TestUse) =
    match List.ofSeq known.Recipes with
    | [ "" ] -> "outside recipes"
    | "" :: recipes -> $"by {listed recipes} and outside recipes"
    | recipes -> $"by {listed recipes}"

let private since (known: TestUse) =
    let day = known.Since.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
    if known.Scorings.Count = 1 then $"on {day}" else $"since {day}"

/// What the ledger knows of images, and a page whose trials scored them.
let ofImages (images: string) (known: TestUse) (trials: string list) : string =
    let inLedger = known.Scorings |> Seq.map _.Trial |> Set.ofSeq
    let missing = trials |> List.filter (inLedger.Contains >> not) |> List.length
    let least = if missing + known.UnreadableLines > 0 then "at least " else ""

    let who =
        if known.Scorings.Count = 0 then
            ""
        else
            $""", with {least}{counted known.Configurations "configuration"}, {by known} ({since known})"""

    String.concat " " [
        $"{images} were scored {least}{times (known.Scorings.Count + missing)}{who}: each further look at the same images makes the best of them look better than it is."
        if missing > 0 then
            $"""runs/test-ledger.csv lacks {number missing} of this page's {counted trials.Length "trial"}."""
        if known.UnreadableLines > 0 then
            $"""{counted known.UnreadableLines "line"} of runs/test-ledger.csv can't be read."""
    ]

/// The same of a set's test images.
let sentence (set: string) (known: TestUse) (trials: string list) : string = ofImages $"The test images of {set}" known trials

/// A sentence a set on whose test images a trial of this page was scored.
let section (lab: Lab) (results: Results) =
    let scored =
        [
            for outcome in results.Outcomes do
                outcome.Result
                yield! outcome.Parts @ outcome.Inner
            yield! results.Pretraining
        ]
        |> List.filter _.IsScoredOnTest
        |> List.distinctBy _.Trial.Name

    [
        for set in [ lab.Source; lab.Target ] |> List.distinctBy _.File.Md5 do
            match scored |> List.filter (fun result -> result.Trial.Spec.Target.Digest = set.File.Md5) with
            | [] -> ()
            | own ->
                try
                    Text(sentence set.Name (lab.TestUse set.All) (own |> List.map _.Trial.Name))
                with :? MedTransferException as e ->
                    Text $"How often the test images of {set.Name} were scored is not known: {e.Message.TrimEnd '.'}."
    ]
