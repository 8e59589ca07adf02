using MedTransfer.Recipes;
using MedTransfer.Training;
using MedTransfer.Training.Schedules;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Commands;

public class CommandLineTests
{
    private static Options Parse(params string[] words) => CommandLine.parse(ExperimentModule.task2, "project", ListModule.OfSeq(words));

    [Fact]
    public void Defaults_are_those_of_the_study()
    {
        var options = Parse();
        Assert.Equal((null, null, null), (options.Source, options.Target, options.TargetSizes));
        Assert.Equal((20, 20, null, null), (options.Epochs, options.PretrainingEpochs, options.BatchSize?.Value, options.LearningRate?.Value));
        Assert.Equal((null, 0, false, ClassBalance.None, null, false),
            (options.Schedule, options.WeightDecay, options.Augment, options.Balance, options.Plans, options.KeepStatistics));
        Assert.Equal((KeptEpoch.Last, null, "cpu", "project"), (options.Keep, options.Seeds?.Value, options.Device, options.Out));
    }

    [Fact]
    public void Batch_of_one_is_refused_where_ways_tell_images_of_a_batch_apart()
    {
        var error = Assert.Throws<MedTransferException>(() => CommandLine.parse(ExperimentModule.methods, "project", ListModule.OfSeq(["--batch", "1"])));

        Assert.Equal(("--batch is '1', but must be a whole number of at least 2.", true), (error.Message, error.IsUsage));
        Assert.Equal(1, Parse("--batch", "1").BatchSize?.Value);
    }

    [Fact]
    public void Task1_has_defaults_of_its_own()
    {
        var options = CommandLine.parse(ExperimentModule.task1, "project", ListModule.OfSeq(["--patience", "7", "--folds", "3", "--tune", "grid", "--nested", "--resampling", "bootstrap", "--sensitivity", "0.9"]));
        Assert.Equal((20, 10, null), (options.Epochs, options.PretrainingEpochs, options.BatchSize?.Value));
        Assert.Equal((7, 3, 0.9, true), (options.Patience, options.Folds, options.Sensitivity, options.Nested));
        Assert.Equal(Search.Grid, options.Tuning?.Value);
        Assert.Equal(MedTransfer.Data.Resampling.ResamplingScheme.Bootstrap, options.Resampling);
    }

    [Fact]
    public void Every_option_is_read()
    {
        var options = Parse("--source", "a.npz", "--target", "b.npz", "--target-size", "all, 300,50,300", "--data", "d", "--epochs", "3",
            "--pretraining-epochs", "4", "--batch", "8", "--learning-rate", "1e-4", "--keep", "best", "--seeds", "5", "--device", "cuda",
            "--workers", "6", "--threads", "7", "--positive", "malignant", "--out", "o", "--offline", "--verbose");
        Assert.Equal(("a.npz", "b.npz", "d"), (options.Source?.Value, options.Target?.Value, options.DataFolder?.Value));
        Assert.Equal([TargetSize.NewImages(50), TargetSize.NewImages(300), TargetSize.AllImages], options.TargetSizes?.Value);
        Assert.Equal((3, 4, 8, 1e-4), (options.Epochs, options.PretrainingEpochs, options.BatchSize, options.LearningRate?.Value));
        Assert.Equal((KeptEpoch.Best, 5, "cuda", "o"), (options.Keep, options.Seeds?.Value, options.Device, options.Out));
        Assert.Equal((6, 7), (options.Workers, options.Threads));
        Assert.Equal("malignant", options.Positive?.Value);
        Assert.Equal((true, true, false), (options.Offline, options.Verbose, options.Smoke));
    }

    [Fact]
    public void Options_of_own_images_are_read()
    {
        var options = Parse("--split", "60/20/20", "--allow", "train-in-test, Shared-Patients", "--include-images");
        Assert.Equal(new MedTransfer.Data.Import.SplitShares(60, 20, 20), options.Shares!.Value);
        Assert.Equal([MedTransfer.Data.Checks.LeakKind.TrainInTest, MedTransfer.Data.Checks.LeakKind.SharedPatients], options.Allowed);
        Assert.True(options.IncludesImages);
        Assert.Empty(Parse().Allowed);
        Assert.False(Parse().IncludesImages);
        Assert.Equal(
            "--allow is 'leak', but must be train-in-test or source-in-test or shared-patients.",
            Assert.Throws<MedTransferException>(() => Parse("--allow", "leak")).Message);
    }

    [Fact]
    public void Options_of_training_are_read()
    {
        var options = Parse("--weight-decay", "0.01", "--augment", "--balance", "sampling", "--keep-statistics", "--plans", "frozen,lp-ft,frozen-to:conv2");
        Assert.Equal((0.01, true, ClassBalance.Sampling, true), (options.WeightDecay, options.Augment, options.Balance, options.KeepStatistics));
        Assert.Equal(["frozen", "lp-ft", "frozen-to:conv2"], options.Plans!.Value.Select(plan => plan.ToString()));
        Assert.Equal((0.0, ClassBalance.Loss), (Parse("--weight-decay", "0").WeightDecay, Parse("--balance", "loss").Balance));
    }

    [Fact]
    public void Kinds_of_transfer_are_ways_of_transfer_alone()
    {
        Options Transfer(string ways) => CommandLine.parse(ExperimentModule.transfer, "project", ListModule.OfSeq(["--ways", ways]));

        var options = Transfer("frozen, CORAL,frozen-to:conv2,dann,coral");
        Assert.Equal(["frozen", "coral", "frozen-to:conv2", "dann"], options.Ways!.Value.Select(way => way.ToString()));
        Assert.Equal(["frozen", "frozen-to:conv2"], options.Plans!.Value.Select(plan => plan.ToString()));
        Assert.Equal([Kind.Coral, Kind.Dann], options.Kinds);
        Assert.Equal(Kind.All, Transfer(string.Join(',', Kind.All.Select(kind => kind.Name))).Kinds);
        Assert.Empty(Parse().Kinds);
        Assert.Equal($"There is no way 'corall': name some of {NamedWayModule.names}.", Assert.Throws<MedTransferException>(() => Transfer("frozen,corall")).Message);
        Assert.StartsWith("The plan frozen-to needs a layer", Assert.Throws<MedTransferException>(() => Transfer("frozen-to")).Message, StringComparison.Ordinal);

        var refused = Assert.Throws<MedTransferException>(() => Parse("--plans", "frozen,coral"));
        Assert.True(refused.IsUsage);
        Assert.StartsWith("--plans names coral, a kind of transfer that is no plan, and task2 takes plans: name some of frozen, ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schedule_has_the_warm_up_that_was_asked_for()
    {
        LearningRateSchedule? Of(params string[] words) => Parse(words).Schedule?.Value;
        Assert.Null(Of("--schedule", "constant"));
        Assert.Null(Of("--warm-up", "0"));   // the trials are those without a schedule
        Assert.Equal(new ConstantRate { WarmUp = 0.1 }, Of("--warm-up", "0.1"));
        Assert.Equal(new OneCycle(), Of("--schedule", "one-cycle"));
        Assert.Equal(new OneCycle { Rise = 0.2 }, Of("--schedule", "one-cycle", "--warm-up", "0.2"));
        Assert.Equal(new CosineDecay(), Of("--schedule", "cosine"));
        Assert.Equal(new CosineDecay { WarmUp = 0.2 }, Of("--schedule", "cosine", "--warm-up", "0.2"));
        Assert.Equal(0.2, Assert.IsType<StepDecay>(Of("--schedule", "step", "--warm-up", "0.2")).WarmUp);
        Assert.Equal("--warm-up is 0, but one-cycle has one: name a share above 0, or another --schedule.",
            Assert.Throws<MedTransferException>(() => Parse("--warm-up", "0", "--schedule", "one-cycle")).Message);
    }

    [Theory]
    [InlineData("--ways")]
    [InlineData("--plans")]
    public void Methods_has_ways_of_its_own(string option) => Assert.Equal(
        $"{option} is no option of methods; see dotnet fsi scripts/methods.fsx -- --help",
        Assert.Throws<MedTransferException>(() => CommandLine.parse(ExperimentModule.methods, "project", ListModule.OfSeq([option, "coral"]))).Message);

    [Theory]
    [InlineData("--augment")]
    [InlineData("--keep-statistics")]
    [InlineData("--plans", "frozen")]
    [InlineData("--ways", "frozen")]
    public void Task1_refuses_what_its_ways_or_its_network_have_no_use_for(params string[] words)
    {
        var error = Assert.Throws<MedTransferException>(() => CommandLine.parse(ExperimentModule.task1, "project", ListModule.OfSeq(words)));
        Assert.Equal(($"{words[0]} is no option of task1; see dotnet fsi scripts/task1.fsx -- --help", true), (error.Message, error.IsUsage));
    }

    [Fact]
    public void Workers_are_as_many_as_the_cores_have_room_for()
    {
        Assert.Equal((Environment.ProcessorCount, 1), (Parse().Workers, Parse().Threads));
        Assert.Equal(1, Parse("--threads", $"{Environment.ProcessorCount}").Workers);
        Assert.Equal(1, Parse("--threads", "1000000").Workers);
        Assert.Equal(1, Parse("--device", "cuda").Workers);
        Assert.Equal(3, Parse("--device", "cuda", "--workers", "3").Workers);
    }

    [Fact]
    public void Trials_run_here_unless_a_cluster_is_named()
    {
        Assert.Equal(Engine.ThisMachine, Parse().Engine);
        Assert.Equal(Engine.ThisMachine, Parse("--engine", "local").Engine);

        var options = Parse("--engine", "slurm", "--engine-options", "partition=long,time=2:00:00", "--workers", "40", "--detach");

        var slurm = Assert.IsType<Engine.Slurm>(options.Engine);
        Assert.True(slurm.detaches);
        Assert.Equal(40, slurm.asked.AtATime);
        Assert.Equal(["partition", "time"], slurm.asked.Passed.Select(option => option.Key));
        Assert.Equal("--detach", options.Words[^1]);
        Assert.Null(Assert.IsType<Engine.Slurm>(Parse("--engine", "slurm").Engine).asked.AtATime);
        Assert.Equal(int.MaxValue, Parse("--engine", "slurm", "--engine-options", "gres=gpu:1", "--device", "cuda").Workers);
        Assert.True(Assert.Throws<MedTransferException>(() => Parse("--engine", "slurm", "--device", "cuda")).IsUsage);
    }

    [Fact]
    public void Budget_measures_this_machine_and_so_goes_with_no_other() =>
        Assert.StartsWith("--budget measures this machine", Assert.Throws<MedTransferException>(() => CommandLine.parse(
            ExperimentModule.transfer, "project", ListModule.OfSeq(["--budget", "10m", "--engine", "slurm"]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Folds_may_be_none_and_uncertain_labels_are_refused_unless_asked_for()
    {
        Assert.Equal((0, null), (Parse("--folds", "0").Folds, Parse().UncertainAs?.Value));
        Assert.Equal((2, 0, 1), (Parse("--folds", "2").Folds, Parse("--uncertain", "0").UncertainAs?.Value, Parse("--uncertain", "1").UncertainAs?.Value));
    }

    [Fact]
    public void Smoke_changes_defaults_but_not_what_was_given()
    {
        var options = Parse("--smoke", "--epochs", "7");
        Assert.Equal((7, 1, 2), (options.Epochs, options.PretrainingEpochs, options.Seeds?.Value));
    }

    [Theory]
    [InlineData("--epoch", "3")]
    [InlineData("--epochs", "-5")]
    [InlineData("--epochs", "0")]
    [InlineData("--epochs", "many")]
    [InlineData("--epochs", "99999999999")]
    [InlineData("--batch", "0")]
    [InlineData("--learning-rate", "0")]
    [InlineData("--learning-rate", "NaN")]
    [InlineData("--learning-rate", "1,5")]
    [InlineData("--keep", "first")]
    [InlineData("--seeds", "0")]
    [InlineData("--workers", "0")]
    [InlineData("--threads", "0")]
    [InlineData("--device", "tpu")]
    [InlineData("--target-size", "1")]
    [InlineData("--target-size", "100,,300")]
    [InlineData("--target-size", "-100")]
    [InlineData("--patience", "5")]
    [InlineData("--folds", "1")]
    [InlineData("--folds", "-1")]
    [InlineData("--folds", "0", "--tune", "3")]
    [InlineData("--uncertain", "2")]
    [InlineData("--uncertain", "-1")]
    [InlineData("--tune", "0")]
    [InlineData("--tune", "all")]
    [InlineData("--nested")]
    [InlineData("--resampling", "bootstrap")]
    [InlineData("--resampling", "thirds", "--tune", "3")]
    [InlineData("--sensitivity", "1.5")]
    [InlineData("--sensitivity", "0")]
    [InlineData("--weight-decay", "-0.1")]
    [InlineData("--weight-decay", "NaN")]
    [InlineData("--weight-decay", "0.01", "--tune", "3")]
    [InlineData("--warm-up", "1")]
    [InlineData("--warm-up", "-0.1")]
    [InlineData("--warm-up", "0", "--schedule", "one-cycle")]
    [InlineData("--schedule", "linear")]
    [InlineData("--balance", "yes")]
    [InlineData("--engine", "spark")]
    [InlineData("--engine-options", "partition=long")]
    [InlineData("--engine-options", "long", "--engine", "slurm")]
    [InlineData("--detach")]
    [InlineData("stray", "word")]
    [InlineData("--epochs", "3", "--epochs", "4")]
    [InlineData("--epochs")]
    public void Wrong_usage_is_one_line_that_names_the_option(params string[] words)
    {
        var error = Assert.Throws<MedTransferException>(() => Parse(words));
        Assert.True(error.IsUsage);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains(words[0], error.Message);
    }

    [Fact]
    public void Plan_that_there_is_not_is_refused_with_those_there_are() => Assert.Equal(
        "There is no plan 'frozn': name some of frozen, frozen-to:LAYER, last-stage, fine-tuned, lp-ft, gradual, discriminative, l2-sp.",
        Assert.Throws<MedTransferException>(() => Parse("--plans", "lp-ft,frozn")).Message);

    [Fact]
    public void Help_lists_every_option_with_its_default()
    {
        var help = Assert.Throws<Values.HelpAsked>(() => Parse("--help")).Data0;
        Assert.All(["--source", "--target-size", "--pretraining-epochs", "--keep", "--smoke", "--verbose"], option => Assert.Contains(option, help));
        Assert.Contains("default 20", help);
        Assert.Contains("chestmnist", help);
    }
}
