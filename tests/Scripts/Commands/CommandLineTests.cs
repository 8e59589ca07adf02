using MedTransfer.Recipes;
using MedTransfer.Training;
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
        Assert.Equal((20, 20, 64, 1e-3), (options.Epochs, options.PretrainingEpochs, options.BatchSize, options.LearningRate));
        Assert.Equal((KeptEpoch.Last, null, "cpu", "project"), (options.Keep, options.Seeds?.Value, options.Device, options.Out));
    }

    [Fact]
    public void Task1_has_defaults_of_its_own()
    {
        var options = CommandLine.parse(ExperimentModule.task1, "project", ListModule.OfSeq(["--patience", "7", "--folds", "3", "--tune", "grid", "--nested", "--resampling", "bootstrap", "--sensitivity", "0.9"]));
        Assert.Equal((20, 10, 16), (options.Epochs, options.PretrainingEpochs, options.BatchSize));
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
        Assert.Equal((3, 4, 8, 1e-4), (options.Epochs, options.PretrainingEpochs, options.BatchSize, options.LearningRate));
        Assert.Equal((KeptEpoch.Best, 5, "cuda", "o"), (options.Keep, options.Seeds?.Value, options.Device, options.Out));
        Assert.Equal((6, 7), (options.Workers, options.Threads));
        Assert.Equal("malignant", options.Positive?.Value);
        Assert.Equal((true, true, false), (options.Offline, options.Verbose, options.Smoke));
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
    public void Help_lists_every_option_with_its_default()
    {
        var help = Assert.Throws<Values.HelpAsked>(() => Parse("--help")).Data0;
        Assert.All(["--source", "--target-size", "--pretraining-epochs", "--keep", "--smoke", "--verbose"], option => Assert.Contains(option, help));
        Assert.Contains("default 20", help);
        Assert.Contains("chestmnist", help);
    }
}
