using MedTransfer.Training;

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
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Option_out_of_range_is_a_usage_error_that_names_it(string named, FitOptions options)
    {
        var error = Assert.Throws<MedTransferException>(() => options.Checked());

        Assert.True(error.IsUsage);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_are_in_range() => Assert.Equal(new FitOptions(), new FitOptions().Checked());
}
