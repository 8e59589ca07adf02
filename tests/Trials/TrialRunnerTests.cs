using System.Text.Json;
using MedTransfer.Evaluation;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Tests.Training;
using MedTransfer.Training.Schedules;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Tests.Trials;

[Collection(OneAtATime.Name)]
public sealed class TrialRunnerTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void Runs_in_two_folders_are_the_same_to_the_byte() => data.RunTwice(data.Trial);

    [Fact]
    public void Killed_trial_runs_again_to_the_same_bytes()
    {
        var folder = data.Run(data.Trial)[0].Folder.FullPath;
        var artefacts = SquaresTrials.Artefacts(folder);
        File.Delete(Path.Combine(folder, "metrics.json"));
        File.Delete(Path.Combine(folder, "history.csv"));
        File.WriteAllText(Path.Combine(folder, "predictions.csv"), "of another run");

        data.Run(data.Trial);

        Assert.Equal(artefacts, SquaresTrials.Artefacts(folder));
    }

    [Fact]
    public void Finished_trial_is_read_and_not_run_again()
    {
        var first = data.Run(data.Trial)[0];
        var environment = File.ReadAllBytes(Path.Combine(first.Folder.FullPath, "environment.json"));
        var told = new List<TrialProgress>();
        using var runner = new TrialRunner(data.Runs, []);   // its data need not be at hand either

        var second = runner.Run([data.Trial], told.Add, TestContext.Current.CancellationToken)[0];

        Assert.Equal([(TrialStage.Found, 1, 1)], told.Select(progress => (progress.Stage, progress.Ended, progress.Of)));
        Assert.Equal(environment, File.ReadAllBytes(Path.Combine(first.Folder.FullPath, "environment.json")));
        Assert.Equal(first.History, second.History);
        Assert.Equal(first.Environment, second.Environment);
        Assert.Equal(first.Metrics.Test, second.Metrics.Test);
        Assert.Equal(Json(first.Metrics), Json(second.Metrics));
    }

    [Fact]
    public void Parents_run_first_and_their_features_stay_where_frozen()
    {
        var parent = data.Trial;
        var frozen = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(parent.AsOrigin), Seed = 2 }, "frozen");
        var tuned = new Trial(data.Spec with { Transfer = TransferPlan.FineTuned(parent.AsOrigin), Seed = 2 }, "tuned");
        var told = new List<TrialProgress>();
        using var runner = data.Runner();

        var results = runner.Run([frozen, tuned, parent, frozen], told.Add, TestContext.Current.CancellationToken);

        Assert.Equal(["frozen", "tuned", "scratch"], results.Select(result => result.Trial.Label));
        Assert.Equal(
            [("scratch", TrialStage.Started, 0), ("scratch", TrialStage.Done, 1), ("tuned", TrialStage.Started, 1), ("tuned", TrialStage.Done, 2), ("frozen", TrialStage.Started, 2), ("frozen", TrialStage.Done, 3)],
            told.Where(progress => progress.Epoch is null).Select(progress => (progress.Trial.Label, progress.Stage, progress.Ended)));
        Assert.Equal([1, 2], told.Where(progress => progress.Trial.Label == "tuned").Select(progress => progress.Epoch?.Epoch).OfType<int>());
        var (ofFrozen, ofTuned, ofParent) = (Weights(results[0]), Weights(results[1]), Weights(results[2]));
        foreach (var name in ofParent.Keys.Where(name => name.StartsWith("features.", StringComparison.Ordinal)))
        {
            Assert.Equal(ofParent[name].Data.ToArray(), ofFrozen[name].Data.ToArray());
            Assert.NotEqual(ofParent[name].Data.ToArray(), ofTuned[name].Data.ToArray());
        }

        Assert.NotEqual(ofParent["head.weight"].Data.ToArray(), ofFrozen["head.weight"].Data.ToArray());
        Assert.Equal(Architecture.ConvNet.FeatureLayerNames, results[0].Metrics.Transferred);
        Assert.Empty(results[0].Metrics.NotTransferred);
        Assert.Equal(18, results[0].Metrics.TrainableParameters);   // a head from 8 to 2
        Assert.Equal(results[1].Metrics.Parameters, results[1].Metrics.TrainableParameters);
    }

    [Fact]
    public void Layers_that_do_not_fit_are_listed()
    {
        var child = new Trial(data.Spec with { Transfer = TransferPlan.FineTuned(data.Trial.AsOrigin), Model = new() { Latent = 9 } }, "wider");

        var metrics = data.Run(data.Trial, child)[1].Metrics;

        Assert.Equal(["features.conv1", "features.conv2", "features.conv3"], metrics.Transferred);
        Assert.Equal(["features.latent: weight is (8, 576), not (9, 576), bias is (8), not (9)"], metrics.NotTransferred);
    }

    [Fact]
    public void Missing_parent_is_named()
    {
        var child = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(data.Trial.AsOrigin) }, "frozen");

        var error = Assert.Throws<MedTransferException>(() => data.Run(child));

        Assert.Contains(data.Trial.Name, error.Message, StringComparison.Ordinal);
        Assert.Contains("(frozen)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finished_child_needs_its_parent_no_more()
    {
        var child = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(data.Trial.AsOrigin) }, "frozen");
        data.Run(data.Trial, child);
        Directory.Delete(Path.Combine(data.Runs, data.Trial.Name), recursive: true);

        Assert.Equal(child.Name, data.Run(child)[0].Trial.Name);
    }

    [Fact]
    public void Data_that_is_not_at_hand_is_named()
    {
        var changed = new Trial(data.Spec with { Data = data.Spec.Target with { Digest = new string('0', 32) } }, "");

        var error = Assert.Throws<MedTransferException>(() => data.Run(changed));

        Assert.Contains(data.Source.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelled_trial_is_not_done_and_runs_later()
    {
        using var stop = new CancellationTokenSource();
        using var runner = data.Runner();

        Assert.Throws<OperationCanceledException>(() => runner.Run(
            [data.Trial],
            progress =>
            {
                if (progress.Epoch is not null)
                    stop.Cancel();
            },
            stop.Token));

        Assert.False(new TrialFolder(data.Runs, data.Trial.Name).IsDone);
        Assert.Equal(2, data.Run(data.Trial)[0].History.Count);
    }

    [Theory]
    [InlineData(false, new[] { 2, 3, 4 })]
    [InlineData(true, new[] { 1, 2, 3, 4 })]
    public void Stopped_trial_goes_on_to_the_bytes_of_one_that_was_not(bool damaged, int[] trained)
    {
        var spec = data.Spec with
        {
            Fit = new() { Epochs = 4, BatchSize = 16, WeightDecay = 0.01, Schedule = new StepDecay(), EarlyStopping = new() { Metric = Metric.RocAuc, Patience = 9 } },
        };
        var trial = new Trial(spec, "stopped");
        using var elsewhere = data.Runner(data["elsewhere"]);
        var whole = elsewhere.Run([trial], cancellation: TestContext.Current.CancellationToken)[0];
        using var runner = data.Runner();
        Assert.Throws<OperationCanceledException>(() => runner.Run(
            [trial], progress => _ = progress.Epoch?.Epoch == 2 ? throw new OperationCanceledException() : 0, TestContext.Current.CancellationToken));
        var checkpoint = Path.Combine(data.Runs, trial.Name, "checkpoint");
        if (damaged)
            File.WriteAllText(Assert.Single(Directory.GetFiles(checkpoint, "trained*")), "broken");

        var told = new List<int>();
        var result = runner.Run([trial], progress => told.AddRange(new[] { progress.Epoch?.Epoch }.OfType<int>()), TestContext.Current.CancellationToken)[0];

        Assert.Equal(trained, told);
        Assert.Equal(SquaresTrials.Artefacts(whole.Folder.FullPath), SquaresTrials.Artefacts(result.Folder.FullPath));
        Assert.Equal(4, result.History.Count);
        Assert.False(Directory.Exists(checkpoint));
    }

    [Fact]
    public async Task Trial_that_another_run_trains_is_waited_for_and_not_trained_again()
    {
        var other = data.Run(data.Trial)[0].Folder.FullPath;
        using var runner = data.Runner(data["elsewhere"]);
        var here = new TrialFolder(data["elsewhere"], data.Trial.Name);
        var told = new List<TrialStage>();
        Task<IReadOnlyList<TrialResult>> run;
        using (here.Claim(TestContext.Current.CancellationToken))
        {
            run = Task.Run(() => runner.Run([data.Trial], progress => told.Add(progress.Stage)), TestContext.Current.CancellationToken);
            await Task.Delay(300, TestContext.Current.CancellationToken);
            Assert.False(run.IsCompleted);
            foreach (var file in Directory.GetFiles(other))
                File.Copy(file, Path.Combine(here.FullPath, Path.GetFileName(file)));
        }

        await run;
        Assert.Equal([TrialStage.Started, TrialStage.Done], told);
        Assert.Equal(Directory.GetFiles(other).Length, Directory.GetFiles(here.FullPath).Length);
    }

    // the parent is asked for too, as recipes do
    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("metrics.json")]
    public void Damaged_trial_is_said_before_another_trains(string file)
    {
        var path = Path.Combine(data.Run(data.Trial)[0].Folder.FullPath, file);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^20]);
        var child = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(data.Trial.AsOrigin) }, "frozen");
        var other = new Trial(data.Spec with { Seed = 2 }, "other");

        var error = Assert.Throws<MedTransferException>(() => data.Run(other, data.Trial, child));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("folder and run again", error.Message, StringComparison.Ordinal);
        Assert.False(new TrialFolder(data.Runs, other.Name).IsBegun);
    }

    [Fact]
    public void Failed_trial_is_said_when_the_others_are_done()
    {
        var child = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(data.Trial.AsOrigin) }, "frozen");
        var other = new Trial(data.Spec with { Seed = 2 }, "other");
        Directory.CreateDirectory(new TrialFolder(data.Runs, data.Trial.Name).WeightsPath);   // a folder where a file should be

        var error = Assert.Throws<MedTransferException>(() => data.Run(data.Trial, child, other));

        Assert.StartsWith($"2 of 3 trials are missing. scratch, seed 1 (trial {data.Trial.Name}): Cannot write", error.Message, StringComparison.Ordinal);
        Assert.Contains("Not run without them: frozen, seed 1.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.True(new TrialFolder(data.Runs, other.Name).IsDone);
    }

    [Theory]
    [InlineData("spec.json")]
    [InlineData("history.csv")]
    [InlineData("predictions.csv")]
    [InlineData("embeddings-test.npy")]
    [InlineData("embeddings-train.npy")]
    [InlineData("weights.safetensors")]
    [InlineData("environment.json")]
    [InlineData("metrics.json")]
    public void Trial_whose_artefacts_cannot_all_be_written_is_not_done_and_goes_on_where_it_was(string file)
    {
        var folder = new TrialFolder(data.Runs, data.Trial.Name);
        var place = Path.Combine(folder.FullPath, file);
        Directory.CreateDirectory(place);   // a folder where a file should be

        var error = Assert.Throws<MedTransferException>(() => data.Run(data.Trial));

        Assert.StartsWith($"Cannot write {place}", error.Message, StringComparison.Ordinal);
        Assert.False(folder.IsDone);
        Assert.Equal(file != "spec.json", File.Exists(Path.Combine(folder.FullPath, "checkpoint", "manifest.json")));

        Directory.Delete(place);
        Assert.Equal(2, data.Run(data.Trial)[0].History.Count);
        Assert.Empty(Directory.GetDirectories(folder.FullPath));
    }

    [Fact]
    public void Trials_of_several_kinds_of_processor_are_told_of()
    {
        var other = new Trial(data.Spec with { Seed = 2 }, "other");
        var results = data.Run(data.Trial, other);
        var environment = Path.Combine(results[1].Folder.FullPath, "environment.json");
        var here = results[0].Environment.Processor!;
        File.WriteAllText(environment, File.ReadAllText(environment).Replace($"\"{here.InstructionSet}\"", "\"neon\"", StringComparison.Ordinal));
        var notices = new List<string>();
        using var runner = new TrialRunner(data.Runs, [data.Source]) { Notice = notices.Add };

        runner.Run([data.Trial], cancellation: TestContext.Current.CancellationToken);
        Assert.Empty(notices);
        runner.Run([data.Trial, other], cancellation: TestContext.Current.CancellationToken);

        Assert.StartsWith($"Trials ran on processors of 2 kinds ({string.Join("; ", new[] { here.Kind, $"{here.Vendor} neon" }.Order(StringComparer.Ordinal))}), which", Assert.Single(notices), StringComparison.Ordinal);
    }

    // of as many images and epochs
    [Fact]
    public void Work_grows_with_what_an_image_takes()
    {
        using var runner = data.Runner();
        double Work(ModelOptions model) => runner.Work(new Trial(data.Spec with { Model = model }, "x"));
        var small = Work(new() { Input = new() { ImageSize = 28 } });

        Assert.Equal(4 * small, Work(new() { Input = new() { ImageSize = 56 } }), 1e-6);
        Assert.Equal(28 / 1.9 * small, Work(new() { Architecture = Architecture.ResNet18, Input = new() { ImageSize = 28 } }), 1e-6);
    }

    // so that the longest of all does not begin last
    [Fact]
    public void Work_of_a_converged_head_grows_with_the_square_of_its_columns()
    {
        using var runner = data.Runner();
        double Work(Architecture architecture) => runner.Work(new Trial(
            data.Spec with { Model = new() { Architecture = architecture }, Transfer = TransferPlan.RandomFeatures, Fit = new FitOptions().ToConvergence() }, "x"));
        var images = runner.Load(data.Spec.Target).Train.Count;

        Assert.Equal(images * 15e-6 * 784 * 784 + images * Architecture.PixelRegression.MultiplyAdds, Work(Architecture.PixelRegression), 1e-6);
        Assert.Equal(images * 15e-6 + images * Architecture.MajorityClass.MultiplyAdds, Work(Architecture.MajorityClass), 1e-6);
    }

    [Fact]
    public void What_a_killed_process_left_beside_a_finished_trial_is_removed()
    {
        var folder = data.Run(data.Trial)[0].Folder.FullPath;
        var whole = Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal);
        Directory.CreateDirectory(Path.Combine(folder, "checkpoint"));
        File.WriteAllText(Path.Combine(folder, "checkpoint", "manifest.json"), "of the trial");
        Directory.CreateDirectory(Path.Combine(folder, "claim-0"));
        File.WriteAllText(Path.Combine(folder, "claim-0", "holder.json"), "of the trial");

        data.Run(data.Trial);

        Assert.Equal(whole, Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal));
    }

    private static IReadOnlyDictionary<string, SafeTensor> Weights(TrialResult result) => WeightFile.Load(result.Folder.WeightsPath);

    private static string Json(TrialMetrics metrics) => JsonSerializer.Serialize(metrics);
}
