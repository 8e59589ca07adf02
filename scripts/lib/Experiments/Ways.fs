namespace MedTransfer.Recipes

open MedTransfer.Evaluation.Cases
open MedTransfer.Trials

/// One way of training on the target, with one seed and one size: a cell of the table.
type Way = {
    Name: string
    /// What the other ways are measured against, rather than a way of transfer.
    IsControl: bool
    Size: TargetSize
    /// Pairs the ways: of initial weights and of the order of the images.
    Seed: int
    Trial: Trial
    /// The folds' trials, where the way is their mean; else none.
    Parts: Trial list
    /// Trainings on folds of its training images, by whose scores it is chosen; none where something else chooses.
    Inner: Trial list
}

/// The comparison, by test AUC, that is named before anything is run: all others are exploratory.
type Primary = { Way: string; Reference: string; Size: TargetSize }

module Way =

    /// A training that is compared with others.
    let trained name size seed trial = {
        Name = name
        IsControl = false
        Size = size
        Seed = seed
        Trial = trial
        Parts = []
        Inner = []
    }

    /// What the others are read against.
    let control name size seed trial = { trained name size seed trial with IsControl = true }

    /// The mean of several trainings.
    let ensemble name size seed (parts, trial) = { trained name size seed trial with Parts = parts }

    /// Which sample of the target's training split; one where all of it is learned from.
    let draw (way: Way) =
        let target = way.Trial.Spec.Target

        target.Folds
        |> Seq.tryLast
        |> Option.map _.SampleSeed
        |> Option.defaultValue 0L
        |> (+) target.SampleSeed
        |> int

    /// All it takes to run it, in the order it takes them.
    let trials (way: Way) : Trial list = way.Parts @ way.Inner @ [ way.Trial ]

/// A way and what came of it.
type Outcome = {
    Way: Way
    Result: TrialResult
    Parts: TrialResult list
    /// Whose the test images are.
    Patients: Patients
    /// Of the way's inner trainings.
    Inner: TrialResult list
}

/// A way that was not run because it can't be: found out before anything trains.
type LeftOut = { Way: string; Reason: string }

module LeftOut =

    /// The ways that have a reason in common, `a; b; c`, with that reason, in the order of the first of each.
    let byReason (leftOut: LeftOut list) : (string * string) list = [
        for reason, ways in leftOut |> List.groupBy _.Reason ->
            ways |> List.map _.Way |> List.distinct |> String.concat "; ", reason
    ]

/// Everything a run of a recipe gave.
type Results = {
    Outcomes: Outcome list
    /// What could not be run, said on screen and page.
    LeftOut: LeftOut list
    /// What the ways took their weights from, one a seed.
    Pretraining: TrialResult list
}
