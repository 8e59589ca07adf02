/// The comparison that was named before anything was run, with all that is known of it.
module MedTransfer.Recipes.Sections.PrimaryComparison

open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Intervals
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

let private resamples = 2000

let private orUndefined (interval: Interval | null) =
    match interval with
    | null -> "undefined"
    | interval -> intervalText 3 interval

let private percent (share: float) = number 0 (100.0 * share)

/// What would decide what is undecided.
let private deciding (lab: Lab) (cases: string) (comparison: Comparison) : string list =
    match DecidingNumbers.Of(comparison, lab.Options.Margin) with
    | null -> []
    | numbers ->
        let seeds = numbers.Seeds |> Option.ofNullable |> Option.map (fun n -> $"{n} seeds on these {cases}")
        let patients = numbers.Patients |> Option.ofNullable |> Option.map (fun n -> $"{n} {cases} with these seeds")
        let stays = "If the difference and what varies it stay as measured,"

        // of seeds that are crossed with samples no number is known
        let alone = [
            if seeds.IsNone && not comparison.IsCrossed then
                "seeds"
            if patients.IsNone then
                cases
        ]

        [
            match List.choose id [ seeds; patients ] with
            | [] -> ()
            | found ->
                $"""{stays} about {String.concat ", or " found} would tell better from worse, or show equivalence, in half of all repetitions."""
            if not alone.IsEmpty then
                $"""More {String.concat " alone, or more " alone} alone would not tell, whatever their number."""
        ]

// what varies the difference, and other ways to see it
let private variation
    (lab: Lab)
    (primary: Primary)
    (outcomes: Outcome list)
    (judged: JudgedWay)
    (comparison: Comparison)
    : string list =
    let trainings, cases = Wording.trainings outcomes, Wording.cases outcomes

    let counted =
        match comparison.Effects with
        | null -> []
        | effects ->
            let share = effects.PatientVariance / (effects.SeedVariance + effects.PatientVariance)

            let check =
                match comparison.Bootstrap resamples with
                | null -> ""
                | interval ->
                    $" Seeds and {cases} drawn anew (crossed bootstrap, which decides nothing: too narrow with few seeds, too wide where they differ by chance alone): {intervalText 3 interval}."

            [
                $"The interval counts in {trainings}, which add {percent (1.0 - share)} %% of its variance, and {cases}, which add {percent share} %% and which no number of seeds would shrink."
                $"{Wording.capital trainings} alone, on these very {cases} (Student's t, with fewer degrees of freedom): {comparison.OverSeeds.Interval95 |> orUndefined}.{check}"
            ]

    let beats = [
        $"P({primary.Way} beats {primary.Reference}), with the same seed and sample: {Comparisons.beatsText judged}."
    ]

    let isOpen = lab.HasVerdicts && judged.Verdict = WayVerdict.NoDifferenceShown
    let decided = if isOpen then deciding lab cases comparison else []
    List.concat [ counted; beats; decided ]

// a backbone and the study's CNN differ in more than in weights
let private ofWeights (lab: Lab) (outcomes: Outcome list) =
    match lab.Backbone with
    | Some backbone ->
        let primary = lab.Primary
        let ofSize = outcomes |> ofSize primary.Size

        [
            match BackboneWays.withoutWeights backbone ofSize primary.Way with
            | Some reference ->
                let judged = Comparisons.judged lab aucScore primary.Way reference ofSize

                $"{Wording.capital primary.Way} and {primary.Reference} differ in network, image size and training too: the same network without the weights of {backbone.Name} is {reference}, and {primary.Way} minus that is {Comparisons.text 3 judged}."
            | None ->
                $"{Wording.capital primary.Way} and {primary.Reference} differ in network, image size and training too: what the weights of {backbone.Name} alone are worth is not measured here."
        ]
    | None -> []

/// What is said of it, a paragraph each: the result, what varies it, what else is to be known.
let paragraphs (lab: Lab) (outcomes: Outcome list) : string list =
    let primary, judged = lab.Primary, Comparisons.primary lab outcomes

    let verdict =
        if lab.HasVerdicts then
            [ $"Verdict, with a margin of {lab.Options.Margin}: {Comparisons.words lab judged.Verdict}." ]
        else
            []

    let known =
        match judged.Comparison with
        | null -> []
        | comparison -> [ String.concat " " (variation lab primary (ofSize primary.Size outcomes) judged comparison) ]

    List.concat [
        [
            String.concat
                " "
                ($"Named before anything was run: {Wording.primary primary}: {Comparisons.text 3 judged}." :: verdict)
        ]
        known
        ofWeights lab outcomes
        [ "Every other comparison on this page is exploratory." ]
    ]

/// The first thing that a page says of its figures.
let section (lab: Lab) (outcomes: Outcome list) = [
    Heading "Primary comparison"
    Conclusion("primary.txt", Wording.under lab.Evidence.Remarks (String.concat "\n" (paragraphs lab outcomes)))
    if lab.HasVerdicts then
        Text(Wording.verdicts lab)
]
