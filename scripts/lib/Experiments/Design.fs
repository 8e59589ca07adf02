namespace MedTransfer.Recipes

open MedTransfer
open MedTransfer.Training.Objectives
open MedTransfer.Data
open MedTransfer.Data.Resampling
open MedTransfer.Models
open MedTransfer.Training
open MedTransfer.Transfer
open MedTransfer.Trials

/// The design of an experiment: its seeds and sizes, and the trials that its ways consist of. Plans, and trains nothing.
type Design
    (
        experiment: Experiment,
        options: Options,
        source: LocatedDataset,
        target: LocatedDataset,
        backbone: Backbone option,
        evidence: Evidence,
        load: DataReference -> Dataset
    ) =

    // of 1e-3, 2e-3 and 3e-3 the one with the best validation PSNR after ten epochs
    let autoencoderRate = 3e-3

    let usualRate = 1e-3

    let sizeOfSource (data: Dataset) =
        let size = (load source.All).Info.ImageSize
        if size = data.Info.ImageSize then None else Some size

    let seeds usual =
        let usual = if evidence.IsOnPhantoms then min usual Experiment.mostOnPhantoms else usual

        [ 0 .. Option.defaultValue usual options.Seeds - 1 ]

    let batchOr usual = options.BatchSize |> Option.defaultValue usual
    let rateOr usual = options.LearningRate |> Option.defaultValue usual

    /// 0, 1, ..., one a seed.
    member _.Seeds = seeds experiment.Seeds

    /// The same of ways that take seconds.
    member _.QuickSeeds = seeds experiment.QuickSeeds

    /// Sizes of the target's training split, as asked for; by default the experiment's, where there are more images, and all.
    member _.Sizes =
        let count = (load target.All).Train.Count

        let tooMany =
            function
            | Images n when n > count -> Some n
            | _ -> None

        match options.TargetSizes with
        | _ when experiment.AsksOfOwnImages -> [ AllImages ]
        | Some sizes when List.exists (tooMany >> Option.isSome) sizes ->
            let asked = List.pick tooMany sizes
            let name = (load target.All).Info.Name

            raise (
                MedTransferException
                    $"--target-size names {asked} images, but {name} has {count} to train on: name fewer, or all."
            )
        // as many as there are is no sample of them
        | Some sizes when List.contains AllImages sizes -> sizes |> List.filter ((<>) (Images count))
        | Some sizes -> sizes
        | None ->
            let samples = if options.Smoke then [ Experiment.smokeSample ] else experiment.Samples

            let smaller = [
                for n in samples do
                    if n < count then
                        Images n
            ]

            // of all images a backbone's training takes hours on a processor: that is for those who ask for it
            if (options.Smoke || backbone.IsSome || not experiment.LearnsFromAll) && not smaller.IsEmpty then
                smaller
            else
                smaller @ [ AllImages ]

    /// The size that tables are about where there are several: 300 images, or the fewest.
    member design.MainSize = design.Sizes |> List.tryFind ((=) (Images 300)) |> Option.defaultValue design.Sizes.Head

    /// The trainings of each way at that size, as draw of the sample and seed: each seed has a sample of its own, or all have each of those
    /// asked for; where all images are learned from, there is one.
    member design.Repetitions(size: TargetSize) : (int * int) list =
        match size, options.Draws with
        | Images _, Some draws -> List.allPairs [ 0 .. draws - 1 ] design.Seeds
        | _ -> [ for seed in design.Seeds -> seed, seed ]

    /// What is compared before all else, named by the experiment before anything is run.
    member design.Primary: Primary =
        let named =
            match experiment.PrimaryWithoutLabels with
            | Some unlabelled when not (load source.All).Info.Task.HasValue -> unlabelled
            | _ -> experiment.Primary

        let way, reference = backbone |> Option.map (Backbones.primary options) |> Option.defaultValue named

        { Way = way; Reference = reference; Size = design.MainSize }

    /// Adam for the stated number of epochs on the target, with what is named of smart training and what the command line asks for.
    /// Images that pass layers which all stay are not changed, unless that is named, so that they pass once.
    member _.Epochs(n, ?stopping, ?augmentation, ?checkpointEvery, ?throughFrozenLayers, ?rate, ?batch, ?frozen) =
        let asked =
            if options.Augment && not (defaultArg frozen false) then
                Some(Augmentation())
            else
                None

        FitOptions(
            Epochs = n,
            BatchSize = batchOr (defaultArg batch experiment.BatchSize),
            LearningRate = rateOr (defaultArg rate usualRate),
            Schedule = Option.toObj options.Schedule,
            WeightDecay = options.WeightDecay,
            Balance = options.Balance,
            Keep = (if Option.isSome checkpointEvery then KeptEpoch.Best else options.Keep),
            CheckpointEvery = defaultArg checkpointEvery 1,
            EarlyStopping = Option.toObj stopping,
            Augmentation = (augmentation |> Option.orElse asked |> Option.toObj),
            ThroughFrozenLayers = defaultArg throughFrozenLayers false
        )

    /// A head alone to its optimum, on the target.
    member _.ToConvergence = FitOptions(Balance = options.Balance).ToConvergence()

    /// Adam on the source, as plainly as the study, whatever is asked of trainings on the target: one pretraining serves many runs.
    member _.Pretraining =
        FitOptions(
            Epochs = options.PretrainingEpochs,
            BatchSize = batchOr experiment.BatchSize,
            LearningRate = rateOr usualRate,
            Keep = options.Keep
        )

    /// A trial on the chosen device; images of `source` take part in it and `teacher` is learned from where its objective sees such.
    member _.Trial
        (
            label,
            data: DataReference,
            plan,
            fit,
            seed: int,
            ?architecture,
            ?dropout,
            ?objective,
            ?model,
            ?source: DataReference,
            ?teacher: Teacher
        ) =
        let network = defaultArg architecture Architecture.ConvNet
        // controls take images as they are; a network that takes weights over sees images as large as those they were made on
        let input =
            if network.IsControl then None
            elif options.ImageSize.IsSome || backbone.IsSome then options.ImageSize
            else sizeOfSource (load data)

        let usual () =
            ModelOptions(
                Architecture = network,
                Dropout = defaultArg dropout 0.0,
                Input = (input |> Option.map (fun size -> ModelInput(ImageSize = size)) |> Option.toObj)
            )

        let model = model |> Option.defaultWith usual

        Trial(
            TrialSpec(
                Data = TrialData(Target = data, Source = Option.toObj source),
                Model = model,
                Teacher = Option.toObj teacher,
                Objective = defaultArg objective Objective.Classification,
                Transfer = plan,
                Fit = fit,
                Seed = int64 seed,
                Device = options.Device,
                Threads = options.Threads
            ),
            label
        )

    /// An autoencoder of training images, without their labels; one for all seeds. `model` is its network, by default as the recipe's trainings have it.
    member design.Autoencoder(label, images: DataReference, ?model) =
        let fit = FitOptions(Epochs = options.PretrainingEpochs, LearningRate = autoencoderRate)
        design.Trial(label, images, TransferPlan.Scratch, fit, 0, objective = Objective.Reconstruction, ?model = model)

    /// A training on each fold of the images, and the mean of the models it makes.
    member _.CrossValidated(label, data: DataReference, seed: int, trialOn: DataReference -> Trial) : Trial list * Trial =
        let folds = ResamplingOptions(Folds = options.Folds, Seed = int64 seed)

        let parts = [
            for fold in 0 .. options.Folds - 1 ->
                let trial = trialOn (data.WithFold(folds, fold))
                Trial(trial.Spec, $"{trial.Label}, fold {fold + 1} of {options.Folds}")
        ]

        let mean =
            TrialSpec(
                Data = data,
                Model = parts.Head.Spec.Model,
                Members = [| for part in parts -> part.Name |],
                Seed = int64 seed,
                Device = options.Device,
                Threads = options.Threads
            )

        parts, Trial(mean, label)

    /// The weights of several trainings of one network averaged, as far as that does no harm on validation.
    member _.Soup(label, parts: Trial list) : Trial =
        let first = parts.Head.Spec

        let soup =
            TrialSpec(
                Data = first.Data,
                Model = first.Model,
                Members = [| for part in parts -> part.Name |],
                Combination = MemberCombination.GreedySoup,
                Seed = first.Seed,
                Device = options.Device,
                Threads = options.Threads
            )

        Trial(soup, label)

    /// Why samples of that size can't be cut into folds, of some seed; None where they can.
    member design.FoldsObstacle(size: TargetSize) : string option =
        let obstacle (draw, seed) =
            use drawn = target.Sample(size, draw).Draw(load target.All)
            let folds = ResamplingOptions(Folds = options.Folds, Seed = int64 seed)
            Folds.Obstacle(drawn.Train, folds, drawn.Info.LabelNames) |> Option.ofObj

        if options.Folds = 0 then
            Some "It needs folds, and --folds is 0."
        else
            design.Repetitions size |> List.tryPick obstacle
