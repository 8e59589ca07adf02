/// The comparison that was named before anything was run, with all that is known of it.
module MedTransfer.Recipes.Sections.PrimaryComparison

open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Intervals
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

let private resamples = 2000

let private intervalOr none (interval: Interval | null) =
    match interval with
    | null -> none
    | interval -> intervalText 3 interval

let private percent (share: float) = number 0 (100.0 * share)

/// What would decide what is undecided.
let private deciding (lab: Lab) cases (comparison: Comparison) =
    match DecidingNumbers.Of(comparison, lab.Options.Margin) with
    | null -> []
    | numbers ->
        let seeds = numbers.Trainings |> Option.ofNullable |> Option.map (fun n -> $"{n} seeds on these {cases}")
        let patients = numbers.Patients |> Option.ofNullable |> Option.map (fun n -> $"{n} {cases} with these seeds")

        match List.choose id [ seeds; patients ] with
        | [] -> [
            $"If the difference and what varies it stay as measured, neither more seeds alone nor more {cases} alone would decide."
          ]
        | found ->
            let only =
                if seeds.IsNone then
                    $" More seeds alone would not, as {cases} vary it too."
                else
                    ""

            [
                $"""If the difference and what varies it stay as measured, about {String.concat ", or " found} would decide.{only}"""
            ]

/// What is said of it.
let sentences (lab: Lab) (outcomes: Outcome list) : string list =
    let primary, judged = lab.Primary, Comparisons.primary lab outcomes
    let cases = outcomes |> ofSize primary.Size |> Wording.cases

    [
        $"Named before anything was run: {Wording.primary primary}: {Comparisons.text 3 judged}."
        if lab.HasVerdicts then
            $"Verdict: {Comparisons.words lab judged.Verdict}."
        match judged.Comparison with
        | None -> ()
        | Some comparison ->
            match comparison.Effects with
            | null -> ()
            | effects ->
                let share = effects.PatientVariance / (effects.SeedVariance + effects.PatientVariance)

                $"The interval counts in {Wording.trainings (ofSize primary.Size outcomes)}, which add {percent (1.0 - share)} %% of its variance, and {cases}, which add {percent share} %% and which no number of seeds would shrink."

                let check = comparison.Bootstrap resamples |> intervalOr "undefined"
                let seeds = comparison.OverSeeds.Interval95 |> intervalOr "undefined"
                $"Seeds alone, on these very {cases} (Student's t): {seeds}. Crossed bootstrap, a check: {check}."

            let beats = comparison.Beats

            $"With the same seed, {primary.Way} is the better of the two in {percent beats.Probability} %% [{percent beats.Interval95.Low}, {percent beats.Interval95.High}] of trainings."

            if lab.HasVerdicts && judged.Verdict = WayVerdict.NoDifferenceShown then
                yield! deciding lab cases comparison
        "Every other comparison on this page is exploratory."
    ]

/// The first thing that a page says of its figures.
let section (lab: Lab) (outcomes: Outcome list) = [
    Heading "Primary comparison"
    Text(Wording.under lab.Evidence.Remarks (String.concat " " (sentences lab outcomes)))
]
