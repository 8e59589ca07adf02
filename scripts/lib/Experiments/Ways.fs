namespace MedTransfer.Recipes

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
}

module Way =

    /// A training that is compared with others.
    let trained name size seed trial = { Name = name; IsControl = false; Size = size; Seed = seed; Trial = trial; Parts = [] }

    /// What the others are read against.
    let control name size seed trial = { trained name size seed trial with IsControl = true }

    /// The mean of several trainings.
    let ensemble name size seed (parts, trial) = { trained name size seed trial with Parts = parts }

    /// All it takes to run it, in the order it takes them.
    let trials (way: Way) : Trial list = way.Parts @ [ way.Trial ]

/// A way and what came of it.
type Outcome = { Way: Way; Result: TrialResult; Parts: TrialResult list }

/// A way that was not run because it can't be: found out before anything trains.
type LeftOut = { Way: string; Reason: string }

/// Everything a run of a recipe gave.
type Results = {
    Outcomes: Outcome list
    /// What could not be run, said on screen and page.
    LeftOut: LeftOut list
    /// What the ways took their weights from, one a seed.
    Pretraining: TrialResult list
}
