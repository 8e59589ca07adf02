namespace MedTransfer.Recipes

open System
open System.IO
open System.Threading
open MedTransfer.Data
open MedTransfer.Data.Checks
open MedTransfer.Training
open MedTransfer.Trials

/// What a recipe works with: its options and datasets, the design of its trials, their runs, and what their figures may be taken for.
type Lab(experiment: Experiment, command: string, options: Options, cancellation: CancellationToken) =
    let source, found = Datasets.find experiment options (Backbones.isNamed experiment options) cancellation
    let reports = Path.Combine(options.Out, "reports", experiment.Name)

    let sourceSets = [
        for name in options.Sources do
            if name <> "none" && not (Backbones.isOne options name) then
                let alone = { options with Source = Some name; Target = Some name }
                name, snd (Datasets.find experiment alone false cancellation)
    ]

    // without a source of its own a recipe pretrains on the target's images, but not on their labels
    do
        if experiment.Source.IsSome && not (Backbones.isNamed experiment options) then
            Checks.requireOther found "--source" source.File.Md5 source.Name

    let sets = source.File :: found.File :: [ for _, set in sourceSets -> set.File ]
    let runs = new TrialRuns(experiment.Name, options, reports, sets, cancellation)
    let target = found |> Datasets.asTarget experiment options runs.Load

    do
        if not experiment.AsksOfOwnImages then
            // where a recipe has no source of its own, it learns from a source's images alone
            let mayLackLabels set =
                set = source && set <> target && (experiment.Source.IsNone || experiment.PrimaryWithoutLabels.IsSome)

            Checks.requireUsable runs.Load mayLackLabels [ source; target ]

    let scheme =
        if experiment.AsksOfOwnImages then
            TestSchemes.Of(Checks.whole runs.Load target)
        else
            TestScheme.TestSplit

    let checks = Checks.find options.Allowed runs.Load (source :: List.map snd sourceSets) target scheme cancellation
    let evidence = Evidence(experiment, options, source :: List.map snd sourceSets, target, checks.Allowed)

    // one set asked about has sources of its own
    let backbone =
        if experiment.AsksOfOwnImages then
            None
        else
            Backbones.find options (runs.Load target.All).Info

    let design = Design(experiment, options, source, target, backbone, evidence, runs.Load)

    /// The recipe's name.
    member _.Recipe = experiment.Name

    /// Options of the command line.
    member _.Options = options

    /// What was typed, to run it again; of paths from the root the last name alone, as the page may go to others.
    member _.Command = command

    /// The command that trains what the report is made of anew, and compares; OUT stands for the folder of --out.
    member lab.RepeatCommand = ShellLine.here [ "dotnet"; "fsi"; "scripts/repeat.fsx"; "--"; lab.Below reports ]

    /// A folder of results as commands on a page name it: below the folder of --out, for which OUT stands.
    member _.Below(folder: string) =
        let below = Path.GetRelativePath(options.Out, folder)
        if options.Out = Folder.project then below else Path.Combine("OUT", below)

    /// Where weights are pretrained.
    member _.Source = source

    /// Whether one set is asked about, with sources of its own.
    member _.AsksOfOwnImages = experiment.AsksOfOwnImages

    /// Sets to pretrain on where several sources are compared, each by what the command line calls it.
    member _.SourceSets: (string * LocatedDataset) list = sourceSets

    /// What is transferred in place of a pretraining on a source set, which then is the target.
    member _.Backbone = backbone

    /// What is transferred, for captions: the source set's name and those of other sources, or the backbone's with how it sees images.
    member _.SourceName =
        let others = [
            for name in options.Sources do
                match sourceSets |> List.tryFind (fun (named, _) -> named = name) with
                | Some(_, set) -> set.Name
                | None when name = "none" -> ()
                | None -> nonNull (Path.GetFileName(Path.TrimEndingDirectorySeparator name))
        ]

        match backbone with
        | Some backbone -> backbone |> Backbones.caption (runs.Load target.All).Info
        | None -> source.Name :: others |> String.concat ", "

    /// Where they are transferred to.
    member _.Target = target

    /// What is to be known of the sets: read otherwise than it stands, hardly meant, or limiting what scores say. Each with its set's name.
    member _.Notes: (string * string) list = checks.Notes

    /// What is to be said before anything trains: of the sets, and of options that change nothing.
    member lab.Warnings: string list = [
        let longest = options.Epochs * Experiment.longer

        if options.Patience >= longest && not (List.contains "--patience" experiment.Refused) then
            $"Patience {options.Patience} is never lost within {longest} epochs: early stopping only keeps the best one."

        let pretrainsNothing = backbone.IsSome || (experiment.AsksOfOwnImages && sourceSets.IsEmpty)

        if pretrainsNothing && options.PretrainingEpochs <> experiment.PretrainingEpochs && not options.Smoke then
            "--pretraining-epochs changes nothing: no set is pretrained on."

        match backbone |> Option.bind _.Taken with
        | Some taken -> $"{taken}."
        | None -> ()

        for kind in options.Allowed do
            if checks.Allowed |> List.forall (fun (_, leak) -> leak.Kind <> kind) then
                $"--allow {LeakNames.ofKind kind} changes nothing: there is no such leak."

        if
            options.Shares.IsSome
            && [ options.Source; options.Target ] |> List.choose id |> List.forall (Directory.Exists >> not)
        then
            "--split changes nothing: no folder of images is named."

        for set, note in lab.Notes do
            $"Note: {set}: {note}"
    ]

    /// What the figures may be taken for.
    member _.Evidence = evidence

    /// Whether words may follow from the figures.
    member _.HasVerdicts = evidence.HasVerdicts

    /// Whether the study's figures may stand beside the target's.
    member _.ShowsStudy = evidence.ShowsStudy

    /// The same of the source.
    member _.ShowsStudyOfSource = evidence.ShowsStudyOfSource

    /// 0, 1, ..., one a seed.
    member _.Seeds = design.Seeds

    /// The same of ways that take seconds, of which there are more where the recipe says so.
    member _.QuickSeeds = design.QuickSeeds

    /// On which of the target's images ways are compared.
    member _.TestScheme = scheme

    /// The trainings of each way at that size, as draw of the sample and seed.
    member _.Repetitions(size: TargetSize) = design.Repetitions size

    /// The comparison that is named before anything is run.
    member _.Primary = design.Primary

    /// Sizes of the target's training split, fewest images first.
    member _.Sizes = design.Sizes

    /// The size that tables are about where there are several.
    member _.MainSize = design.MainSize

    /// Adam for the stated number of epochs on the target, with what is named of smart training and what the command line asks for;
    /// `rate` and `batch` are its step size and images a step where that asks for none, `frozen` says that all features stay.
    member _.Epochs(n, ?stopping, ?augmentation, ?checkpointEvery, ?throughFrozenLayers, ?rate, ?batch, ?frozen) =
        design.Epochs(
            n,
            ?stopping = stopping,
            ?augmentation = augmentation,
            ?checkpointEvery = checkpointEvery,
            ?throughFrozenLayers = throughFrozenLayers,
            ?rate = rate,
            ?batch = batch,
            ?frozen = frozen
        )

    /// A head alone to its optimum, on the target.
    member _.ToConvergence = design.ToConvergence

    /// The same of what other ways are read against, whatever is asked of trainings on the target.
    member _.Plainly = FitOptions().ToConvergence()

    /// Adam on the source, as plainly as the study.
    member _.Pretraining = design.Pretraining

    /// A trial on the chosen device, planned.
    member _.Trial(label, data, plan, fit, seed: int, ?architecture, ?dropout, ?model) =
        design.Trial(label, data, plan, fit, seed, ?architecture = architecture, ?dropout = dropout, ?model = model)

    /// The same of another objective than the labels of `data`: images of `source` take part, or `teacher` is learned from, where it sees such.
    member _.TrialOf(objective, label, data, plan, fit, seed: int, ?model, ?source: DataReference, ?teacher) =
        design.Trial(label, data, plan, fit, seed, objective = objective, ?model = model, ?source = source, ?teacher = teacher)

    /// The weights of several trainings of one network averaged, as far as that does no harm on validation.
    member _.Soup(label, parts: Trial list) = design.Soup(label, parts)

    /// An autoencoder of training images, without their labels; one for all seeds.
    member _.Autoencoder(label, images: DataReference, ?model) = design.Autoencoder(label, images, ?model = model)

    /// A training on each fold of the images, and the mean of the models it makes.
    member _.CrossValidated(label, data, seed: int, trialOn: DataReference -> Trial) =
        design.CrossValidated(label, data, seed, trialOn)

    /// The named ways, left out where the samples of that size can't be cut into folds, whatever the seed, or none are wanted; else none.
    member _.LeftOutWithoutFolds(size: TargetSize, ways: string list) : LeftOut list =
        match design.FoldsObstacle size with
        | None -> []
        | Some reason ->
            let leftOut = [ for way in ways -> { Way = way; Reason = reason } ]
            runs.Say leftOut
            leftOut

    /// Says on standard error what is left out and why, each once.
    member _.Say(leftOut: LeftOut list) = runs.Say leftOut

    /// The images and labels behind a reference.
    member _.Load(data: DataReference) : Dataset = runs.Load data

    /// Whether pictures of a set may enter the page: of everybody's, or as asked for.
    member _.ShowsPictures(set: LocatedDataset) = set.IsPublic || options.IncludesImages

    /// How often the test images behind a reference were scored, by whatever ran in this folder.
    member _.TestUse(data: DataReference) = runs.TestUse data

    /// Whether a trial was finished before.
    member _.IsDone(trial: Trial) : bool = runs.IsDone trial

    /// Seconds that each training takes alone, foretold from a few batches.
    member _.Forecast(trials: Trial list) : float list = runs.Forecast trials

    /// Runs what is not done yet, those that others need first; results in the order given.
    member _.Finish(trials: Trial list) = runs.Finish trials

    /// Why a trial can't take its weights over from its parent, which is done or among those given; None where it can, or takes none.
    member _.Obstacle(parents, trial: Trial) = runs.Obstacle(parents, trial)

    /// The ways that can be run, found out before anything trains; the others are said to be left out.
    member _.Runnable(pretraining, ways) = runs.Runnable(pretraining, ways) |> fst

    /// Runs the ways that can be run, and what they take their weights from.
    member _.Run(pretraining, ways) = runs.Run(pretraining, ways, [])

    /// The same, where the recipe has left out ways itself.
    member _.Run(pretraining, ways, leftOut) = runs.Run(pretraining, ways, leftOut)

    /// How long the trainings of finished trials take alone, by name; none in a run that is only to see that everything works.
    member _.Time(trials: Trial list) = runs.Time trials

    /// Stops long work between two steps.
    member _.Cancellation = cancellation

    /// Where the page and its tables go.
    member _.ReportFolder = reports

    interface IDisposable with
        member _.Dispose() = (runs :> IDisposable).Dispose()
