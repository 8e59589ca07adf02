/// Is accuracy the right score? All of them, what validation promises of test, an operating point, calibration, and what a decision gains.
module MedTransfer.Recipes.Sections.Decision

open System
open MedTransfer.Evaluation
open MedTransfer.Data
open MedTransfer.Evaluation.Classification
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Intervals
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

let private resamples = 1000

/// What of positives and negatives a figure needs and a split has not.
let private lacking (needed: (string * bool * BinaryPredictions) list) =
    needed
    |> List.tryPick (fun (split, isPositive, images) ->
        if Array.contains isPositive images.Positive then
            None
        else
            let kind = if isPositive then "positive" else "negative"
            Some $"no {kind} image in {split}")
    |> Option.defaultValue "no images"

let private splitGapText (lab: Lab) name (gap: SplitGap | null) needed =
    match gap with
    | null -> $"{name}: undefined: {lacking needed}."
    | gap ->
        let reading =
            match gap.Reading with
            | _ when not lab.HasVerdicts -> "no reading"
            | SplitGapReading.ValidationPromisesMore -> "validation promises more than test keeps"
            | SplitGapReading.TestIsEasier -> "test is easier than validation"
            | SplitGapReading.Undecided -> "no difference to be told"
            | _ -> "not tested"

        let interval =
            match gap.Interval95 with
            | null -> "(no interval: too few images that differ)"
            | interval -> $"[{number 3 interval.Low}, {number 3 interval.High}]"

        $"{name}: validation {number 3 gap.Validation}, test {number 3 gap.Test}, difference {number 3 gap.Difference} {interval}: {reading}."

// whatever the task reports, under the names of tables; of how many classes the AUC is the mean is said elsewhere
let private allScores positive (outcomes: Outcome list) =
    let row name (metric: string) =
        let score (split: SplitName) (outcome: Outcome) =
            (outcome.Result.Metrics.Scores split).Values[metric] |> Option.ofNullable

        let change outcome = Option.map2 (-) (score SplitName.Test outcome) (score SplitName.Validation outcome)

        name,
        [
            for metric in [ score SplitName.Validation; score SplitName.Test; change ] do
                meanOf 3 metric outcomes
        ]

    let ofOneClass = [ Metric.Sensitivity; Metric.Specificity; Metric.Precision; Metric.F1; Metric.AveragePrecision ]

    let named metric =
        let words = (Metric.InWords metric).Replace("accuracy", "ACC")

        if List.contains metric ofOneClass then
            Wording.ofClass words positive
        else
            words

    [
        for metric in (outcomes.Head.Result.Metrics.Scores SplitName.Test).Values.Names do
            if metric <> Metric.RocAucTerms then
                row (named metric) metric
    ]

/// Chosen on validation alone, applied to test once.
let private operatingPoint (info: DatasetInfo) wanted (outcomes: Outcome list) =
    // None where a seed's validation has no positive image to reach a sensitivity on
    let each = [
        for outcome in outcomes ->
            let validation = (Calibration.predicted info.PositiveClass SplitName.Validation outcome).Binary
            let test = (Calibration.predicted info.PositiveClass SplitName.Test outcome).Binary

            if Array.contains true validation.Positive then
                let point =
                    OperatingPoint.AtSensitivity(ReadOnlySpan validation.Probabilities, ReadOnlySpan validation.Positive, wanted)

                Some(point, point.Apply(ReadOnlySpan test.Probabilities, ReadOnlySpan test.Positive))
            else
                None
    ]

    let named score = Wording.ofClass score (Wording.positive info)

    let column (pick: OperatingPoint * BinaryCounts -> Nullable<float>) =
        each |> List.map (Option.bind (pick >> Option.ofNullable)) |> meanText 3

    [
        "threshold", [ column (fun (point, _) -> Nullable(float point.Threshold)); "the same" ]
        named "sensitivity", [ column (fun (point, _) -> point.Counts.Sensitivity); column (fun (_, test) -> test.Sensitivity) ]
        named "specificity", [ column (fun (point, _) -> point.Counts.Specificity); column (fun (_, test) -> test.Specificity) ]
        named "precision", [ column (fun (point, _) -> point.Counts.Precision); column (fun (_, test) -> test.Precision) ]
    ]

let private prevalence (data: Dataset) =
    let share split =
        // of a finding, among the images that it is known of
        [
            for name, count, known in Seq.zip3 data.Info.LabelNames (data.LabelCounts split) (data.KnownCounts split) do
                if known > 0 then
                    $"{name} {float count / float known:F3}"
                else
                    $"{name} unknown"
        ]
        |> String.concat ", "

    [
        for split in [ SplitName.Train; SplitName.Validation; SplitName.Test ] -> Maps.splitText split, [ share split ]
    ]

let private ofTwoClasses (lab: Lab) (info: DatasetInfo) way (outcomes: Outcome list) =
    let first, wanted = outcomes.Head, lab.Options.Sensitivity
    let validation = (Calibration.predicted info.PositiveClass SplitName.Validation first).Binary
    let test = (Calibration.predicted info.PositiveClass SplitName.Test first).Binary
    let calibrated = outcomes |> List.map (Calibration.ofOutcome info.PositiveClass)
    let rows, temperature = Calibration.rows "validation" calibrated
    let positives, negatives = ("validation", true, validation), ("validation", false, validation)

    [
        Text(
            String.concat " " [
                $"Does validation represent test? First seed, 95 %% intervals of drawing both sets of images anew ({resamples} times), and what is chosen on validation with them:"
                splitGapText lab "ROC AUC" (SplitGap.OfRocAuc(validation, test, resamples, 0L)) [
                    positives
                    negatives
                    "test", true, test
                    "test", false, test
                ]
                splitGapText lab "ACC" (SplitGap.OfAccuracy(validation, test, resamples, 0L)) []
                splitGapText
                    lab
                    $"Specificity at validation's threshold for a sensitivity of {wanted} ({Wording.positive info})"
                    (SplitGap.OfSpecificity(validation, test, wanted, resamples, 0L))
                    [ positives; negatives; "test", false, test ]
            ]
        )
        Table(
            "operating-point",
            $"{way}: the threshold that reaches a sensitivity of {wanted} on validation, applied to test once; {Wording.seeds outcomes}. {Wording.scored lab}",
            Table.ofRows [ "validation"; "test" ] (operatingPoint info wanted outcomes)
        )
        Table(
            "calibration",
            $"{way}: calibration on test of the probability of {Wording.positive info}, {Wording.seeds outcomes}. Expected calibration error (ten bins, 0 is best); slope (1) and intercept (0) of a logistic recalibration; calibration in the large (0). Temperature, fitted on validation: {temperature}.",
            Table.ofRows [ "ECE"; "slope"; "intercept"; "in the large" ] rows
        )
        Text
            $"Thresholds and temperature are fitted on validation: this takes {validation.Positive.Length} labelled images besides those of training."
        Charts(
            $"{way}, first seed: are its probabilities of {Wording.positive info} to be believed, and is acting on them worth it?",
            Calibration.curves calibrated.Head
        )
    ]

/// What speaks against the figures of a way where validation does not foretell test; nothing where it does, or where that can't be told.
let splitGap (lab: Lab) way (outcomes: Outcome list) : string list =
    let info = (lab.Load lab.Target.All).Info

    match outcomes |> ofWay way with
    | first :: _ when info.HasTwoClasses && lab.HasVerdicts ->
        let binary split = (Calibration.predicted info.PositiveClass split first).Binary

        match SplitGap.OfRocAuc(binary SplitName.Validation, binary SplitName.Test, resamples, 0L) with
        // what chose its epoch by validation is a little too good there
        | NonNull gap when
            gap.Reading = SplitGapReading.TestIsEasier
            || (gap.Reading = SplitGapReading.ValidationPromisesMore && not (Wording.choosesByValidation first))
            ->
            let kind = if gap.Difference > 0.0 then "easier" else "harder"

            [
                $"Test is {kind} than validation: ROC AUC {number 3 gap.Test} against {number 3 gap.Validation} ({way}, first seed), by more than drawing images anew explains."
            ]
        | _ -> []
    | _ -> []

/// Everything but accuracy of one way.
let section (lab: Lab) way (outcomes: Outcome list) =
    let own = outcomes |> ofWay way
    let data = lab.Load lab.Target.All

    [
        Heading "Is accuracy the right score?"
        WordTable(
            "prevalence",
            "Share of the images in each class or with each finding: what an accuracy has to be read against.",
            Table.ofRows [ "share" ] (prevalence data)
        )
        if not own.IsEmpty then
            Table(
                "all-scores",
                $"{way}: every score on validation and on test, {Wording.seeds own}. Brier score: 0 is best. {Wording.scored lab}",
                Table.ofRows [ "validation"; "test"; "test minus validation" ] (allScores (Wording.positive data.Info) own)
            )

            if data.Info.HasTwoClasses then
                yield! ofTwoClasses lab data.Info way own
    ]
