using MedTransfer.Tests.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Training.Schedules;

namespace MedTransfer.Tests.Training;

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
        var file = Assert.Single(Directory.GetFiles(Folder));
        var state = CheckpointState.Read(file)!;
        Assert.InRange(state.Progress.Seconds, 1e-6, 1000);
        (state with { Progress = state.Progress with { Seconds = 5000 } }).Write(file);

        var resumed = Train(new Checkpoint(Folder), before: 5);

        Assert.Equal([6, 7], resumed.Told);
        Assert.InRange(resumed.Fit.Seconds, 5000 + 1e-6, 6000);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("bit")]
    [InlineData("empty")]
    public void Damaged_checkpoint_starts_over(string damage)
    {
        var whole = Train(null, 0);
        Stop(3, TimeSpan.Zero);
        var file = Assert.Single(Directory.GetFiles(Folder));
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, damage switch { "cut" => bytes[..(bytes.Length / 2)], "bit" => bytes, _ => [] });

        var again = Train(new Checkpoint(Folder), before: 0);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], again.Told);
        Assert.Equal(whole.Weights, again.Weights);
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
