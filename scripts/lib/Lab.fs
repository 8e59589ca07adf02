namespace MedTransfer.Recipes

open System
open System.IO
open System.Threading
open MedTransfer
open MedTransfer.Data
open MedTransfer.Models
open MedTransfer.Training
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

/// A way and what came of it.
type Outcome = { Way: Way; Result: TrialResult; Parts: TrialResult list }

/// Everything a run of a recipe gave.
type Results = {
    Outcomes: Outcome list
    /// What the ways took their weights from, one a seed.
    Pretraining: TrialResult list
}

/// What a recipe works with: its options, datasets, trials, and where results go.
type Lab(experiment: Experiment, command: string, options: Options, cancellation: CancellationToken) =
    let source, found = Datasets.find experiment options cancellation
    let runs = Path.Combine(options.Out, "runs")
    let reports = Path.Combine(options.Out, "reports", experiment.Name)
    let runner = new TrialRunner(runs, [ source.File; found.File ], Workers = options.Workers)

    let target =
        if experiment.IsBinary && runner.Load(found.All).Info.Task = Nullable LabelTask.MultiLabel then
            found.Binarised
        else
            found

    /// Options of the command line.
    member _.Options = options

    /// Where weights are pretrained.
    member _.Source = source

    /// Where they are transferred to.
    member _.Target = target

    /// 0, 1, ..., one a seed.
    member _.Seeds = [ 0 .. options.Seeds - 1 ]

    /// Sizes of the target's training split, as asked for; by default the experiment's, where there are more images, and all.
    member _.Sizes =
        match options.TargetSizes with
        | Some sizes -> sizes
        | None ->
            let count = runner.Load(target.All).Train.Count
            let samples = if options.Smoke then [ 64 ] else experiment.Samples

            let smaller = [
                for n in samples do
                    if n < count then
                        Images n
            ]

            if options.Smoke && not smaller.IsEmpty then
                smaller
            else
                smaller @ [ AllImages ]

    /// Whether the images are drawn: their numbers must never pass for real ones.
    member _.IsOnPhantoms = source.File.IsPhantom || target.File.IsPhantom

    /// What was typed, to run it again.
    member _.Command = command

    /// Adam for the stated number of epochs.
    member _.Epochs n =
        FitOptions(Epochs = n, BatchSize = options.BatchSize, LearningRate = options.LearningRate, Keep = options.Keep)

    /// A trial on the chosen device.
    member _.Trial(label, data, plan, fit, seed: int, ?architecture) =
        let model = ModelOptions(Architecture = defaultArg architecture Architecture.ConvNet)

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

    /// The images and labels behind a reference.
    member _.Load(data: DataReference) = runner.Load data

    /// Runs what is not done yet, parents first, and shows how far they are.
    member _.Run(pretraining: Trial list, ways: Way list) : Results =
        let trials = pretraining @ (ways |> List.collect (fun way -> way.Parts @ [ way.Trial ]))
        Folder.assertWritable runs
        Folder.assertWritable reports

        let isDone (trial: Trial) = TrialFolder(runs, trial.Name).IsDone
        let pending = trials |> List.distinctBy _.Name |> List.filter (isDone >> not)
        use progress = new Progress(pending, runner.Work, options.Workers)
        let finished = runner.Run(trials, Action<_> progress.Show, cancellation)
        progress.Finish()
        let byName = dict [ for result in finished -> result.Trial.Name, result ]

        {
            Outcomes = [
                for way in ways ->
                    { Way = way; Result = byName[way.Trial.Name]; Parts = [ for part in way.Parts -> byName[part.Name] ] }
            ]
            Pretraining = [ for trial in pretraining -> byName[trial.Name] ]
        }

    /// Stops long work between two steps.
    member _.Cancellation = cancellation

    /// The file of that name among the recipe's reports.
    member _.ReportPath name = Path.Combine(reports, name)

    interface IDisposable with
        member _.Dispose() = runner.Dispose()
