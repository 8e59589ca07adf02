using MedTransfer.Data;
using MedTransfer.Data.Resampling;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials;

/// <summary>A training on all images but those of the test split.</summary>
[Collection(OneAtATime.Name)]
public sealed class ModelForUseTests : IDisposable
{
    private readonly SquaresTrials squares = new();

    public void Dispose() => squares.Dispose();

    [Fact]
    public void Learns_from_train_and_validation_and_reads_no_test_image()
    {
        var spec = squares.Spec.ForUse(epochs: 2);

        var result = squares.Run(new Trial(spec, "for use")).Single();

        Assert.Equal(Enumerable.Range(0, 60), result.Predictions(SplitName.Train).FileIndices);
        Assert.Null(result.Metrics.Validation);
        Assert.Null(result.Metrics.Test);
        Assert.False(result.IsScoredOnTest);
        Assert.Empty(result.Predictions(SplitName.Test).FileIndices!);
        Assert.False(File.Exists(new TestLedger(squares.Runs).FullPath));
    }

    [Fact]
    public void Folds_of_it_hold_out_every_image_that_is_not_test_once()
    {
        var spec = squares.Spec.ForUse(epochs: 1);
        var trials = Enumerable.Range(0, 3).Select(fold => new Trial(spec.On(spec.Target.WithFold(new ResamplingOptions { Folds = 3 }, fold)), $"{fold}"));

        var all = OutOfFold.Of(squares.Run(trials));

        Assert.Equal(Enumerable.Range(0, 60), all.FileIndices);
        Assert.Equal([.. SquaresTrials.TrainLabels.Cast<byte>(), .. Squares.Labels(20).Cast<byte>()], all.Labels.Flat.ToArray());
    }

    [Fact]
    public void Spec_takes_the_whole_set_and_keeps_the_last_epoch_of_as_many_as_are_asked_for()
    {
        var spec = squares.Spec with
        {
            Data = squares.Spec.Target.Sample(20, 1).WithFold(new ResamplingOptions(), 0),
            Fit = new FitOptions { Keep = KeptEpoch.Best, Epochs = 20, EarlyStopping = new EarlyStopping() },
        };

        var forUse = spec.ForUse(epochs: 7);

        Assert.Equal((null, 0, true), (forUse.Target.TrainImages, forUse.Target.Folds.Count, forUse.Target.IsForUse));
        Assert.Equal((KeptEpoch.Last, 7, null), (forUse.Fit.Keep, forUse.Fit.Epochs, forUse.Fit.EarlyStopping));
    }
}
