/// Does transfer help, from which source and in which way, by how much, and can that be relied on.
module MedTransfer.Recipes.Sections.TransferAnswer

open MedTransfer.Evaluation
open MedTransfer.Evaluation.Cases
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report
open MedTransfer.Recipes.Transfers

let private differenceText = Comparisons.differenceText 3

let private answer (recommendation: Recommendation) (verdict: TransferVerdict) =
    match verdict.Answer with
    | TransferAnswer.Helps -> $"Transfer helps: {recommendation.Way}."
    | TransferAnswer.HelpsNoMoreThanControls ->
        $"Transfer does better than no transfer, but is not shown to do better than {recommendation.Control}, which needs none."
    | TransferAnswer.MakesNoDifference -> "Transfer makes no difference that would matter."
    | TransferAnswer.NotShown -> "Whether transfer helps is not shown."
    | TransferAnswer.Harms -> "Transfer harms."
    | _ -> "No answer follows from these figures."

let private trust (lab: Lab) (cases: string) (recommendation: Recommendation) (verdict: TransferVerdict) =
    let hasInterval (comparison: Comparison | null) =
        match comparison with
        | null -> false
        | comparison -> not (isNull comparison.Interval95)

    match verdict.Trust with
    | Trust.Yes -> $"It can be relied on as far as {cases} like these go: its interval counts in seeds and {cases}."
    | Trust.NotYet when hasInterval recommendation.OverNone && hasInterval recommendation.OverControl ->
        $"It can't be relied on yet: the intervals hold both what would matter (a difference of {lab.Options.Margin} and more) and what would not."
    | Trust.NotYet ->
        $"It can't be relied on yet: there is no interval, for which five seeds, and ten {cases} of each class, are the least."
    | _ -> "It can't be relied on: see the warnings."

/// How images were kept apart from models that learned from them.
let private how (lab: Lab) (tested: TestedTransfer list) =
    let data = lab.Load lab.Target.All
    let seeds = tested |> List.distinctBy _.Seed |> List.length
    let counted = if seeds = 1 then "one seed" else $"{seeds} seeds"

    if hasTest lab then
        $"Tested once on the {data.Test.Count} test images, {counted}; the way is the one with the highest validation AUC."
    else
        let kept =
            if isNull data.Train.Groups then
                "stratified"
            else
                "stratified, a patient's images together"

        $"There is no test split: each of the {data.Train.Count} images was tested once a seed by a model that had not seen it, by five folds ({kept}), {counted}. \"The best way\" is chosen anew for each fold by the others, and its figures are of choosing and training together."

/// The answer in a few sentences.
let sentences (lab: Lab) (outcomes: Outcome list) (tested: TestedTransfer list) : string list =
    let cases =
        match tested |> List.tryHead |> Option.bind (fun one -> one.Tested.Parts |> Seq.tryHead) with
        | Some part when part.Patients.AreKnown -> "patients"
        | _ -> "images"

    match recommend lab outcomes tested with
    | None -> [
        "No way is recommended: nothing was transferred, or there are no validation images to choose by."
        how lab tested
      ]
    | Some recommendation ->
        let verdict = verdict lab recommendation

        [
            if lab.HasVerdicts then
                answer recommendation verdict
                trust lab cases recommendation verdict
            $"Highest test ROC AUC of the ways of transfer: {recommendation.Way}. Taking the best way, less no transfer: {differenceText recommendation.OverNone}; less the best control ({recommendation.Control}): {differenceText recommendation.OverControl}."
            how lab tested
            match recommendation.Chosen with
            | []
            | [ _ ] -> ()
            | chosen ->
                let counts = chosen |> List.map (fun (way, count) -> $"{way} {count}") |> String.concat ", "
                $"Chosen in so many folds: {counts}."
        ]

/// The first thing on the page.
let section (lab: Lab) (outcomes: Outcome list) (tested: TestedTransfer list) = [
    Heading "Answer"
    Conclusion("verdict.txt", Wording.under lab.Evidence.Remarks (String.concat " " (sentences lab outcomes tested)))
]

let private scoreText metric (tested: TestedTransfer list) =
    let scores = [
        for one in tested do
            match one.Tested.Score metric with
            | null -> ()
            | score -> struct (one.Seed, one.Seed, score)
    ]

    let mean = scores |> List.map (fun struct (_, _, score) -> Some score.Value) |> meanText 3

    match scores with
    | []
    | [ _ ] -> mean
    | several ->
        match ScoreEstimate.OfTrainings(ResizeArray several).Interval95 with
        | null -> mean
        | interval -> $"{mean} {rangeText 3 interval}"

/// Every way with its scores, and less no transfer.
let ways (lab: Lab) (tested: TestedTransfer list) = [
    Heading "Ways"
    Table(
        "ways",
        "Test scores of every way: mean ± standard deviation over seeds [95 % interval that counts in seeds and patients]; of folds the mean of their scores. The last column is the difference in ROC AUC to no transfer, each by itself.",
        Table.ofRows [ "ROC AUC"; "ACC"; $"AUC less {none}" ] [
            for way, all in tested |> List.groupBy _.Way ->
                way,
                [
                    scoreText Metric.RocAuc all
                    scoreText Metric.Accuracy all
                    (if way = none then "" else differenceText (less way none tested))
                ]
        ]
    )
]
