using MedTransfer.Tests.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Training;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Training.Objectives;
using MedTransfer.Training.Schedules;

namespace MedTransfer.Tests.Training.Checkpoints;

[Collection(OneAtATime.Name)]
public sealed class CheckpointTests : IDisposable
{
    private static readonly double[] Losses = [.9, .5, .6, .4, .45, .7, .8, .9];

    // everything that has a state: moments, a schedule, patience, copies of the best; the model adds dropout and running means
    private static readonly FitOptions Options = new()
    {
        Epochs = 8,
        BatchSize = 8,
        LearningRate = 0.01,
        WeightDecay = 0.01,
        Schedule = new OneCycle(),
        EarlyStopping = new() { Patience = 3 },
    };

    private readonly TemporaryFolder temporary = new();

    private string Folder => temporary["checkpoint"];

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]   // patience has run out: nothing is left to train
    public void Training_stopped_after_an_epoch_goes_on_to_the_same_bits(int epoch)
    {
        var whole = Train(null, 0);
        Stop(epoch, TimeSpan.Zero);

        var resumed = Train(new Checkpoint(Folder), before: epoch);

        Assert.Equal((7, 4), (whole.Fit.History.Count, whole.Fit.KeptEpoch));
        Assert.Equal(whole.Fit.History, resumed.Fit.History);
        Assert.Equal(whole.Fit.KeptEpoch, resumed.Fit.KeptEpoch);
        Assert.Equal(whole.Weights, resumed.Weights);
        Assert.Equal(Enumerable.Range(epoch + 1, 7 - epoch), resumed.Told);
    }

    [Fact]
    public void Epochs_that_were_not_written_are_trained_again()
    {
        var whole = Train(null, 0);
        Stop(3, TimeSpan.FromDays(1));   // only the first is written

        var resumed = Train(new Checkpoint(Folder), before: 1);

        Assert.Equal([2, 3, 4, 5, 6, 7], resumed.Told);
        Assert.Equal(whole.Weights, resumed.Weights);
    }

    [Fact]
    public void Seconds_of_a_resumed_training_include_those_before_the_stop()
    {
        Stop(5, TimeSpan.Zero);
        var folder = new CheckpointFolder(Folder);
        var state = folder.Read()!;
        Assert.InRange(state.Progress.Seconds, 1e-6, 1000);
        folder.Write(state with { Progress = state.Progress with { Seconds = 5000 } });

        var resumed = Train(new Checkpoint(Folder), before: 5);

        Assert.Equal([6, 7], resumed.Told);
        Assert.InRange(resumed.Fit.Seconds, 5000 + 1e-6, 6000);
    }

    [Theory]
    [InlineData("trained", "cut")]
    [InlineData("trained", "bit")]
    [InlineData("trained", "empty")]
    [InlineData("trained", "gone")]
    [InlineData("kept", "bit")]
    [InlineData("kept", "gone")]
    [InlineData("manifest", "cut")]
    [InlineData("manifest", "bit")]
    [InlineData("manifest", "empty")]
    [InlineData("manifest", "gone")]
    public void Damaged_checkpoint_starts_over(string part, string damage)
    {
        var whole = Train(null, 0);
        Stop(3, TimeSpan.Zero);
        var file = Assert.Single(Directory.GetFiles(Folder, $"{part}*"));
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        if (damage == "gone")
            File.Delete(file);
        else
            File.WriteAllBytes(file, damage switch { "cut" => bytes[..(bytes.Length / 2)], "bit" => bytes, _ => [] });

        var again = Train(new Checkpoint(Folder), before: 0);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], again.Told);
        Assert.Equal(whole.Weights, again.Weights);
    }

    [Fact]
    public void File_of_the_former_format_starts_over_and_goes()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(Path.Combine(Folder, "state.safetensors"), new byte[100]);

        var fresh = Train(new Checkpoint(Folder), before: 0);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], fresh.Told);
        Assert.DoesNotContain("state.safetensors", Directory.GetFiles(Folder).Select(Path.GetFileName));
    }

    // a file stands where the folder is to be made
    [Fact]
    public void Folder_that_cannot_be_made_is_one_line_that_names_it()
    {
        File.WriteAllText(Folder, "");

        var error = Assert.Throws<MedTransferException>(() => Train(new Checkpoint(Folder), before: 0));

        Assert.StartsWith($"The folder {Folder} can't be made: ", error.Message, StringComparison.Ordinal);
    }

    // the writing after the last epoch has nothing after it that its error could come out of but the end
    [Fact]
    public void Error_of_the_last_writing_comes_out_at_the_end()
    {
        File.WriteAllText(Folder, "");
        using var learner = new ScriptedLearner(Losses);
        var told = new List<int>();

        Assert.Throws<MedTransferException>(() => new Trainer(new() { Epochs = 1, BatchSize = 8 }, 5) { Checkpoint = new Checkpoint(Folder) }
            .Fit(learner, epoch => told.Add(epoch.Epoch), TestContext.Current.CancellationToken));

        Assert.Equal([1], told);
    }

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("2.5", 2.5)]
    [InlineData("", 60.0)]
    [InlineData("-1", null)]
    [InlineData("often", null)]
    [InlineData("86401", null)]
    public void Interval_of_trials_is_what_the_environment_says(string text, double? seconds)
    {
        Environment.SetEnvironmentVariable(Checkpoint.IntervalVariable, text);
        try
        {
            if (seconds is not null)
            {
                Assert.Equal(seconds, Checkpoint.IntervalOfTrials().TotalSeconds);
                return;
            }

            var error = Assert.Throws<MedTransferException>(() => Checkpoint.IntervalOfTrials());
            Assert.Equal((true, $"MEDTRANSFER_CHECKPOINT_SECONDS is '{text}', but must be a number of seconds, 0 to 86400: set it so, or unset it."), (error.IsUsage, error.Message));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Checkpoint.IntervalVariable, null);
        }
    }

    [Fact]
    public void Checkpoint_of_another_model_starts_over()
    {
        Stop(3, TimeSpan.Zero);
        using var train = Squares.Train();
        using var model = MedTransfer.Models.Classifier.Create(new() { Latent = 8 }, Squares.Info, 1);

        var fit = new Trainer(new() { Epochs = 1 }, 1) { Checkpoint = new Checkpoint(Folder) }
            .Fit(new ClassifierLearner(model, train, train), cancellation: TestContext.Current.CancellationToken);

        Assert.Single(fit.History);
    }

    [Fact]
    public void Deleted_checkpoint_leaves_no_folder_and_may_be_deleted_again()
    {
        Stop(1, TimeSpan.Zero);
        Assert.True(Directory.Exists(Folder));

        new Checkpoint(Folder).Delete();
        new Checkpoint(Folder).Delete();

        Assert.False(Directory.Exists(Folder));
    }

    private static (FitResult Fit, string Weights, IReadOnlyList<int> Told) Train(Checkpoint? checkpoint, int before)
    {
        using var learner = new ScriptedLearner(Losses, before);
        var told = new List<int>();
        var fit = new Trainer(Options, 5) { Checkpoint = checkpoint }
            .Fit(learner, epoch => told.Add(epoch.Epoch), TestContext.Current.CancellationToken);
        return (fit, learner.Model.Bits(), told);
    }

    private void Stop(int after, TimeSpan interval)
    {
        using var learner = new ScriptedLearner(Losses);

        Assert.Throws<OperationCanceledException>(() => new Trainer(Options, 5) { Checkpoint = new Checkpoint(Folder) { Interval = interval } }.Fit(
            learner,
            epoch => _ = epoch.Epoch == after ? throw new OperationCanceledException() : 0,
            TestContext.Current.CancellationToken));
    }
}
