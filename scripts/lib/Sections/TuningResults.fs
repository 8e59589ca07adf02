/// What was tried for each way, and what was chosen.
module MedTransfer.Recipes.Sections.TuningResults

open MedTransfer.Evaluation
open MedTransfer.Data.Resampling
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Trials.Tuning
open MedTransfer.Recipes
open MedTransfer.Recipes.Tuning
open MedTransfer.Recipes.Report

let private foldsOf (lab: Lab) = ResamplingOptions(Scheme = lab.Options.Resampling, Folds = lab.Options.Folds)

let private scheme (lab: Lab) = (foldsOf lab).Describe()

let private score (lab: Lab) = if Tuning.scoreOf lab = Metric.Accuracy then "ACC" else "ROC AUC"

/// A candidate's held-out scores minus those of the chosen one, fold by fold; nothing for that one, and for schemes that have no such interval.
let private minusChosen (folds: ResamplingOptions) (tried: TuningResult) (candidate: CandidateScore) =
    match Option.ofNullable folds.HeldOutOverTrained with
    | Some share when not (obj.ReferenceEquals(candidate, tried.Chosen)) ->
        let difference = ResampledDifference.Of(candidate.Folds, tried.Chosen.Folds, share)

        match difference.Interval95 with
        | null -> Outcomes.signed 3 difference.Mean
        | interval -> $"{Outcomes.signed 3 difference.Mean} {Outcomes.intervalText 3 interval}"
    | _ -> ""

let private meanText (values: float seq) = values |> Seq.map Some |> List.ofSeq |> Outcomes.meanText 3

/// A table a way of its candidates, best first; and the nested estimates, where they were asked for.
let section (lab: Lab) size (tuned: Tuned list) = [
    if not tuned.IsEmpty then
        Heading "Tuning"

        Text
            $"Each way but controls, ensembles and converged heads, each training of which chooses its own penalty, was tuned by itself, by {scheme lab} on one sample ({Wording.size size}) of its training images: the highest mean {score lab} of the held-out images is chosen, for all seeds and sizes. Test images had no part in it; an autoencoder has seen the held-out images, without their labels. The best of several is a little too good by itself."

        for index, way in List.indexed tuned do
            Table(
                $"tuning-{index + 1}",
                $"{way.Way}: held-out {score lab} over the folds, mean ± standard deviation; the first row was chosen. Minus the chosen: mean over folds and 95 %% interval, corrected for training parts that overlap (Nadeau and Bengio 2003); one that holds 0 might have been chosen as well.",
                Table.ofRows [ $"held-out {score lab}"; "minus the chosen" ] [
                    for candidate in way.Tried.Candidates |> Seq.sortByDescending _.Summary.Mean ->
                        candidate.Candidate.Label, [ meanText candidate.Folds; minusChosen (foldsOf lab) way.Tried candidate ]
                ]
            )

        match tuned |> List.choose (fun way -> way.Nested |> Option.map (fun nested -> way.Way, nested)) with
        | [] -> ()
        | nested ->
            Table(
                "nested",
                "Nested cross-validation (Varma & Simon 2006): each outer fold tunes on its training part alone and is scored on what it held out; an honest estimate of tuning and training together, beside what the inner folds promised.",
                Table.ofRows [ "promised"; "honest"; "chosen by the outer folds" ] [
                    for way, estimate in nested ->
                        way,
                        [
                            estimate.Folds |> Seq.map _.Inner |> meanText
                            estimate.Folds |> Seq.map _.Outer |> meanText
                            estimate.Folds
                            |> Seq.countBy _.Chosen.Label
                            |> Seq.map (fun (label, times) -> $"{label} ({times})")
                            |> String.concat "; "
                        ]
                ]
            )
]
