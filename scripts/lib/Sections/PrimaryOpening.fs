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
    | WayVerdict.NoDifferenceShown -> Openings.undecided lab
    | WayVerdict.TooFewSeeds -> "not yet", $"{Comparison.FewestSeeds} seeds are the least for an interval"
    | WayVerdict.Untested -> "not yet", "there is no interval"
    | _ -> Openings.decided (Wording.trainings outcomes) (Wording.cases outcomes)

// the mean is all that ways and controls are ranked by
let private highest (outcomes: Outcome list) =
    outcomes
    |> ways
    |> List.choose (fun (way, all) -> summary (List.map testAuc all) |> Option.map (fun auc -> way, auc.Mean))
    |> function
        | [] -> None
        | all -> all |> List.maxBy snd |> fst |> Some

let private difference way reference (judged: JudgedWay) = [
    match judged.Comparison with
    | null -> ()
    | comparison -> $"{way} less {reference}", comparison.Difference, Option.ofObj comparison.Interval95
]

let private worth (lab: Lab) (outcomes: Outcome list) (judged: JudgedWay) =
    let primary = lab.Primary

    match lab.Sizes with
    | _ when judged.Verdict <> WayVerdict.Better && judged.Verdict <> WayVerdict.BetterByLess -> {
        Of = "Images it is worth"
        Figure = "not shown"
        Note = "as no gain is shown"
      }
    | []
    | [ _ ] -> {
        Of = "Images it is worth"
        Figure = "not measured"
        Note = "it takes trainings with several numbers of images (--target-size 50,100,300)"
      }
    | sizes -> {
        Of = "Images it is worth"
        Figure = Gain.worth primary.Reference sizes outcomes primary.Way primary.Size
        Note =
            $"that {primary.Reference} needs for the mean AUC that {primary.Way} has with {Wording.size primary.Size}, read off its curve, without an interval"
      }

/// Verdict, trust, figures and plot of the primary comparison; beside it, the best control.
let ofOutcomes (lab: Lab) (question: string) (outcomes: Outcome list) : Opening =
    let primary = lab.Primary
    let here = outcomes |> ofSize primary.Size
    let judged = Comparisons.primary lab outcomes
    let best = here |> transfers |> highest
    let control = here |> List.filter _.Way.IsControl |> highest
    let over control = Comparisons.judged lab aucScore primary.Way control here
    let trust, because = trust lab here judged

    {
        Question = question
        Verdict = verdict lab judged
        Trust = trust
        Because = because
        Boxes = [
            match best with
            | Some best -> {
                Of = $"Best way, {Wording.size primary.Size}"
                Figure = best
                Note = $"test ROC AUC {here |> ofWay best |> scoreText 3 aucScore}; highest by this very score"
              }
            | None -> ()
            {
                Of = $"Gain of {primary.Way} over {primary.Reference}, named beforehand"
                Figure = Openings.effect judged.Comparison
                Note =
                    match control with
                    | Some control -> $"and over the best control, {control}: {Openings.effect (over control).Comparison}"
                    | None -> "no control was run"
            }
            worth lab outcomes judged
        ]
        Estimation =
            match judged.Comparison with
            | null -> None
            | _ ->
                let shown = [ primary.Reference; primary.Way; yield! Option.toList control ]

                Some {
                    Score = "test ROC AUC"
                    Ways = [
                        for way in shown ->
                            way,
                            [
                                for place, outcome in
                                    here |> ofWay way |> List.sortBy (fun o -> o.Way.Seed, Way.draw o.Way) |> List.indexed do
                                    match testAuc outcome with
                                    | Some auc -> place, auc
                                    | None -> ()
                            ]
                    ]
                    Differences = [
                        yield! difference primary.Way primary.Reference judged
                        match control with
                        | Some control -> yield! difference primary.Way control (over control)
                        | None -> ()
                    ]
                }
        Warnings = [
            yield!
                Openings.objections
                    primary.Reference
                    judged.Comparison
                    (Option.defaultValue "" control)
                    (match control with
                     | Some control -> (over control).Comparison
                     | None -> null)

            yield!
                here
                |> List.filter (fun outcome -> List.contains outcome.Way.Name [ primary.Way; primary.Reference ])
                |> Wording.oneClass
                |> Option.toList
        ]
    }
