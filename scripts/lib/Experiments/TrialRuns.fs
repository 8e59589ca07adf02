namespace MedTransfer.Recipes

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Threading
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Catalogue
open MedTransfer.Evaluation.Cases
open MedTransfer.Runtime
open MedTransfer.Trials
open MedTransfer.Trials.Artefacts
open MedTransfer.Trials.Execution
open MedTransfer.Trials.Execution.Slurm
open MedTransfer.Trials.Timing

/// Runs trials on these sets, shows how far they are, and keeps what they leave in `runs/`; reports are to go to a folder of their own.
type TrialRuns(recipe: string, options: Options, reports: string, sets: DatasetSource list, cancellation: CancellationToken) =
    let folder = Path.Combine(options.Out, "runs")
    let notices = ResizeArray<string>()

    // told while trials run
    let mutable tell: string -> unit = notices.Add

    let engine: Func<int, IExecutor> | null =
        match options.Engine with
        | ThisMachine -> null
        | Slurm(asked, detaches) ->
            let script = Path.Combine(Folder.project, "scripts", $"{recipe}.fsx")
            let again = [ DotnetHost.Path; "fsi"; script; "--" ] @ options.Words

            Func<_, _>(fun _ ->
                new SlurmExecutor(
                    folder,
                    TrialRuns.jobs options,
                    asked,
                    Detaches = detaches,
                    Page = PageCommand(Environment.CurrentDirectory, ResizeArray again, Path.GetFullPath reports),
                    Notice = Action<_>(fun text -> tell text)
                ))

    let runner =
        new TrialRunner(
            folder,
            sets,
            Recipe = recipe,
            Workers = options.Workers,
            Notice = Action<_> notices.Add,
            Unpacking = UnpackingDisplay.report (),
            Cancellation = cancellation,
            Executor = engine
        )

    // a tuned recipe finds them out twice
    let said = HashSet<LeftOut>()

    /// Where what is submitted to a cluster lies.
    static member jobs(options: Options) = Path.Combine(options.Out, "jobs")

    /// The images and labels behind a reference.
    member _.Load(data: DataReference) : Dataset = runner.Load data

    /// Whether a trial was finished before.
    member _.IsDone(trial: Trial) : bool = TrialFolder(folder, trial.Name).IsDone

    /// Seconds that each training takes alone, foretold from a few batches.
    member _.Forecast(trials: Trial list) : float list =
        TrainingForecast(folder, runner).Seconds(ResizeArray trials, cancellation) |> List.ofSeq

    /// How often the test images behind a reference were scored, by whatever ran in this folder.
    member _.TestUse(data: DataReference) : TestUse = TestLedger(folder).Of(runner.TestDigest data)

    /// Runs what is not done yet, those that others need first, and shows how far they are; results in the order given.
    member runs.Finish(trials: Trial list) : TrialResult list =
        Folder.assertWritable folder
        Folder.assertWritable reports
        let pending = trials |> List.distinctBy _.Name |> List.filter (runs.IsDone >> not)
        use progress = new Progress(pending, runner.Work, options.Workers)
        tell <- progress.Note

        try
            let finished = runner.Run(trials, Action<_> progress.Show, cancellation)
            progress.Finish()
            List.ofSeq finished
        finally
            for notice in notices do
                eprintfn "%s" notice

            notices.Clear()

    /// Says on standard error what is left out and why, each once and a line a reason.
    member _.Say(leftOut: LeftOut list) =
        for ways, reason in leftOut |> List.filter said.Add |> LeftOut.byReason do
            eprintfn "Left out: %s: %s" ways reason

    /// Why a trial can't take its weights over from its parent, which is done or among those given; None where it can, or takes none.
    member _.Obstacle(parents: Trial list, trial: Trial) : string option =
        trial.Spec.Transfer.Obstacle(runner.Transfer(trial, parents)) |> Option.ofObj

    /// The ways that can be run, found out before anything trains, and the others.
    member runs.Runnable(pretraining: Trial list, ways: Way list) : Way list * LeftOut list =
        let parents = pretraining @ List.collect Way.trials ways

        let obstacles = [ for way in ways -> way, Way.trials way |> List.tryPick (fun trial -> runs.Obstacle(parents, trial)) ]

        let leftOut =
            List.distinct [
                for way, obstacle in obstacles do
                    match obstacle with
                    | Some reason -> { Way = way.Name; Reason = reason }
                    | None -> ()
            ]

        runs.Say leftOut

        [
            for way, obstacle in obstacles do
                if obstacle.IsNone then
                    way
        ],
        leftOut

    /// Runs the ways that can be run, and what they take their weights from; what the recipe left out itself stands beside those that can't.
    member runs.Run(pretraining: Trial list, asked: Way list, leftOut: LeftOut list) : Results =
        runs.Say leftOut
        let ways, others = runs.Runnable(pretraining, asked)
        let finished = runs.Finish(pretraining @ List.collect Way.trials ways)
        let byName = dict [ for result in finished -> result.Trial.Name, result ]

        for way in ways do
            let target = runner.Load way.Trial.Spec.Target

            for trial in Way.trials way do
                byName[trial.Name].RequireTestLabels target.Test.Labels

        // all of a set's trials have the same test images, whatever they learn from
        let patients =
            Map [
                for data in ways |> List.map _.Trial.Spec.Target |> List.distinctBy _.Digest ->
                    let test = (runner.Load data).Test
                    data.Digest, Patients.Of(test.Groups, test.Count)
            ]

        {
            Outcomes = [
                for way in ways ->
                    {
                        Way = way
                        Result = byName[way.Trial.Name]
                        Parts = [ for part in way.Parts -> byName[part.Name] ]
                        Patients = patients[way.Trial.Spec.Target.Digest]
                        Inner = [ for inner in way.Inner -> byName[inner.Name] ]
                    }
            ]
            LeftOut = List.distinct (leftOut @ others)
            Pretraining = [ for trial in pretraining -> byName[trial.Name] ]
        }

    /// How long the trainings of finished trials take alone, by name: measured after all else, or as measured before; none where a run is
    /// only to see that everything works.
    member _.Time(trials: Trial list) : Map<string, TrialTiming> =
        let trials = trials |> List.distinctBy _.Name |> ResizeArray

        if options.Smoke || trials.Count = 0 then
            Map.empty
        else
            let timer = TrialTimer(folder, runner)
            let byName timings = Map [ for trial, timing in Seq.zip trials timings -> trial.Name, timing ]

            match timer.Find trials with
            | null when options.Engine <> ThisMachine ->
                eprintfn "No times of trainings: they ran on a cluster's nodes, which may differ."
                Map.empty
            | null ->
                eprintfn
                    "Timing %d trainings again, short and one after the other, so that their times can be compared: leave the machine alone."
                    trials.Count

                let clock = Stopwatch.StartNew()

                try
                    let measured = timer.Measure(trials, cancellation)
                    eprintfn "Timed in %.0f s." clock.Elapsed.TotalSeconds
                    byName measured
                with :? MedTransferException as e ->
                    // the results stand without times
                    eprintfn "No times: %s" e.Message
                    Map.empty
            | known -> byName known

    interface IDisposable with
        member _.Dispose() = runner.Dispose()
