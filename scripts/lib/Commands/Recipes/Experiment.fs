namespace MedTransfer.Recipes

/// What is peculiar to a recipe: its sets, and what is used where the command line is silent.
type Experiment = {
    Name: string
    /// What it trains, in a sentence or two, for --help.
    Does: string
    /// How long that takes, for --help.
    Takes: string
    /// Where weights are pretrained; None: on the target's own images.
    Source: string option
    Target: string
    /// What stands in for source and target where neither can be had.
    Phantoms: string * string
    /// Whether findings of the target are merged into healthy and disease.
    IsBinary: bool
    /// Samples of the target's training split to learn from.
    Samples: int list
    /// Whether all of it is learned from too where no sizes are asked for.
    LearnsFromAll: bool
    Epochs: int
    PretrainingEpochs: int
    BatchSize: int
    /// Images a step that one may ask for, at least: 2 where ways tell the images of a batch apart.
    LeastBatchSize: int
    Seeds: int
    /// Of ways that take seconds, where they have more.
    QuickSeeds: int
    /// The comparison by test AUC that is named before anything is run, at the size that tables are about: a way, and what it is compared with.
    Primary: string * string
    /// The same where the source has no labels; None where it must have some.
    PrimaryWithoutLabels: (string * string) option
    /// Whether the target is the first word of the command line, sources are several, and folds take the place of splits that there are not.
    AsksOfOwnImages: bool
    /// Whether more sources than one may be named: all of them compared, or besides the first, whose images take part in training.
    TakesSeveralSources: bool
    /// Options of other recipes that this one has no use for.
    Refused: string list
}

module Experiment =

    /// So many times the epochs may a training take that is stopped early.
    let longer = 3

    /// Of `--smoke`: images of each split that there are at most, unless more are asked for, and how many of the target's are learned from.
    let smokeExcerpt, smokeSample = 64, 48

    /// Seeds on phantoms: their numbers prove nothing, so a few do.
    let mostOnPhantoms = 5

    /// 300 images of one set: smart training, and an autoencoder that learns from all of its images without their labels.
    /// Batches are small because few images make few steps: 20 epochs of 300 images are 380 steps at 16, 100 at 64.
    let task1 = {
        Name = "task1"
        Does =
            "Trains a small CNN on 300 images, plainly and in ways that should keep it from learning them by heart (early stopping, dropout, augmentation, checkpoints, cross-validation), and on more and fewer; then with the encoder of an autoencoder, which learns from all images without their labels."
        Takes = "on two cores about 6 minutes on phantoms, 6 to 8 on a set of 1,428 real images"
        Source = None
        Target = "chestmnist"
        Phantoms = "phantom-chest", "phantom-chest"
        IsBinary = true
        Samples = [ 50; 100; 300; 1000 ]
        LearnsFromAll = true
        Epochs = 20
        PretrainingEpochs = 10
        BatchSize = 16
        LeastBatchSize = 1
        Seeds = 10
        QuickSeeds = 10
        Primary = "all combined", "no transfer"
        PrimaryWithoutLabels = None
        AsksOfOwnImages = false
        TakesSeveralSources = false
        // augmentation is one of its ways, plans are its own, and its network has no batch norm
        Refused = [
            "--augment"
            "--budget"
            "--plans"
            "--ways"
            "--keep-statistics"
            "--weights"
            "--backbone"
            "--output"
            "--tokens"
            "--normalisation"
        ]
    }

    /// From one set to another.
    let task2 = {
        Name = "task2"
        Does =
            "Pretrains a small CNN on the source, then trains it on few and on all images of the target: without transfer, with transferred layers frozen, and fine-tuned."
        Takes =
            "on two cores some 3 minutes for a source of 1,428 images and PneumoniaMNIST; all 78,468 images of ChestMNIST take some ten more to pretrain on"
        Source = Some "chestmnist"
        Target = "pneumoniamnist"
        Phantoms = "phantom-chest", "phantom-pneumonia"
        IsBinary = false
        Samples = [ 300 ]
        LearnsFromAll = true
        Epochs = 20
        PretrainingEpochs = 20
        BatchSize = 64
        LeastBatchSize = 1
        Seeds = 5
        QuickSeeds = 5
        Primary = "fine-tuned", "no transfer"
        PrimaryWithoutLabels = None
        AsksOfOwnImages = false
        TakesSeveralSources = false
        Refused = [ "--patience"; "--budget" ]
    }

    /// The families of transfer under one comparison.
    let methods = {
        Name = "methods"
        Does =
            "Compares kinds of transfer from a source to few images of a target, on the same seeds, samples and epochs: weights (frozen, fine-tuned, averaged), embeddings that are made alike (CORAL, MMD, DANN, also without the target's labels), the source's images chosen by likeness (importance weighting, TrAdaBoost), relations between images (distillation), and weights learned without labels (autoencoder, VICReg, SimCLR). A source without labels leaves the last of these, and what is named beforehand is then VICReg, fine-tuned, minus no transfer. Of further sources, named by --source again (sets, imagenet-resnet18, files of weights, encoders), weights alone are transferred: frozen and fine-tuned."
        Takes =
            "on two cores some 10 minutes beside other work, fewer alone, for a source of 1,428 images, 100 and 300 images of PneumoniaMNIST and 10 seeds"
        Source = Some "chestmnist"
        Target = "pneumoniamnist"
        Phantoms = "phantom-chest", "phantom-pneumonia"
        IsBinary = true
        Samples = [ 100; 300 ]
        LearnsFromAll = false
        Epochs = 20
        PretrainingEpochs = 20
        BatchSize = 64
        LeastBatchSize = 2
        Seeds = 10
        QuickSeeds = 10
        Primary = "fine-tuned", "no transfer"
        PrimaryWithoutLabels = Some("VICReg, fine-tuned", "no transfer")
        AsksOfOwnImages = false
        TakesSeveralSources = true
        // its ways are its own; some of them can choose nothing by the target's labels
        Refused = [
            "--patience"
            "--budget"
            "--plans"
            "--ways"
            "--keep"
            "--keep-statistics"
            "--balance"
            "--tune"
            "--resampling"
            "--nested"
            "--folds"
            "--weights"
            "--backbone"
            "--output"
            "--tokens"
            "--normalisation"
        ]
    }

    /// Anybody's images: sources and ways against no transfer and controls, by folds where there is no test split.
    let transfer = {
        Name = "transfer"
        Does =
            "Asks of your images whether transfer helps, from which source and in which way: each way of each source, no transfer, and controls that need none, tested on images that their models did not learn from: a test split that is large enough, else five folds, or a fifth of many."
        Takes =
            "on two cores some minutes for 300 images with --ways frozen; trained ways of a ResNet take a minute or two each at 64 pixels, and many more at 224"
        Source = None
        Target = "pneumoniamnist"
        Phantoms = "phantom-pneumonia", "phantom-pneumonia"
        IsBinary = false
        Samples = []
        LearnsFromAll = true
        Epochs = 20
        PretrainingEpochs = 20
        BatchSize = 64
        LeastBatchSize = 1
        Seeds = 5
        QuickSeeds = 10
        Primary = "the best way of transfer, chosen on other images,", "no transfer"
        PrimaryWithoutLabels = None
        AsksOfOwnImages = true
        TakesSeveralSources = true
        Refused = [
            "--target"
            "--target-size"
            "--weights"
            "--backbone"
            "--patience"
            "--draws"
            "--tune"
            "--resampling"
            "--nested"
            "--folds"
        ]
    }
