using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Resampling;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Timing;

namespace MedTransfer.Tests.Trials;

[Collection(OneAtATime.Name)]
public sealed class TrialTimerTests : IDisposable
{
    private readonly SquaresTrials data = new();

    private static CancellationToken Unstopped => TestContext.Current.CancellationToken;

    public void Dispose() => data.Dispose();

    private Trial FineTuned => new(data.Spec with { Transfer = TransferPlan.FineTuned(data.Trial.AsOrigin), Fit = data.Spec.Fit with { Epochs = 5 } }, "fine-tuned");

    private Trial Stopped => new(data.Spec with { Fit = data.Spec.Fit with { EarlyStopping = new EarlyStopping { Patience = 1 } } }, "early stopping");

    private Trial Head => new(data.Spec with { Transfer = TransferPlan.RandomFeatures, Fit = new FitOptions { Solver = Solver.LogisticRegression } }, "head");

    [Fact]
    public void Seconds_are_in_proportion_to_images_and_later_epochs()
    {
        var timing = new TrialTiming { Session = default, Images = 600, TimedImages = 300, Rounds = [new(2, 1), new(3, 0.5)] };
        Assert.Equal([12, 10], timing.Seconds(5));
        Assert.Equal([4, 6], timing.Seconds(1));
    }

    [Fact]
    public void Timing_leaves_a_file_of_times_and_changes_nothing_else()
    {
        Trial[] trials = [data.Trial, FineTuned, Stopped, Head];
        data.Run(trials);
        var before = trials.Select(trial => SquaresTrials.Artefacts(Path.Combine(data.Runs, trial.Name))).ToList();
        using var runner = data.Runner();
        var timer = new TrialTimer(data.Runs, runner);
        Assert.Null(timer.Find(trials));

        var timings = timer.Measure(trials, Unstopped);

        Assert.All(timings, timing => Assert.Equal((40, 40, TrialTimer.Rounds), (timing.Images, timing.TimedImages, timing.Rounds.Count)));
        Assert.All(timings, timing => Assert.All(timing.Rounds, round => Assert.True(round.FirstEpoch > 0)));
        Assert.Equal([true, true, true, false], timings.Select(timing => timing.Rounds.All(round => round.LaterEpoch > 0)));
        Assert.Equal(
            before.Select(artefacts => artefacts.Select(artefact => artefact.ToString())),
            trials.Select(trial => SquaresTrials.Artefacts(Path.Combine(data.Runs, trial.Name)).Where(artefact => artefact.Name != "timing.json").Select(artefact => artefact.ToString())));
        Assert.Equal(trials.Select(trial => trial.Name).Append("embeddings").Append("test-ledger.claims").Order(StringComparer.Ordinal), Directory.GetDirectories(data.Runs).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(timings.Select(timing => string.Join(' ', timing.Rounds)), timer.Find(trials)!.Select(timing => string.Join(' ', timing.Rounds)));
    }

    [Fact]
    public void Times_of_two_sessions_are_not_compared_and_a_damaged_file_is_none()
    {
        Trial[] trials = [data.Trial, Head];
        data.Run(trials);
        using var runner = data.Runner();
        var timer = new TrialTimer(data.Runs, runner);
        timer.Measure([trials[0]], Unstopped);
        timer.Measure([trials[1]], Unstopped);
        Assert.NotNull(timer.Find([trials[0]]));
        Assert.Null(timer.Find(trials));
        File.WriteAllText(Path.Combine(data.Runs, trials[0].Name, "timing.json"), "{");
        Assert.Null(timer.Find([trials[0]]));
    }

    [Fact]
    public void Many_images_are_timed_by_whole_batches_of_a_sample_but_for_heads_and_folds()
    {
        NpzWriter.Write(data["many.npz"],
        [
            new("train_images", Squares.Pixels(340)), new("train_labels", Squares.Labels(340)),
            new("val_images", Squares.Pixels(20, first: 1)), new("val_labels", Squares.Labels(20)),
            new("test_images", Squares.Pixels(20, first: 2)), new("test_labels", Squares.Labels(20)),
        ]);
        var source = DatasetSource.Find(data["many.npz"], new DataFolders([]));
        var many = data.Spec with { Data = new DataReference { Path = source.Path, Digest = source.Md5 }, Fit = data.Spec.Fit with { Epochs = 1, BatchSize = 48 } };
        var folds = many with { Data = many.Target.WithFold(new ResamplingOptions { Folds = 2 }, 0) };
        Trial[] trials = [new(many, "many"), new(many with { Transfer = TransferPlan.RandomFeatures, Fit = new FitOptions { Solver = Solver.LogisticRegression } }, "head"), new(folds, "fold")];
        using var runner = new TrialRunner(data.Runs, [source]);
        runner.Run(trials, cancellation: Unstopped);
        Assert.Equal(
            [(340, 288), (340, 340), (170, 170)],
            new TrialTimer(data.Runs, runner).Measure(trials, Unstopped).Select(timing => (timing.Images, timing.TimedImages)));
    }

    [Fact]
    public void Training_that_fails_is_named_and_nothing_is_kept()
    {
        data.Run(data.Trial);
        using var runner = data.Runner();
        var orphan = new Trial(data.Spec with { Transfer = TransferPlan.FineTuned(Head.AsOrigin) }, "orphan");
        var timer = new TrialTimer(data.Runs, runner);
        Assert.StartsWith("orphan can't be timed: ", Assert.Throws<MedTransferException>(() => timer.Measure([data.Trial, orphan], Unstopped)).Message);
        Assert.Null(timer.Find([data.Trial]));
    }

    [Fact]
    public void Stopped_timing_leaves_nothing()
    {
        data.Run(data.Trial);
        using var runner = data.Runner();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var timer = new TrialTimer(data.Runs, runner);
        Assert.Throws<OperationCanceledException>(() => timer.Measure([data.Trial], stop.Token));
        Assert.Null(timer.Find([data.Trial]));
    }
}
