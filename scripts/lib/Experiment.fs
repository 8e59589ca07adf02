namespace MedTransfer.Recipes

/// What is peculiar to a recipe: its sets, and what is used where the command line is silent.
type Experiment = {
    Name: string
    /// Where weights are pretrained; None: on the target's own images.
    Source: string option
    Target: string
    /// What stands in for source and target where neither can be had.
    Phantoms: string * string
    /// Whether findings of the target are merged into healthy and disease.
    IsBinary: bool
    /// Samples of the target's training split to learn from, besides all of it.
    Samples: int list
    Epochs: int
    PretrainingEpochs: int
    BatchSize: int
    Seeds: int
    /// Options of other recipes that this one has no use for.
    Refused: string list
}

module Experiment =

    /// So many times the epochs may a training take that is stopped early.
    let longer = 3

    /// Of `--smoke`: images of each split that there are at most, unless more are asked for, and how many of the target's are learned from.
    let smokeExcerpt, smokeSample = 64, 48

    /// 300 images of one set: smart training, and an autoencoder that learns from all of its images without their labels.
    /// Batches are small because few images make few steps: 20 epochs of 300 images are 380 steps at 16, 100 at 64.
    let task1 = {
        Name = "task1"
        Source = None
        Target = "chestmnist"
        Phantoms = "phantom-chest", "phantom-chest"
        IsBinary = true
        Samples = [ 50; 100; 300; 1000 ]
        Epochs = 20
        PretrainingEpochs = 10
        BatchSize = 16
        Seeds = 10
        Refused = []
    }

    /// From one set to another.
    let task2 = {
        Name = "task2"
        Source = Some "chestmnist"
        Target = "pneumoniamnist"
        Phantoms = "phantom-chest", "phantom-pneumonia"
        IsBinary = false
        Samples = [ 300 ]
        Epochs = 20
        PretrainingEpochs = 20
        BatchSize = 64
        Seeds = 3
        Refused = [ "--patience" ]
    }
