/// How scores rise with the number of labelled images, and what more of them would bring.
module MedTransfer.Recipes.Sections.TransferCurve

open MedTransfer.Evaluation
open MedTransfer.Evaluation.Curves
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report
open MedTransfer.Recipes.Transfers
open MedTransfer.Recipes.Recommendations
open MedTransfer.Recipes.Curves

/// What is told of more than so many times the images that there are is nobody's to tell.
let private farthest = 10

let private imagesText (least: int) (curves: LearningCurves) (images: float) =
    let most = farthest * curves.Largest

    if images > float most then $"more than {most}"
    elif images <= float least then $"at most {least}"
    else string (int (System.Math.Round images))

// images that no transfer needs for what the recommended way has, and the range of their draws
let private neededText (curve: Curve) (fitted: LearningCurves) (recommendation: Recommendation) =
    let needed = fitted.ImagesNeeded(none, recommendation.Way)
    let text = imagesText (fst curve.Sizes.Head) fitted

    text needed.Images,
    (if needed.Low > float (farthest * fitted.Largest) then
         ""
     else
         $" [{text needed.Low}, {text needed.High}]")

/// How many images no transfer needs for the score of the recommended way, beside how many that way learned from.
let worth (lab: Lab) (curve: Curve option) (recommendation: Recommendation) (verdict: TransferVerdict) : Box =
    let of' = "Training images it is worth"

    match curve with
    | Some({ Fitted = Some fitted } as curve) ->
        let images, range = neededText curve fitted recommendation
        let needed, own = fitted.ImagesNeeded(none, recommendation.Way), fitted.Largest

        // curves alone show nothing: they pass by what was measured, and the way may have been picked by these very scores
        let reading =
            match verdict.Answer with
            | _ when not lab.HasVerdicts -> ""
            | TransferAnswer.Helps
            | TransferAnswer.HelpsNoMoreThanControls when needed.Low > own -> ": more, so that it saves images"
            | TransferAnswer.Harms when needed.High < own -> ": fewer, so that it costs images"
            | _ -> ": whether it saves or costs images is not shown"

        let draws = if range = "" then "" else ", in 95 % of draws"

        {
            Of = of'
            Figure = $"{images}{range}, for {own}"
            Note =
                $"images that {none} needs by its learning curve{draws}, for the AUC that {recommendation.Way} has with {own}{reading}"
        }
    | _ -> { Of = of'; Figure = "not measured"; Note = "there are no learning curves of this run" }

let private scores (tested: TestedTransfer list) = [
    for one in tested -> one.Tested.Score Metric.RocAuc |> Option.ofObj |> Option.map _.Value
]

// how far the curves pass by the means that they are drawn through, at most
let private misfit (curve: Curve) (fitted: LearningCurves) : float =
    List.max [
        for way in curve.Ways do
            for images, tested in curve.Sizes do
                match tested |> List.filter (fun one -> one.Way = way) |> scores |> List.choose id with
                | [] -> 0.0
                | all -> abs (List.average all - fitted[way].At(float images))
    ]

// what makes a curve, or its range, rougher than it looks
let private roughness (curve: Curve) : string list = [
    match curve.Fitted with
    | Some fitted ->
        $"The curves pass by the measured means by up to {number 3 (misfit curve fitted)}."

        if curve.Sizes |> List.exists (snd >> List.exists (fun one -> one.Tested.Parts.Count > 1)) then
            "Images of folds are tested and learned from: the ranges count in the first alone, and are somewhat too short."
    | None -> ()
]

/// What follows from the curves; nothing where there are none.
let sentences (cases: string) (curve: Curve option) (recommendation: Recommendation) : string list =
    match curve |> Option.bind _.Fitted with
    | Some fitted ->
        let way, most = recommendation.Way, fitted.Largest
        let images, range = neededText curve.Value fitted recommendation

        // the best of several ways by these scores is better there than it is
        let picked =
            match counts recommendation with
            | []
            | [ _ ] -> ""
            | _ -> "; the way was picked by these very scores"

        let twice, gain = fitted.ScoreOf(way, 2 * most), fitted.GainOf(way, most, 2 * most)

        [
            $"By their learning curves, {none} needs {images} images{range} for the AUC that {way} has with {most}."
            $"Twice as many, {2 * most}, would bring {way} to {number 3 twice.Score} {rangeText 3 twice.Range95}, {signed 3 gain.Score} {intervalText 3 gain.Range95} more. (What is said of more than {most} images is extrapolated; brackets hold 95 %% of draws of seeds and {cases}{picked}.)"
        ]
    | None -> []

/// Measured scores, and the curves through them.
let section (curve: Curve option) =
    match curve with
    | None -> []
    | Some curve ->
        let most = fst (List.last curve.Sizes)
        let rough = roughness curve |> List.map (sprintf " %s") |> String.concat ""
        let ofWay way tested = tested |> List.filter (fun (one: TestedTransfer) -> one.Way = way)

        let extrapolated (way: string) =
            match curve.Fitted with
            | None -> "undefined"
            | Some fitted ->
                let score = fitted.ScoreOf(way, 2 * most)
                $"{number 3 score.Score} {rangeText 3 score.Range95}"

        let sizes = curve.Sizes |> List.map (fst >> float)

        // evenly on the logarithmic axis, twice as far as was measured
        let along =
            let first, last = sizes.Head, 2.0 * float most
            [ for step in 0..40 -> first * (last / first) ** (float step / 40.0) ]

        let points = [
            for way in curve.Ways ->
                way,
                [ for images, tested in curve.Sizes -> images, tested |> ofWay way |> scores ],
                match curve.Fitted with
                | None -> []
                | Some fitted -> [ for images in along -> images, fitted[way].At images ]
        ]

        [
            Heading "Learning curves"
            Table(
                "curve",
                $"Test ROC AUC by number of training images, mean ± standard deviation over seeds.{rough} Extrapolated: by a curve a - b n^-c through these, with the range of 95 %% of 1,000 draws of seeds and test images (patients, where they are known); it holds if scores go on as such a curve. From five seeds on, and ten of either class in all.",
                Table.ofRows [
                    for images, _ in curve.Sizes do
                        string images
                    $"{2 * most}, extrapolated"
                ] [
                    for way in curve.Ways ->
                        way,
                        [
                            for _, tested in curve.Sizes do
                                tested |> ofWay way |> scores |> meanText 3
                            extrapolated way
                        ]
                ]
            )
            Charts(
                $"Test ROC AUC by number of training images; bars are one standard deviation over seeds. Lines are fitted, beyond {most} images extrapolated.",
                [ Figures.learningCurves "test ROC AUC" most points ]
            )
        ]
