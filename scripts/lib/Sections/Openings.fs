/// What first screens share: why figures are to be trusted or not, and what speaks against them.
module MedTransfer.Recipes.Sections.Openings

open MedTransfer.Data.Checks
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes

/// Where no words may follow from the figures.
let withdrawn (lab: Lab) =
    let remarks = [ for short, _ in lab.Evidence.Remarks -> short.ToLowerInvariant() ] |> List.distinct
    "no", $"""nothing follows from such figures ({String.concat "; " remarks})"""

/// Where the interval decides; of `trainings` and `cases` that it counts in.
let decided (trainings: string) (cases: string) = "yes", $"its interval counts in {trainings} and {cases}, and decides"

/// Where it does not.
let undecided (lab: Lab) =
    "not yet", $"the interval holds both what would matter (a difference of {lab.Options.Margin} and more) and what would not"

/// A mean difference, and its interval where there is one.
let effect (comparison: Comparison | null) =
    match comparison with
    | null -> "undefined"
    | comparison ->
        match comparison.Interval95 with
        | null -> signed 3 comparison.Difference
        | interval -> $"{signed 3 comparison.Difference} {intervalText 3 interval}"

/// What voids a gain, from what is compared: a reference that has learnt nothing, a control that does better.
let objections
    (reference: string)
    (overReference: Comparison | null)
    (control: string)
    (overControl: Comparison | null)
    : string list = [
    match overReference with
    | NonNull comparison when comparison.Second <= 0.5 ->
        $"{Wording.capital reference} has learnt nothing ({number 3 comparison.Second} is no better than guessing): a gain over it means nothing."
    | _ -> ()
    match overControl with
    | null -> ()
    | comparison ->
        match comparison.Interval95 with
        | NonNull interval when interval.High < 0.0 ->
            $"{Wording.capital control}, which needs no transfer, does better: {effect comparison} against it."
        | _ -> ()
]

/// What the checks of the target say against figures on it.
let caveats (lab: Lab) : string list = [
    for set, note in lab.Notes do
        if set = lab.Target.Name && DatasetChecks.IsCaveat note then
            note
]

/// The same with what the kind of the run, and the checks of the target, say against the figures: with these, nothing is trusted but with care.
let warned (lab: Lab) (opening: Report.Opening) : Report.Opening =
    let warnings = opening.Warnings @ caveats lab

    {
        opening with
            Warnings = [ for _, sentence in lab.Evidence.Remarks -> sentence ] @ warnings
            Trust =
                if opening.Trust = "yes" && not warnings.IsEmpty then
                    "with care"
                else
                    opening.Trust
            Because =
                if opening.Trust = "yes" && not warnings.IsEmpty then
                    $"{opening.Because}, but see the warnings"
                else
                    opening.Because
    }
