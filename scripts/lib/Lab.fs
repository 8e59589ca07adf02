namespace MedTransfer.Recipes

open System
open System.IO
open System.Threading
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Phantoms
open MedTransfer.Data.Resampling
open MedTransfer.Evaluation.Verdicts
open MedTransfer.Models
open MedTransfer.Training
open MedTransfer.Transfer
open MedTransfer.Trials
open MedTransfer.Trials.Artefacts
open MedTransfer.Trials.Timing

/// What a recipe works with: its options, datasets, trials, and where results go.
type Lab(experiment: Experiment, command: string, options: Options, cancellation: CancellationToken) =
    let source, found =
        let source, target = Datasets.find experiment options cancellation
        source.WithUncertain options.UncertainAs, target.WithUncertain options.UncertainAs

    let runs = Path.Combine(options.Out, "runs")
    let reports = Path.Combine(options.Out, "reports", experiment.Name)
    let runner =
        new TrialRunner(runs, [ source.File; found.File ], Workers = options.Workers, Tell = (fun text -> eprintfn "%s" text))

    let leftOut = ResizeArray<LeftOut>()
    let mutable notesAreSaid = false

    // of 1e-3, 2e-3 and 3e-3 the one with the best validation PSNR after ten epochs
    let autoencoderRate = 3e-3

    do
        if options.Patience >= options.Epochs * Experiment.longer && not (List.contains "--patience" experiment.Refused) then
            eprintfn
                "Patience %d is never lost within %d epochs: early stopping only keeps the best one."
                options.Patience
                (options.Epochs * Experiment.longer)

    let target =
        if experiment.IsBinary && runner.Load(found.All).Info.Task = Nullable LabelTask.MultiLabel then
            found.Binarised
        else
            found

    let target =
        match options.Positive with
        | None -> target
        | Some name -> target |> Datasets.withPositive (runner.Load(target.All).Info) name

    let notes =
        lazy
            // one file in both roles is told of as the target
            ([ target; source ]
             |> List.distinctBy _.File.Md5
             |> List.rev
             |> List.collect (fun set -> [ for note in runner.Load(set.All).Notes -> set.Name, note ]))

    /// Options of the command line.
    member _.Options = options

    /// Where weights are pretrained.
    member _.Source = source

    /// Where they are transferred to.
    member _.Target = target

    /// 0, 1, ..., one a seed.
    member lab.Seeds =
        let usual =
            if lab.IsOnPhantoms then
                min experiment.Seeds Experiment.mostOnPhantoms
            else
                experiment.Seeds

        [ 0 .. Option.defaultValue usual options.Seeds - 1 ]

    /// Sizes of the target's training split, as asked for; by default the experiment's, where there are more images, and all.
    member _.Sizes =
        match options.TargetSizes with
        | Some sizes -> sizes
        | None ->
            let count = runner.Load(target.All).Train.Count
            let samples = if options.Smoke then [ Experiment.smokeSample ] else experiment.Samples

            let smaller = [
                for n in samples do
                    if n < count then
                        Images n
            ]

            if options.Smoke && not smaller.IsEmpty then
                smaller
            else
                smaller @ [ AllImages ]

    /// The size that tables are about where there are several: 300 images, or the fewest.
    member lab.MainSize = lab.Sizes |> List.tryFind ((=) (Images 300)) |> Option.defaultValue lab.Sizes.Head

    /// Whether images are drawn, of either set: their numbers must never pass for real ones.
    member _.IsOnPhantoms = source.File.IsPhantom || target.File.IsPhantom

    /// Whether words may follow from the figures: not from drawn images, nor from a run that is only to see that everything works. What was
    /// pretrained on drawn images and measured on others is a finding on those others, and may be put in words: the page says beside every
    /// figure that the source is drawn.
    member _.HasVerdicts = not target.File.IsPhantom && not options.Smoke

    /// Whether the study's figures may stand beside the target's: they are of that set, in any size, or of phantoms that stand in for it.
    member _.ShowsStudy = target.Is(experiment.Target, snd experiment.Phantoms)

    /// The same of the source.
    member _.ShowsStudyOfSource =
        source.Is(Option.defaultValue experiment.Target experiment.Source, fst experiment.Phantoms)

    /// What was typed, to run it again.
    member _.Command = command

    /// Adam for the stated number of epochs, with what is named of smart training.
    member _.Epochs(n, ?stopping, ?augmentation, ?checkpointEvery, ?throughFrozenLayers) =
        FitOptions(
            Epochs = n,
            BatchSize = options.BatchSize,
            LearningRate = options.LearningRate,
            Keep = (if Option.isSome checkpointEvery then KeptEpoch.Best else options.Keep),
            CheckpointEvery = defaultArg checkpointEvery 1,
            EarlyStopping = Option.toObj stopping,
            Augmentation = Option.toObj augmentation,
            ThroughFrozenLayers = defaultArg throughFrozenLayers false
        )

    /// An autoencoder of all the source's training images, without their labels; one for all seeds.
    member lab.Autoencoder label =
        let fit = FitOptions(Epochs = options.PretrainingEpochs, LearningRate = autoencoderRate)
        lab.Trial(label, lab.Source.All, TransferPlan.Scratch, fit, 0, Architecture.Autoencoder)

    /// A trial on the chosen device.
    member _.Trial(label, data, plan, fit, seed: int, ?architecture, ?dropout) =
        let model =
            ModelOptions(Architecture = defaultArg architecture Architecture.ConvNet, Dropout = defaultArg dropout 0.0)

        Trial(
            TrialSpec(
                Data = data,
                Model = model,
                Transfer = plan,
                Fit = fit,
                Seed = int64 seed,
                Device = options.Device,
                Threads = options.Threads
            ),
            label
        )

    /// A training on each fold of the images, and the mean of the models it makes.
    member _.CrossValidated(label, data: DataReference, seed: int, trialOn: DataReference -> Trial) : Trial list * Trial =
        let folds = ResamplingOptions(Folds = options.Folds, Seed = int64 seed)
        let parts = [ for fold in 0 .. options.Folds - 1 -> trialOn (data.WithFold(folds, fold)) ]

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

    /// Whether the samples of that size can be cut into folds, whatever the seed; where not, or where none are wanted, the ways that need them are left out.
    member lab.HasFolds(size: TargetSize, ways: string list) : bool =
        let obstacle seed =
            use drawn = target.Sample(size, seed).Draw(lab.Load target.All)
            let folds = ResamplingOptions(Folds = options.Folds, Seed = int64 seed)
            Folds.Obstacle(drawn.Train, folds, drawn.Info.LabelNames) |> Option.ofObj

        let reason =
            if options.Folds = 0 then
                Some "It needs folds, and --folds is 0."
            else
                lab.Seeds |> List.tryPick obstacle

        for way in ways do
            reason |> Option.iter (fun reason -> lab.LeaveOut(way, reason))

        reason.IsNone

    /// What is to be known of the sets: read otherwise than it stands, hardly meant, or limiting what scores say. Each with its set's name.
    member _.Notes: (string * string) list = notes.Value

    /// The images and labels behind a reference.
    member _.Load(data: DataReference) = runner.Load data

    /// Runs what is not done yet, those that others need first, and shows how far they are; results in the order given.
    member lab.Finish(trials: Trial list) : TrialResult list =
        Folder.assertWritable runs
        Folder.assertWritable reports

        if not notesAreSaid then
            notesAreSaid <- true

            for set, note in lab.Notes do
                eprintfn "Note: %s: %s" set note

        let isDone (trial: Trial) = TrialFolder(runs, trial.Name).IsDone
        let pending = trials |> List.distinctBy _.Name |> List.filter (isDone >> not)
        use progress = new Progress(pending, runner.Work, options.Workers)
        let finished = runner.Run(trials, Action<_> progress.Show, cancellation)
        progress.Finish()
        List.ofSeq finished

    /// Notes that a way can't be run, and why; said now, and on screen and page with the results. Once, however often it is noted.
    member _.LeaveOut(way: string, reason: string) =
        let entry = { Way = way; Reason = reason }

        if not (leftOut.Contains entry) then
            leftOut.Add entry
            eprintfn "Left out: %s: %s" way reason

    /// Why a trial can't take its weights over from its parent, which is done or among those given; None where it can, or takes none.
    member _.Obstacle(parents: Trial list, trial: Trial) : string option =
        trial.Spec.Transfer.Obstacle(runner.Transfer(trial, parents)) |> Option.ofObj

    /// The ways that can be run, found out before anything trains; the others are noted as left out.
    member lab.Runnable(pretraining: Trial list, ways: Way list) : Way list =
        let trialsOf (way: Way) = way.Parts @ [ way.Trial ]
        let parents = pretraining @ List.collect trialsOf ways

        ways
        |> List.filter (fun way ->
            match trialsOf way |> List.tryPick (fun trial -> lab.Obstacle(parents, trial)) with
            | None -> true
            | Some reason ->
                lab.LeaveOut(way.Name, reason)
                false)

    /// Runs the ways that can be run, and what they take their weights from.
    member lab.Run(pretraining: Trial list, asked: Way list) : Results =
        let ways = lab.Runnable(pretraining, asked)
        let finished = lab.Finish(pretraining @ (ways |> List.collect (fun way -> way.Parts @ [ way.Trial ])))
        let byName = dict [ for result in finished -> result.Trial.Name, result ]

        {
            Outcomes = [
                for way in ways ->
                    { Way = way; Result = byName[way.Trial.Name]; Parts = [ for part in way.Parts -> byName[part.Name] ] }
            ]
            LeftOut = List.ofSeq leftOut
            Pretraining = [ for trial in pretraining -> byName[trial.Name] ]
        }

    /// How long the trainings of finished trials take alone, by name: measured after all else, or as measured before; none where a run is
    /// only to see that everything works.
    member _.Time(trials: Trial list) : Map<string, TrialTiming> =
        let trials = trials |> List.distinctBy _.Name |> ResizeArray

        if options.Smoke || trials.Count = 0 then
            Map.empty
        else
            let timer = TrialTimer(runs, runner)
            let byName timings = Map [ for trial, timing in Seq.zip trials timings -> trial.Name, timing ]

            match timer.Find trials with
            | null ->
                eprintfn
                    "Timing %d trainings again, short and one after the other, so that their times can be compared: leave the machine alone."
                    trials.Count

                let clock = Diagnostics.Stopwatch.StartNew()

                try
                    let measured = timer.Measure(trials, cancellation)
                    eprintfn "Timed in %.0f s." clock.Elapsed.TotalSeconds
                    byName measured
                with :? MedTransferException as e ->
                    // the results stand without times
                    eprintfn "No times: %s" e.Message
                    Map.empty
            | known -> byName known

    /// Stops long work between two steps.
    member _.Cancellation = cancellation

    /// Where the page and its tables go.
    member _.ReportFolder = reports

    interface IDisposable with
        member _.Dispose() = runner.Dispose()
