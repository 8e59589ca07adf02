/// The first screen of an experiment whose comparison was named before anything was run.
module MedTransfer.Recipes.Sections.PrimaryOpening

open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

let private verdict (lab: Lab) (judged: JudgedWay) =
    let way, reference, margin = lab.Primary.Way, lab.Primary.Reference, lab.Options.Margin

    let said =
        match judged.Verdict with
        | _ when not lab.HasVerdicts -> $"No verdict on {way} against {reference}"
        | WayVerdict.Better -> $"{Wording.capital way} does better than {reference}"
        | WayVerdict.BetterByLess -> $"{Wording.capital way} does better than {reference}, by less than {margin}"
        | WayVerdict.Worse -> $"{Wording.capital way} does worse than {reference}"
        | WayVerdict.WorseByLess -> $"{Wording.capital way} does worse than {reference}, by less than {margin}"
        | WayVerdict.Equivalent -> $"{Wording.capital way} and {reference} are equivalent within {margin}"
        | WayVerdict.NoDifferenceShown -> $"Whether {way} does better or worse than {reference} is not shown"
        | _ -> $"No verdict on {way} against {reference}"

    $"{said}: test ROC AUC {Openings.effect judged.Comparison}, with {Wording.size lab.Primary.Size}."

let private trust (lab: Lab) (outcomes: Outcome list) (judged: JudgedWay) =
    match judged.Verdict with
    | _ when not lab.HasVerdicts -> Openings.withdrawn lab
    | WayVerdict.NoDifferenceShown -> Openings.undecided lab judged.Comparison
    | WayVerdict.TooFewSeeds -> "not yet", $"{Comparison.FewestSeeds} seeds are the least for an interval"
    | WayVerdict.Untested -> "not yet", "there is no interval"
    | _ -> Openings.decided (Wording.trainings outcomes) (Wording.cases outcomes)

// the mean is all that ways and controls are ranked by
let private means (outcomes: Outcome list) =
    outcomes
    |> ways
    |> List.choose (fun (way, all) -> summary (List.map testAuc all) |> Option.map (fun auc -> way, auc.Mean))

let private highest (outcomes: Outcome list) =
    match means outcomes with
    | [] -> None
    | all -> all |> List.maxBy snd |> fst |> Some

let private bestControl (outcomes: Outcome list) = outcomes |> List.filter _.Way.IsControl |> highest

// a way that is picked by a score looks better by it than it is
let private picked (ways: Outcome list) =
    match ways |> Outcomes.ways |> List.length with
    | 1 -> "the only way that was run"
    | n -> $"the highest of {n}, picked by this test score, which flatters it"

/// What comes out with fewer images: where they are few is what is asked.
let private atOtherSizes (lab: Lab) (outcomes: Outcome list) : string list = [
    let primary = lab.Primary
    let others = lab.Sizes |> List.filter (fun size -> size <> primary.Size && not (outcomes |> ofSize size).IsEmpty)

    for size in others do
        let here = outcomes |> ofSize size
        let mean way = here |> ofWay way |> meanOf 3 testAuc
        let gain = (Comparisons.judged lab aucScore primary.Way primary.Reference here).Comparison

        let control =
            match bestControl here with
            | Some control -> $"; the best control, {control}, has {mean control}"
            | None -> ""

        let compared =
            here |> List.filter (fun outcome -> List.contains outcome.Way.Name [ primary.Way; primary.Reference ])

        let oneClass =
            match Wording.answersOneClass compared with
            | [] -> ""
            | ways ->
                let ways = [ for way, n, all in ways -> $"{way} in {n} of {all} trainings" ]
                $"""; one class is all that is answered by {String.concat ", by " ways}"""

        $"With {Wording.size size}: {primary.Way} {mean primary.Way}, {primary.Reference} {mean primary.Reference}, difference {Openings.effect gain}{control}{oneClass}."
]

let private worth (lab: Lab) (outcomes: Outcome list) (judged: JudgedWay) =
    let primary = lab.Primary
    let of' = "Training images it is worth"

    let isBetter (judged: JudgedWay) = judged.Verdict = WayVerdict.Better || judged.Verdict = WayVerdict.BetterByLess

    // where most is known of it: with the fewest images with which a gain is shown
    let smaller =
        lab.Sizes
        |> List.takeWhile ((<>) primary.Size)
        |> List.tryFind (fun size ->
            outcomes |> ofSize size |> Comparisons.judged lab aucScore primary.Way primary.Reference |> isBetter)

    let read size why =
        let own = outcomes |> ofSize size |> ofWay primary.Way |> List.head |> trainImages

        {
            Of = of'
            Figure = $"{Gain.worth primary.Reference lab.Sizes outcomes primary.Way size}, for {own}"
            Note =
                $"that {primary.Reference} needs for the mean AUC that {primary.Way} has with {own}, read off its curve, without an interval{why}"
        }

    match lab.Sizes with
    | _ when not lab.HasVerdicts -> { Of = of'; Figure = "not shown"; Note = "as there are no verdicts" }
    | _ when not (isBetter judged) ->
        match smaller with
        | Some size -> read size $"; exploratory, as no gain is shown with {Wording.size primary.Size}"
        | None -> { Of = of'; Figure = "not shown"; Note = $"as no gain is shown with {Wording.size primary.Size}" }
    // by its curve, the reference never has with fewer images what is above all that it has
    | sizes when primary.Size = List.last sizes -> {
        Of = of'
        Figure = "not measured"
        Note = $"it takes {primary.Reference} with more images than {Wording.size primary.Size} (--target-size)"
      }
    | _ -> read primary.Size ""

let private boxes (lab: Lab) (outcomes: Outcome list) (judged: JudgedWay) control (overControl: JudgedWay option) = [
    let primary = lab.Primary
    let here = outcomes |> ofSize primary.Size
    let ways = transfers here

    match highest ways with
    | Some best -> {
        Of = $"Best way, {Wording.size primary.Size}"
        Figure = best
        Note = $"test ROC AUC {here |> ofWay best |> scoreText 3 aucScore}; {picked ways}"
      }
    | None -> ()

    {
        Of = $"Gain of {primary.Way} over {primary.Reference}, named beforehand"
        Figure = Openings.effect judged.Comparison
        Note =
            match control, overControl with
            | Some control, Some over -> $"and over the best control, {control}: {Openings.effect over.Comparison}"
            | _ -> "no control was run"
    }

    worth lab outcomes judged
]

// of every training that is compared, the best control's beside them
let private estimation (lab: Lab) (here: Outcome list) (judged: JudgedWay) control (overControl: JudgedWay option) =
    let primary = lab.Primary

    let scores way = [
        for place, outcome in here |> ofWay way |> List.sortBy (fun o -> o.Way.Seed, Way.draw o.Way) |> List.indexed do
            match testAuc outcome with
            | Some auc -> place, auc
            | None -> ()
    ]

    match judged.Comparison with
    | null -> None
    | _ ->
        Some {
            Score = "test ROC AUC"
            Ways = [ for way in [ primary.Reference; primary.Way; yield! Option.toList control ] -> way, scores way ]
            Differences = [
                yield! Openings.drawn primary.Way primary.Reference judged.Comparison
                match control, overControl with
                | Some control, Some over -> yield! Openings.drawn primary.Way control over.Comparison
                | _ -> ()
            ]
            Margin = lab.Options.Margin
        }

/// Verdict, trust, figures and plot of the primary comparison; beside it, the best control and what comes out with other numbers of images.
let ofOutcomes (lab: Lab) (question: string) (outcomes: Outcome list) : Opening =
    let primary = lab.Primary
    let here = outcomes |> ofSize primary.Size
    let judged = Comparisons.primary lab outcomes
    let control = bestControl here

    let overControl = control |> Option.map (fun control -> Comparisons.judged lab aucScore primary.Way control here)

    let trust, because = trust lab here judged

    {
        Question = question
        Setting = Openings.setting lab here
        Verdict = verdict lab judged
        Besides = atOtherSizes lab outcomes
        Trust = trust
        Because = because
        Boxes = boxes lab outcomes judged control overControl
        Estimation = estimation lab here judged control overControl
        Warnings = [
            yield!
                Openings.objections
                    primary.Way
                    primary.Reference
                    judged.Comparison
                    (Option.defaultValue "" control)
                    (overControl |> Option.map _.Comparison |> Option.toObj)

            yield!
                here
                |> List.filter (fun outcome -> List.contains outcome.Way.Name [ primary.Way; primary.Reference ])
                |> Wording.oneClass
                |> Option.toList

            yield! Decision.splitGap lab primary.Way here
        ]
    }
