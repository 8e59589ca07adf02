namespace MedTransfer.Recipes

open System
open System.IO
open System.Threading
open MedTransfer
open MedTransfer.Data
open MedTransfer.Models
open MedTransfer.Training
open MedTransfer.Trials

/// A dataset that was found, and the parts of it a trial may name.
type LocatedDataset(source: DatasetSource) =

    /// MedMNIST's name, or the file's.
    member _.Name = source.Name

    /// Where its file is, and its digest.
    member _.File = source

    /// All of it.
    member _.All = DataReference(Source = source.Path, Digest = source.Md5)

    /// A stratified sample of its training split, drawn with the seed; validation and test stay whole.
    member dataset.Sample(size, seed: int) =
        match size with
        | AllImages -> dataset.All
        | Images n -> DataReference(Source = source.Path, Digest = source.Md5, TrainImages = Nullable n, SampleSeed = int64 seed)

/// One way of training on the target, with one seed and one size: a cell of the table.
type Way = {
    Name: string
    /// What the other ways are measured against, rather than a way of transfer.
    IsControl: bool
    Size: TargetSize
    Seed: int
    Trial: Trial
}

/// A way and what came of it.
type Outcome = { Way: Way; Result: TrialResult }

/// What a recipe works with: its options, datasets, trials, and where results go.
type Lab(recipe: string, options: Options, cancellation: CancellationToken) =
    let folders = DataFolders.InOrder(Option.toObj options.DataFolder, Path.Combine(Project.folder, "data"))

    let find reference = LocatedDataset(DatasetSource.Find(reference, folders))

    let source = find options.Source
    let target = find options.Target
    let runs = Path.Combine(options.Out, "runs")
    let reports = Path.Combine(options.Out, "reports", recipe)
    let runner = new TrialRunner(runs, [ source.File; target.File ])

    /// Options of the command line.
    member _.Options = options

    /// Where weights are pretrained.
    member _.Source = source

    /// Where they are transferred to.
    member _.Target = target

    /// 0, 1, ..., one a seed.
    member _.Seeds = [ 0 .. options.Seeds - 1 ]

    /// Sizes of the target's training split.
    member _.Sizes = options.TargetSizes

    /// Adam for the stated number of epochs.
    member _.Epochs n =
        FitOptions(Epochs = n, BatchSize = options.BatchSize, LearningRate = options.LearningRate, Keep = options.Keep)

    /// A trial on the chosen device.
    member _.Trial(label, data, plan, fit, seed: int, ?architecture) =
        let model = ModelOptions(Architecture = defaultArg architecture Architecture.ConvNet)

        Trial(
            TrialSpec(Data = data, Model = model, Transfer = plan, Fit = fit, Seed = int64 seed, Device = options.Device),
            label
        )

    /// The images and labels behind a reference.
    member _.Load(data: DataReference) = runner.Load data

    /// Runs what is not done yet, parents first, with a line of progress.
    member _.Run(parents: Trial list, ways: Way list) : Outcome list =
        let trials = parents @ (ways |> List.map _.Trial)
        Folder.assertWritable runs
        Folder.assertWritable reports
        use progress = new ProgressLine(trials |> List.distinctBy _.Name)

        let byName =
            runner.Run(trials, Action<_> progress.Show, cancellation)
            |> Seq.map (fun result -> result.Trial.Name, result)
            |> dict

        ways |> List.map (fun way -> { Way = way; Result = byName[way.Trial.Name] })

    /// Stops long work between two steps.
    member _.Cancellation = cancellation

    /// The file of that name among the recipe's reports.
    member _.ReportPath name = Path.Combine(reports, name)

    /// The recipe's name.
    member _.Name = recipe

    interface IDisposable with
        member _.Dispose() = runner.Dispose()
