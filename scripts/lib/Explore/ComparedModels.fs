namespace MedTransfer.Recipes

open System
open Deedle
open MedTransfer
open MedTransfer.Data
open MedTransfer.Evaluation
open MedTransfer.Evaluation.Cases
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Trials

/// Two trained models on the same test images.
type ComparedModels = {
    First: TrialResult
    Second: TrialResult
    /// Whose the test images are.
    Patients: Patients
    /// First less second, by the name of the score.
    Differences: (string * ModelDifference) list
} with

    /// A row a score: both figures, first less second, its 95 % interval and p, which are missing where there is none.
    member compared.Frame: Frame<string, string> =
        let column name (cell: ModelDifference -> float option) =
            name
            =?> series [
                for metric, difference in compared.Differences do
                    match cell difference with
                    | Some value -> Metric.InWords metric => value
                    | None -> ()
            ]

        let bound pick (difference: ModelDifference) = difference.Interval95 |> Option.ofObj |> Option.map pick

        frame [
            column "first" (_.First >> Some)
            column "second" (_.Second >> Some)
            column "difference" (_.Difference >> Some)
            column "low" (bound _.Low)
            column "high" (bound _.High)
            column "p" (_.PValue >> Option.ofNullable)
        ]

module ComparedModels =

    let private testImages (result: TrialResult) =
        let data = result.Trial.Spec.Target

        if not result.IsScoredOnTest then
            raise (
                MedTransferException
                    $"trial {result.Trial.Name} ({result.Trial.Label}) was not scored on the test images of {Describe.dataOf result.Trial}: compare classifiers that were, trials () lists them"
            )

        data.Digest, data.Binarised, data.UncertainAs, data.PositiveClass, data.Excerpt

    /// Their scores on the same test images, and how far these can be told apart.
    let between (first: TrialResult) (second: TrialResult) : ComparedModels =
        if testImages first <> testImages second then
            raise (
                MedTransferException
                    $"the trials have other test images, or labels of them ({Describe.dataOf first.Trial} and {Describe.dataOf second.Trial}): compare two that learned from one set"
            )

        let test = (Workplace.dataOf first).Test
        first.RequireTestLabels test.Labels
        second.RequireTestLabels test.Labels
        let patients = Patients.Of(test.Groups, test.Count)

        {
            First = first
            Second = second
            Patients = patients
            Differences = [
                for metric in CaseScores.Metrics do
                    match first.TestScore(metric, patients), second.TestScore(metric, patients) with
                    | null, _
                    | _, null -> ()
                    | one, other -> metric, ModelDifference.Of(one, other)
            ]
        }

    let private differenceText (difference: ModelDifference) =
        let value = Outcomes.signed 3 difference.Difference

        match difference.Interval95, Option.ofNullable difference.PValue with
        | null, _
        | _, None -> $"{value} (no interval)"
        | interval, Some p -> $"{value} {Outcomes.rangeText 3 interval}, {Outcomes.chance p}"

    // what keeps figures from being those of a model of patients' images, a sentence each
    let private remarks (compared: ComparedModels) : string list =
        let isDrawn (trial: Trial) = TrialImages.areDrawn trial.Spec
        let isSmoke (trial: Trial) = TrialImages.areExcerpt trial.Spec
        let isOnPhantoms = isDrawn compared.First.Trial || isDrawn compared.Second.Trial
        let isOfSmokeRun = isSmoke compared.First.Trial || isSmoke compared.Second.Trial

        [
            if isOnPhantoms then
                "Phantoms: these figures say nothing about patients."
            if isOfSmokeRun then
                "Of a smoke run, on a few images of every split: its numbers mean nothing."
            for place, result in [ "first", compared.First; "second", compared.Second ] do
                let parents = Workplace.needed result.Trial

                if not isOnPhantoms && List.exists isDrawn parents then
                    $"The {place} was pretrained on phantoms, images drawn by a program: what its weights learned there is of no patient."

                if not isOfSmokeRun && List.exists isSmoke parents then
                    $"The {place} was pretrained in a smoke run, on a few images: its weights have learned next to nothing there."
        ]

    /// A table, and what its intervals are of.
    let text (compared: ComparedModels) : string =
        let patients = compared.Patients
        let whose = if patients.HaveOneImageEach then "" else $" of {patients.Count} patients"

        String.concat "\n" [
            $"first:  {Describe.trial compared.First.Trial}"
            $"second: {Describe.trial compared.Second.Trial}"
            $"Both on the same {patients.Images} test images{whose}:"
            TerminalTable.text (
                Table.ofRows [ "first"; "second"; "first minus second, 95 % interval" ] [
                    for metric, difference in compared.Differences ->
                        Metric.InWords metric,
                        [ Outcomes.number 3 difference.First; Outcomes.number 3 difference.Second; differenceText difference ]
                ]
            )
            ""
            "The interval is of these two models on other such test images. Another seed would train other models, which it does not count in:"
            "what a way of training is worth takes several seeds, as recipes have them."
            yield! remarks compared
        ]
