/// Does transfer help, from which source and in which way, by how much, and can that be relied on.
module MedTransfer.Recipes.Sections.TransferAnswer

open MedTransfer.Data.Checks
open MedTransfer.Evaluation
open MedTransfer.Evaluation.Cases
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report
open MedTransfer.Recipes.Transfers
open MedTransfer.Recipes.Recommendations

let private differenceText = Comparisons.differenceText 3

// ways of transfer that were run and could be chosen
let private transfersOf (tested: TestedTransfer list) =
    tested
    |> List.filter (fun one -> not (one.IsControl || one.Way = none || one.IsSoup))
    |> List.distinctBy _.Way

/// What follows from the figures, in one sentence.
let answer (lab: Lab) (tested: TestedTransfer list) (recommendation: Recommendation) (verdict: TransferVerdict) =
    let ways = (transfersOf tested).Length
    let best = if ways = 1 then recommendation.Way else "the best of the ways that were run"

    let rulesOutGain =
        match recommendation.OverNone |> Option.ofObj |> Option.bind (_.Interval95 >> Option.ofObj) with
        | Some interval -> interval.High < lab.Options.Margin
        | None -> false

    match verdict.Answer with
    | TransferAnswer.Helps -> $"Transfer helps: {recommendation.Way}."
    | TransferAnswer.HelpsNoMoreThanControls ->
        $"Transfer does better than no transfer, but is not shown to do better than {recommendation.Control}, which needs none."
    | TransferAnswer.MakesNoDifference -> $"{Wording.capital best} makes no difference that would matter."
    | TransferAnswer.NotShown when rulesOutGain -> $"{Wording.capital best} does not help by {lab.Options.Margin} or more."
    | TransferAnswer.NotShown -> "Whether transfer helps is not shown."
    | TransferAnswer.Harms -> $"Transfer does not help: {best} scores lower than no transfer."
    | _ -> "No answer follows from these figures."

/// Whose the tested images are, as far as is known.
let casesOf (tested: TestedTransfer list) =
    match tested |> List.tryHead |> Option.bind (fun one -> one.Tested.Parts |> Seq.tryHead) with
    | Some part when part.Patients.AreKnown -> "patients"
    | _ -> "images"

// whether both differences that an answer takes have an interval
let private hasIntervals (recommendation: Recommendation) =
    let hasInterval (comparison: Comparison | null) =
        match comparison with
        | null -> false
        | comparison -> not (isNull comparison.Interval95)

    hasInterval recommendation.OverNone && hasInterval recommendation.OverControl

/// Whether the answer is to be trusted, and why.
let trust (lab: Lab) (tested: TestedTransfer list) (recommendation: Recommendation) (verdict: TransferVerdict) : string * string =
    let cases = casesOf tested

    match verdict.Trust with
    | Trust.Yes -> Openings.decided "seeds" cases
    | Trust.NotYet when hasIntervals recommendation ->
        let isOfControl = verdict.Answer = TransferAnswer.HelpsNoMoreThanControls

        let trust, because =
            Openings.undecided lab (if isOfControl then recommendation.OverControl else recommendation.OverNone)

        if isOfControl then
            trust, $"over the best control {because}"
        else
            trust, because
    | Trust.NotYet -> "not yet", $"there is no interval: five seeds, and ten {cases} of each class, are the least"
    | _ -> Openings.withdrawn lab

/// How images were kept apart from models that learned from them.
let how (lab: Lab) (tested: TestedTransfer list) (recommendation: Recommendation option) =
    let data = lab.Load lab.Target.All

    // quick ways have more seeds
    let counted =
        match
            tested
            |> List.groupBy _.Way
            |> List.map (snd >> List.distinctBy _.Seed >> List.length)
            |> List.distinct
            |> List.sort
        with
        | [ 1 ] -> "one seed"
        | [ one ] -> $"{one} seeds"
        | several -> $"{several.Head} to {List.last several} seeds"

    let kept =
        if isNull data.Train.Groups then
            "stratified"
        else
            "stratified, a patient's images together"

    let choice =
        if choosesByInnerFolds lab then
            "the way is the one with the highest AUC in five folds of the training images"
        else
            "the way is the one with the highest validation AUC"

    let few =
        if data.Test.Count = 0 then
            "There is no test split"
        else
            $"The test split of {data.Test.Count} images is too small to show a difference below {TestSchemes.LargestDetectable}, and is not read"

    match lab.TestScheme, recommendation with
    | TestScheme.TestSplit, Some _ -> $"Tested once on the {data.Test.Count} test images, {counted}; {choice}."
    | TestScheme.TestSplit, None -> $"Tested once on the {data.Test.Count} test images, {counted}."
    | TestScheme.HeldOutFold, None ->
        $"{few}: a fifth of the {data.Train.Count} images ({kept}) was held out and tested once, {counted}."
    | TestScheme.HeldOutFold, Some _ ->
        $"{few}: a fifth of the {data.Train.Count} images ({kept}) was held out and tested once, {counted}; {choice}."
    | _ ->
        let best =
            match recommendation |> Option.map counts with
            | Some(_ :: _ :: _) ->
                " The best way is chosen anew for each fold by the others, and its figures are of choosing and training together."
            | _ -> ""

        $"{few}: each of the {data.Train.Count} images was tested once a seed by a model that had not seen it, by five folds ({kept}), {counted}.{best}"

// a mean over seeds
let private auc (tested: TestedTransfer list) =
    match tested |> List.choose (fun one -> one.Tested.Score Metric.RocAuc |> Option.ofObj) with
    | [] -> None
    | scores -> scores |> List.averageBy _.Value |> Some

/// What is compared with no transfer: a way, or the choice of one in each fold.
let bestOf (recommendation: Recommendation) =
    match counts recommendation with
    | []
    | [ _ ] -> recommendation.Way
    | _ -> "the best way of transfer"

// what was compared, by the scores of the very trainings that are compared
let private figures (recommendation: Recommendation) =
    let against name (comparison: Comparison | null) =
        match comparison with
        | null -> $"{name} undefined"
        | comparison -> $"{name} {number 3 comparison.Second}, difference {differenceText comparison}"

    let own =
        match recommendation.OverNone with
        | null -> "undefined"
        | comparison -> number 3 comparison.First

    $"Test ROC AUC: {bestOf recommendation} {own}; {against none recommendation.OverNone}; {against recommendation.Control recommendation.OverControl}."

// what else the figures say that a reader would want to know
let private remarks (lab: Lab) (tested: TestedTransfer list) (recommendation: Recommendation) (notRun: string list) = [
    let ofWay name = tested |> List.filter (fun one -> one.Way = name) |> auc

    match
        tested
        |> List.groupBy _.Way
        |> List.choose (fun (way, all) -> auc all |> Option.map (fun score -> way, score))
    with
    | [] -> ()
    | all ->
        let way, score = all |> List.maxBy snd
        $"Highest of all that were run: {way}, {number 3 score}."

    match ofWay none with
    | Some score when score <= 0.5 ->
        $"No transfer has learnt nothing ({number 3 score} is no better than guessing): a gain over it means nothing; read the one over the control, or train longer (--epochs)."
    | _ -> ()

    if lab.Seeds.Length < Comparison.FewestSeeds then
        $"--seeds {Comparison.FewestSeeds} or more would give intervals."

    if not notRun.IsEmpty then
        $"""Not run: {String.concat "; " notRun}."""
]

/// The answer and whether it can be relied on; nothing where no words may follow from the figures.
let opening (lab: Lab) (tested: TestedTransfer list) (recommendation: Recommendation option) : string list = [
    match recommendation with
    | Some known when lab.HasVerdicts ->
        let verdict = verdict lab known
        let trust, because = trust lab tested known verdict
        $"{answer lab tested known verdict} Trust it? {Wording.capital trust}, because {because}."
    | _ -> ()
]

/// The answer in a few paragraphs.
let paragraphs
    (lab: Lab)
    (tested: TestedTransfer list)
    (recommendation: Recommendation option)
    (curve: Curves.Curve option)
    (notRun: string list)
    : string list =
    let cases = casesOf tested

    match recommendation with
    | None -> [
        "No way is recommended: nothing was transferred."
        yield! (if notRun.IsEmpty then [] else [ $"""Not run: {String.concat "; " notRun}.""" ])
        how lab tested None
      ]
    | Some known ->
        let caveats = Openings.caveats lab

        [
            yield! opening lab tested recommendation
            if lab.HasVerdicts && not caveats.IsEmpty then
                $"""But beware: {String.concat " " caveats}"""
            String.concat " " [ figures known; yield! remarks lab tested known notRun ]
            if lab.HasVerdicts then
                match TransferCurve.sentences cases curve known with
                | [] -> ()
                | sentences -> String.concat " " sentences
            String.concat " " [
                how lab tested recommendation
                match counts known with
                | []
                | [ _ ] -> ()
                | chosen ->
                    let counts = chosen |> List.map (fun (way, count) -> $"{way} {count}") |> String.concat ", "
                    $"Chosen in so many folds: {counts}."
            ]
        ]

/// The first thing on the page.
let section (lab: Lab) (tested: TestedTransfer list) recommendation curve (leftOut: LeftOut list) = [
    Heading "Answer"
    Conclusion(
        "verdict.txt",
        Wording.under
            lab.Evidence.Remarks
            (String.concat "\n" (paragraphs lab tested recommendation curve [ for left in leftOut -> left.Way ]))
    )
]

/// A score of one way: mean and standard deviation over seeds, with its interval from five on.
let scoreText metric (tested: TestedTransfer list) =
    // a training without randomness counts once
    let scores = [
        for one in tested |> List.distinctBy _.Trial do
            match one.Tested.Score metric with
            | null -> ()
            | score -> struct (one.Seed, one.Seed, score)
    ]

    let mean = scores |> List.map (fun struct (_, _, score) -> Some score.Value) |> meanText 3

    let estimate =
        match scores with
        | [] -> None
        | [ struct (_, _, score) ] -> Some(ScoreEstimate.OfModel score)
        | several -> Some(ScoreEstimate.OfTrainings(ResizeArray several))

    match estimate |> Option.bind (_.Interval95 >> Option.ofObj) with
    | None -> mean
    | Some interval -> $"{mean} {rangeText 3 interval}"
