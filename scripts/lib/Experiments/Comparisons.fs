/// Ways compared by test scores, seeds and test patients counted in, and what may be said of them.
module MedTransfer.Recipes.Comparisons

open MedTransfer.Evaluation.Cases
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes

let private compare (score: Score) (first: Outcome list) (second: Outcome list) : Comparison | null =
    match score.Metric with
    | None -> null
    | Some metric ->
        let value outcome = caseScore metric outcome |> Option.toObj

        Comparison.Between(
            [| for a, b in paired first second -> ComparedTrainings(a.Way.Seed, Way.draw a.Way, value a, value b) |]
        )

/// Every way of transfer among the outcomes of one size less the reference, judged together.
let family (lab: Lab) (score: Score) reference (outcomes: Outcome list) : JudgedWay list =
    let primary = lab.Primary
    let names = outcomes |> transfers |> ways |> List.map fst |> List.filter ((<>) reference)

    let isPrimarys =
        score.Metric = aucScore.Metric
        && reference = primary.Reference
        && outcomes |> List.forall (fun outcome -> outcome.Way.Size = primary.Size)

    ComparisonFamily.Judge(
        [| for way in names -> struct (way, compare score (ofWay way outcomes) (ofWay reference outcomes)) |],
        ((if isPrimarys then Some primary.Way else None) |> Option.toObj),
        lab.Options.Margin
    )
    |> List.ofSeq

/// A way less a reference, by all outcomes of one size: judged with the family where the recipe compares with that reference, else by itself.
let judged (lab: Lab) score way reference (outcomes: Outcome list) : JudgedWay =
    let alone () =
        let comparison = compare score (ofWay way outcomes) (ofWay reference outcomes)
        ComparisonFamily.Judge([| struct (way, comparison) |], null, lab.Options.Margin)[0]

    if reference = lab.Primary.Reference then
        family lab score reference outcomes
        |> List.tryFind (fun judged -> judged.Way = way)
        |> Option.defaultWith alone
    else
        alone ()

/// The comparison that was named beforehand.
let primary (lab: Lab) (outcomes: Outcome list) : JudgedWay =
    let primary = lab.Primary
    outcomes |> ofSize primary.Size |> judged lab aucScore primary.Way primary.Reference

/// Mean difference, 95 % interval and p as text; why there is none.
let differenceText digits (comparison: Comparison | null) =
    match comparison with
    | null -> "undefined"
    | comparison ->
        let mean = signed digits comparison.Difference

        let text =
            match comparison.Interval95, Option.ofNullable comparison.PValue with
            | null, _
            | _, None when comparison.Trainings = 1 -> $"{mean} (one seed: no interval)"
            | null, _
            | _, None when comparison.HasFewSeeds -> $"{mean} ({comparison.Trainings} seeds: no interval)"
            | null, _
            | _, None when comparison.HasFewPatients ->
                $"{mean} (fewer than {CaseScore.FewestPatients} patients decide it: no interval)"
            | null, _
            | _, None -> $"{mean} (the same in every training: no interval)"
            | interval, Some p -> $"{mean} {intervalText digits interval}, {chance p}"

        text + seedsText comparison.Trainings comparison.Total

/// The same of a way that was judged.
let text digits (judged: JudgedWay) = differenceText digits judged.Comparison

/// How often the way scores higher than the reference with the same seed, with its interval over seeds, as text.
let beatsText (judged: JudgedWay) =
    match judged.Comparison with
    | null -> "undefined"
    | comparison when comparison.HasFewSeeds -> number 2 comparison.Beats.Probability
    | comparison -> $"{number 2 comparison.Beats.Probability} {rangeText 2 comparison.Beats.Interval95}"

/// A verdict in words.
let words (lab: Lab) (verdict: WayVerdict) =
    let margin = lab.Options.Margin

    match verdict with
    | WayVerdict.Better -> "better"
    | WayVerdict.BetterByLess -> $"better, by less than {margin}"
    | WayVerdict.Worse -> "worse"
    | WayVerdict.WorseByLess -> $"worse, by less than {margin}"
    | WayVerdict.Equivalent -> $"equivalent within {margin}"
    | WayVerdict.NoDifferenceShown -> "no difference shown"
    | WayVerdict.TooFewSeeds -> $"no verdict below {Comparison.FewestSeeds} seeds"
    | _ -> "not tested"

/// Whether a text that is a verdict says that a way is shown to be better.
let saysBetter (text: string) = text = "better" || text.StartsWith "better, by less" || text.StartsWith "better ("

// what shows that a difference lies within the margin: two one-sided tests at .05, which is a 90 % interval
let private within (judged: JudgedWay) =
    match judged.Verdict, judged.Comparison with
    | (WayVerdict.Equivalent | WayVerdict.BetterByLess | WayVerdict.WorseByLess), NonNull comparison ->
        match comparison.Effects with
        | null -> ""
        | effects -> $", 90 %% interval {intervalText 3 (effects.DifferenceAt 0.9)}"
    | _ -> ""

/// The verdict on a comparison, and what it stands beside.
let verdictText (lab: Lab) (judged: JudgedWay) =
    let words = words lab judged.Verdict + within judged

    if judged.IsPrimary then $"{words} (primary)"
    elif judged.IsAdjusted then $"{words} (Holm's {chance judged.AdjustedP.Value})"
    else words
