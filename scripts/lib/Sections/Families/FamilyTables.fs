/// Families of transfer side by side: what each gains over no transfer and over plain fine-tuning, takes, and needs.
module MedTransfer.Recipes.Sections.FamilyTables

open System
open MedTransfer.Evaluation
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Recipes
open MedTransfer.Recipes.Families
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

let private yes condition = if condition then "yes" else ""

let private labels (needs: Needs) =
    [
        if needs.TargetLabels then
            "target's"
        if needs.ValidationLabels then
            "its validation's"
        if needs.SourceLabels then
            "source's"
    ]
    |> String.concat ", "

// one that is not compared has nothing in its place
let private compared (lab: Lab) (family: JudgedWay list) name =
    match family |> List.tryFind (fun judged -> judged.Way = name) with
    | Some judged -> [
        Comparisons.text 3 judged
        if lab.HasVerdicts then
            Comparisons.verdictText lab judged
      ]
    | None -> [
        ""
        if lab.HasVerdicts then
            ""
      ]

let private minus (lab: Lab) reference = [
    $"minus {reference}"
    if lab.HasVerdicts then
        $"verdict on {reference}"
]

// of a source without labels nothing is fine-tuned plainly
let private references (outcomes: Outcome list) = [ none; fineTuned ] |> List.filter (fun way -> not (ofWay way outcomes).IsEmpty)

// with the source's labels
let private ofLabels = "pretraining"

/// The trainings that ways take weights or a teacher from, one of each kind, as ways that are only timed.
let pretrainings (pretrained: FamilyWays.Pretrained) (others: Sources.Transferred list list) size : Way list = [
    for trial in List.truncate 1 pretrained.OfSeed do
        Way.trained ofLabels size 0 trial
    for kind, trial in pretrained.Unlabelled do
        Way.trained kind size 0 trial
    for source in others.Head do
        match source.Pretraining with
        | Some trial -> Way.trained source.Backbone.Name size 0 trial
        | None -> ()
]

// which of them a way takes from
let private pretrainingOf (others: Described list) (described: Described) =
    match described.Family with
    | Nothing -> ""
    | family when family = WithoutLabels || List.contains described others ->
        described.Way.Substring(0, described.Way.LastIndexOf(", ", StringComparison.Ordinal))
    | _ -> ofLabels

/// What a way has to beat that needs no network at all.
let private simplest = "pixel regression"

/// What the families' ways gain and need at one size; differences with Holm's correction over all ways of either column.
let private table (lab: Lab) (others: Described list) (times: Times.Timings) size (outcomes: Outcome list) =
    let references, shared = references outcomes, sharedLabels lab lab.Source
    let families = references |> List.map (fun reference -> Comparisons.family lab aucScore reference outcomes)

    Table.ofRows [
        "family"
        "test ROC AUC"
        for reference in references do
            yield! minus lab reference
        $"minus {simplest}"
        if Times.existOf size times then
            "time s"
            $"time / {fineTuned}"
            "pretraining s"
        "source images in training"
        "labels"
        "in memory besides"
    ] [
        for name, of' in ways outcomes ->
            let described = describe shared others name

            name,
            [
                string described.Family
                scoreText 3 aucScore of'
                for family in families do
                    yield! compared lab family name
                if described.Family = Nothing && name <> none then
                    ""
                else
                    Comparisons.judged lab aucScore name simplest outcomes |> Comparisons.text 3
                if Times.existOf size times then
                    Times.secondsText name size times
                    Times.ratioText name fineTuned size times
                    Times.secondsText (pretrainingOf others described) size times
                yes described.Needs.SourceImages
                labels described.Needs
                described.Needs.Besides
            ]
    ]

/// What each way gains over no transfer at one size, coloured by family.
let private forest (lab: Lab) (others: Described list) size (outcomes: Outcome list) : Section list =
    let rows = [
        for judged in Comparisons.family lab aucScore none outcomes do
            match judged.Comparison with
            | null -> ()
            | comparison ->
                let interval = comparison.Interval95 |> Option.ofObj |> Option.map (fun interval -> interval.Low, interval.High)

                string (describe (sharedLabels lab lab.Source) others judged.Way).Family,
                judged.Way,
                comparison.Difference,
                interval
    ]

    [
        if not rows.IsEmpty then
            Charts(
                $"What each way gains over {none} in test ROC AUC, {Wording.size size}: mean difference with its 95 %% interval, not adjusted for the number of ways; right of the line at 0 it is better.",
                [ Figures.forest $"test ROC AUC minus {none}" rows ]
            )
    ]

let private named (verdicts: WayVerdict list) (family: JudgedWay list) = [
    for judged in family do
        if List.contains judged.Verdict verdicts then
            judged.Way
]

let private listed sentence (ways: string list) =
    if ways.IsEmpty then
        None
    else
        Some $"""{sentence}: {String.concat "; " ways}."""

/// What is shown at one size, in sentences: what beats no transfer, what beats fine-tuning, what does harm; none where there are no verdicts.
let sentences (lab: Lab) size (outcomes: Outcome list) : string list =
    let overNone, overFineTuned =
        Comparisons.family lab aucScore none outcomes, Comparisons.family lab aucScore fineTuned outcomes

    let better, worse = [ WayVerdict.Better; WayVerdict.BetterByLess ], [ WayVerdict.Worse; WayVerdict.WorseByLess ]
    let shown = $"With {Wording.size size}"

    let isJudged (judged: JudgedWay) = judged.Verdict <> WayVerdict.TooFewSeeds && judged.Verdict <> WayVerdict.Untested

    if not lab.HasVerdicts || not (List.exists isJudged overNone) then
        []
    else
        [
            named better overNone
            |> listed $"{shown}, better than no transfer"
            |> Option.defaultValue $"{shown}, no way is shown to be better than no transfer."
            if List.contains fineTuned (references outcomes) then
                named better (overFineTuned |> List.filter (fun judged -> judged.Way <> none))
                |> listed "Better than plain fine-tuning"
                |> Option.defaultValue "No way is shown to be better than plain fine-tuning."
            named worse overNone
            |> listed "Negative transfer, worse than no transfer"
            |> Option.defaultValue "Negative transfer is not shown of any way."
        ]

/// How labels of a source are taken, and what follows of names that are not the same.
let labelsNote (lab: Lab) (source: LocatedDataset) =
    let target = (lab.Load lab.Target.All).Info.LabelNames |> List.ofSeq

    match sharedLabels lab source with
    | Shared(_, names) when names = target -> $"Labels of {source.Name} are those of {lab.Target.Name}."
    | Shared(_, names) ->
        let pairs = [ for given, taken in List.zip names target -> $"'{given}' as '{taken}'" ]

        $"""Where labels of {source.Name} are learned from beside those of {lab.Target.Name}, {String.concat ", " pairs} is taken: they need not mean the same."""
    | Apart reason -> $"Labels of {source.Name} can't be learned from as those of {lab.Target.Name}: {reason}."

// weights that leave a few images are worth no more than these
let private weighted (lab: Lab) size (outcomes: Outcome list) =
    let effective (outcome: Outcome) = Option.ofNullable outcome.Result.Metrics.EffectiveSource

    match ofWay "importance weighting" outcomes |> List.map effective |> summary with
    | None -> None
    | Some worth ->
        Some
            $"Importance weighting, {Wording.size size}: the {(lab.Load lab.Source.All).Train.Count} images of {lab.Source.Name} count as {number 0 worth.Mean} of equal weight, mean over seeds (Kish's effective sample size)."

let private timesNote size (times: Times.Timings) =
    if Times.existOf size times then
        Times.note times
        + " Pretraining s: of one training that a way takes weights or a teacher from, timed in the same way; with the source's labels there is one a seed, without labels one for all, whatever the number of ways."
    else
        ""

/// How well domains are told apart where that is fought: by chance it would be a half.
let private domains size (outcomes: Outcome list) = [
    for name, all in ways outcomes do
        // averaged weights have no epochs
        let last (outcome: Outcome) =
            Seq.tryLast outcome.Result.History
            |> Option.bind (fun epoch -> Option.ofNullable epoch.Training[Metric.DomainAccuracy])

        match all |> List.map last |> summary with
        | Some accuracy ->
            $"{name}, {Wording.size size}: in the last epoch its domain classifier tells the two sets' training images apart with a balanced accuracy of {number 2 accuracy.Mean}, mean over seeds (.50 by chance)."
        | None -> ()
]

/// A table, a figure and sentences for each size; `others` are ways of sources whose images take no part.
let section (lab: Lab) (others: Described list) (times: Times.Timings) (outcomes: Outcome list) : Section list = [
    Heading "Families of transfer"
    Text(labelsNote lab lab.Source)
    Text
        "Ways that see the source's images begin with its weights, as fine-tuning does, so that what they add is what they are read for: pooled sees the source's images as they are, and what another gains over it is owed to more than these. Relational distillation begins with random weights. Unsupervised ways and the source alone see the target's images without their labels, but for the sample's having each class's share; the last epoch is kept. The greedy soup alone looks at labels of validation images. Of weights learned without labels one training serves all seeds: what another would be worth is in no interval."
    for size in lab.Sizes do
        let ofSize = outcomes |> ofSize size

        Table(
            $"families-{size}",
            $"{lab.SourceName} to {lab.Target.Name}, {Wording.images size ofSize}; over {Wording.seeds ofSize}. {Wording.compared ofSize} Verdicts: Holm's correction over all ways but the comparison named beforehand, for each reference.{timesNote size times}",
            table lab others times size ofSize
        )

        yield! forest lab others size ofSize

        match weighted lab size ofSize with
        | Some said -> Text said
        | None -> ()

        for said in domains size ofSize do
            Text said

        match sentences lab size ofSize with
        | [] -> ()
        | said -> Conclusion($"families-{size}.txt", Wording.under lab.Evidence.Remarks (String.concat "\n" said))
]
