/// What first screens share: why figures are to be trusted or not, and what speaks against them.
module MedTransfer.Recipes.Sections.Openings

open System
open MedTransfer.Data
open MedTransfer.Data.Checks
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes

/// Where no words may follow from the figures.
let withdrawn (lab: Lab) =
    let remarks = [ for short, _ in lab.Evidence.Remarks -> short.ToLowerInvariant() ] |> List.distinct
    "no", $"""nothing follows from such figures ({String.concat "; " remarks})"""

/// Where the interval decides; of `trainings` and `cases` that it counts in.
let decided (trainings: string) (cases: string) =
    "yes", $"""its interval counts in {trainings.Replace(" and ", ", ")} and {cases}, and decides"""

/// Where it does not: what it leaves open, and what it rules out.
let undecided (lab: Lab) (comparison: Comparison | null) =
    let margin = lab.Options.Margin

    let because =
        match comparison |> Option.ofObj |> Option.bind (_.Interval95 >> Option.ofObj) with
        | Some interval when interval.High < margin ->
            $"the interval rules out a gain that would matter ({margin} and more), and leaves open whether there is a loss that would"
        | Some interval when interval.Low > -margin ->
            $"the interval rules out a loss that would matter ({margin} and more), and leaves open whether there is a gain that would"
        | _ -> $"the interval holds both what would matter (a difference of {margin} and more) and what would not"

    "not yet", because

/// The target: its name, what its labels tell apart, how large its images are.
let target (lab: Lab) : string =
    let info = (lab.Load lab.Target.All).Info

    let labels =
        match List.ofSeq info.LabelNames with
        | names when names.Length <= 4 -> String.concat ", " names
        | names when info.Task = Nullable LabelTask.MultiLabel -> $"{names.Length} findings"
        | names -> $"{names.Length} classes"

    $"{lab.Target.Name} ({labels}), {info.ImageSize} x {info.ImageSize} pixels"

/// What is compared on whose images.
let setting (lab: Lab) (outcomes: Outcome list) : string =
    // a comparison of trainings need not transfer anything
    let isTransferred =
        outcomes
        |> ofWay lab.Primary.Way
        |> List.exists (fun outcome -> not (isNull outcome.Way.Trial.Spec.Transfer.Origin))

    let from = if isTransferred then $" Weights are transferred from {lab.SourceName}." else ""

    $"{target lab}: {(lab.Load lab.Target.All).Test.Count} test images, {Wording.seedsAlone (transfers outcomes)}.{from}"

/// A mean difference, and its interval where there is one.
let effect (comparison: Comparison | null) =
    match comparison with
    | null -> "undefined"
    | comparison ->
        match comparison.Interval95 with
        | null -> signed 3 comparison.Difference
        | interval -> $"{signed 3 comparison.Difference} {intervalText 3 interval}"

/// A difference of an estimation plot; nothing where it is undefined.
let drawn (way: string) (reference: string) (comparison: Comparison | null) = [
    match comparison with
    | null -> ()
    | comparison -> $"{way} minus {reference}", comparison.Difference, Option.ofObj comparison.Interval95
]

/// What voids a gain, from what is compared: a reference that has learnt nothing, a control that does as well.
let objections
    (way: string)
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
            $"{Wording.capital control}, a control, does better: {way} minus it is {effect comparison}."
        | _ when comparison.Difference <= 0.0 ->
            $"{Wording.capital control}, a control, scores no lower: {way} minus it is {effect comparison}."
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
