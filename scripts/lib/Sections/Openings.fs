/// What first screens share: why figures are to be trusted or not, and what speaks against them.
module MedTransfer.Recipes.Sections.Openings

open MedTransfer.Data.Checks
open MedTransfer.Recipes

/// Where no words may follow from the figures.
let withdrawn (lab: Lab) =
    let remarks = [ for short, _ in lab.Evidence.Remarks -> short.ToLowerInvariant() ] |> List.distinct
    "no", $"""nothing follows from such figures ({String.concat "; " remarks})"""

/// Where the interval decides; of `trainings` and `cases` that it counts in.
let decided (trainings: string) (cases: string) = "yes", $"its interval counts in {trainings} and {cases}, and decides"

/// Where it does not.
let undecided (lab: Lab) =
    "not yet", $"the interval holds both what would matter (a difference of {lab.Options.Margin} and more) and what would not"

/// What the kind of the run, and the checks of the target, say against the figures.
let warnings (lab: Lab) : string list = [
    for _, sentence in lab.Evidence.Remarks do
        sentence
    for set, note in lab.Notes do
        if set = lab.Target.Name && DatasetChecks.IsCaveat note then
            note
]
