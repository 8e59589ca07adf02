using MedTransfer.Training;
using MedTransfer.Training.Schedules;

namespace MedTransfer.Tests.Training;

public sealed class FitOptionsTests
{
    public static TheoryData<string, FitOptions> OutOfRange => new()
    {
        { "epochs is 0", new() { Epochs = 0 } },
        { "batch size is -1", new() { BatchSize = -1 } },
        { "learning rate is 0", new() { LearningRate = 0 } },
        { "learning rate is NaN", new() { LearningRate = double.NaN } },
        { "learning rate is Infinity", new() { LearningRate = double.PositiveInfinity } },
        { "inverse penalty is -0.5", new() { InversePenalty = -0.5 } },
        { "inverse penalty is NaN", new() { InversePenalty = double.NaN } },
        { "inverse penalty is 0", new() { PenaltyChoice = new() { InversePenalties = [0, 1] } } },
        { "inverse penalty is Infinity", new() { PenaltyChoice = new() { InversePenalties = [1, double.PositiveInfinity] } } },
        { "inverse penalties to choose from is 1", new() { PenaltyChoice = new() { InversePenalties = [1] } } },
        { "must ascend", new() { PenaltyChoice = new() { InversePenalties = [1, 0.1] } } },
        { "folds that choose a penalty is 1", new() { PenaltyChoice = new() { Folds = 1 } } },
        { "shift is 0.6", new() { Augmentation = new() { Shift = 0.6 } } },
        { "rotation is -1", new() { Augmentation = new() { Rotation = -1 } } },
        { "scale is NaN", new() { Augmentation = new() { Scale = double.NaN } } },
        { "brightness is 1.5", new() { Augmentation = new() { Brightness = 1.5 } } },
        { "contrast is -0.1", new() { Augmentation = new() { Contrast = -0.1 } } },
        { "without augmentation", new() { Solver = Solver.LogisticRegression, Augmentation = new() } },
        { "without balance by sampling", new() { Solver = Solver.LogisticRegression, Balance = ClassBalance.Sampling } },
        { "without passes through frozen layers", new() { Solver = Solver.LogisticRegression, ThroughFrozenLayers = true } },
        { "weight decay is -0.1", new() { WeightDecay = -0.1 } },
        { "weight decay is NaN", new() { WeightDecay = double.NaN } },
        { "epochs between checkpoints is 0", new() { CheckpointEvery = 0 } },
        { "patience is 0", new() { EarlyStopping = new() { Patience = 0 } } },
        { "early stopping is -1", new() { EarlyStopping = new() { MinChange = -1 } } },
        { "milestone of the learning rate is 0.5", new() { Schedule = new StepDecay { Milestones = [0.5, 0.5] } } },
        { "milestone of the learning rate is 1", new() { Schedule = new StepDecay { Milestones = [1] } } },
        { "factor of the learning rate is 0", new() { Schedule = new StepDecay { Factor = 0 } } },
        { "floor of the learning rate is 1", new() { Schedule = new CosineDecay { Floor = 1 } } },
        { "warm-up of the learning rate is -1", new() { Schedule = new CosineDecay { WarmUp = -1 } } },
        { "rise of the learning rate is 0", new() { Schedule = new OneCycle { Rise = 0 } } },
        { "initial divisor of the learning rate is 0", new() { Schedule = new OneCycle { InitialDivisor = 0 } } },
        { "final divisor of the learning rate is Infinity", new() { Schedule = new OneCycle { FinalDivisor = double.PositiveInfinity } } },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Option_out_of_range_is_a_usage_error_that_names_it(string named, FitOptions options)
    {
        var error = Assert.Throws<MedTransferException>(() => options.Checked());

        Assert.True(error.IsUsage);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(1000)]
    public void Patience_may_be_longer_than_the_training(int patience)
    {
        var options = new FitOptions { Schedule = new StepDecay(), EarlyStopping = new() { Patience = patience } };

        Assert.Same(options, options.Checked());
    }

    [Fact]
    public void Defaults_are_in_range() => Assert.Equal(new FitOptions(), new FitOptions().Checked());

    [Fact]
    public void Default_augmentation_is_in_range() =>
        Assert.Equal(new FitOptions { Augmentation = new() }, new FitOptions { Augmentation = new() }.Checked());
}
