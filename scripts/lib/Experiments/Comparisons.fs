/// Ways compared by test scores, seeds and test patients counted in, and what may be said of them.
module MedTransfer.Recipes.Comparisons

open MedTransfer.Evaluation.Cases
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes

/// A way less a reference.
type Judged = {
    Way: string
    Comparison: Comparison option
    /// The p value adjusted for the ways that are compared beside it; None where it stands alone.
    AdjustedP: float option
    /// Named before anything was run.
    IsPrimary: bool
    Verdict: WayVerdict
}

let private compare (score: Score) (first: Outcome list) (second: Outcome list) : Comparison option =
    match score.Metric with
    | None -> None
    | Some metric ->
        let value outcome = caseScore metric outcome |> Option.toObj

        Comparison.Between(
            [| for a, b in paired first second -> ComparedTrainings(a.Way.Seed, Way.draw a.Way, value a, value b) |]
        )
        |> Option.ofObj

let private judged (lab: Lab) isPrimary way comparison adjusted = {
    Way = way
    Comparison = comparison
    AdjustedP = adjusted
    IsPrimary = isPrimary
    Verdict = ComparisonVerdict.Of(Option.toObj comparison, lab.Options.Margin, Option.toNullable adjusted)
}

/// Two ways at one size, by themselves.
let between (lab: Lab) score way reference (outcomes: Outcome list) : Judged =
    judged lab false way (compare score (ofWay way outcomes) (ofWay reference outcomes)) None

/// Each of the ways at one size less the reference. The one that was named beforehand stands alone; the p values of the others are adjusted
/// for their number, by Holm's method.
let against (lab: Lab) (score: Score) reference (names: string list) (outcomes: Outcome list) : Judged list =
    let primary = lab.Primary

    let compared = [
        for way in names do
            let own = ofWay way outcomes

            let isPrimary =
                score.Metric = aucScore.Metric
                && (way, reference) = (primary.Way, primary.Reference)
                && own |> List.forall (fun outcome -> outcome.Way.Size = primary.Size)

            way, isPrimary, compare score own (ofWay reference outcomes)
    ]

    let others = compared |> List.filter (fun (_, isPrimary, _) -> not isPrimary)

    let adjusted =
        Holm.Adjusted [|
            for _, _, comparison in others -> comparison |> Option.bind (_.PValue >> Option.ofNullable) |> Option.toNullable
        |]
        |> Seq.map2 (fun (way, _, _) p -> way, Option.ofNullable p) others
        |> Map

    [
        for way, isPrimary, comparison in compared ->
            judged lab isPrimary way comparison (Map.tryFind way adjusted |> Option.flatten)
    ]

/// The same of every way of transfer among them.
let againstAll (lab: Lab) score reference (outcomes: Outcome list) : Judged list =
    let names = outcomes |> transfers |> ways |> List.map fst |> List.filter ((<>) reference)
    against lab score reference names outcomes

/// A way less a reference, with the verdict that stands in the table of those that are compared with the same; by itself where there is none.
let among (lab: Lab) score way reference (outcomes: Outcome list) : Judged =
    let table =
        if reference = lab.Primary.Reference then
            againstAll lab score reference outcomes
        else
            []

    table
    |> List.tryFind (fun judged -> judged.Way = way)
    |> Option.defaultWith (fun () -> between lab score way reference outcomes)

/// The comparison that was named before anything was run.
let primary (lab: Lab) (outcomes: Outcome list) : Judged =
    let primary = lab.Primary
    let all = outcomes |> ofSize primary.Size

    { between lab aucScore primary.Way primary.Reference all with IsPrimary = true }

/// Mean difference, 95 % interval and p as text; why there is none.
let text digits (judged: Judged) =
    match judged.Comparison with
    | None -> "undefined"
    | Some comparison ->
        let mean = signed digits comparison.Difference

        let text =
            match comparison.Interval95, Option.ofNullable comparison.PValue with
            | null, _
            | _, None when comparison.Trainings = 1 -> $"{mean} (one seed: no interval)"
            | null, _
            | _, None when comparison.HasFewSeeds ->
                $"{mean} ({comparison.Trainings} seeds: no interval)"
            | null, _
            | _, None when comparison.HasFewPatients ->
                $"{mean} (fewer than {CaseScore.FewestPatients} patients of a class: no interval)"
            | null, _
            | _, None -> $"{mean} (the same on all test images)"
            | interval, Some p -> $"{mean} {intervalText digits interval}, {chance p}"

        text + seedsText comparison.Trainings comparison.Of

/// How often the way scores higher than the reference with the same seed, with its interval over seeds, as text.
let beatsText (judged: Judged) =
    match judged.Comparison with
    | None -> "undefined"
    | Some comparison when comparison.HasFewSeeds -> number 2 comparison.Beats.Probability
    | Some comparison ->
        let interval = comparison.Beats.Interval95
        $"{number 2 comparison.Beats.Probability} [{number 2 interval.Low}, {number 2 interval.High}]"

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

/// The verdict on a comparison, and what it stands beside.
let verdictText (lab: Lab) (judged: Judged) =
    match judged.AdjustedP with
    | _ when judged.IsPrimary -> $"{words lab judged.Verdict} (primary)"
    // what is not below the level by itself is not held up by the others
    | Some p when judged.Comparison |> Option.exists (fun comparison -> comparison.PValue.Value < 0.05) ->
        $"{words lab judged.Verdict} (Holm's {chance p})"
    | _ -> words lab judged.Verdict
