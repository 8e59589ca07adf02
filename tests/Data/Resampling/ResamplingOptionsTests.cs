using MedTransfer.Data.Resampling;

namespace MedTransfer.Tests.Data.Resampling;

public sealed class ResamplingOptionsTests
{
    [Fact]
    public void Schemes_are_named_in_a_few_words() => Assert.Equal(
        ["5-fold", "3 times 5-fold", "5 draws of 20 %", "5 draws of 12.5 %", "leave one out", "5 bootstraps"],
        new ResamplingOptions[]
        {
            new(), new() { Repeats = 3 }, new() { Scheme = ResamplingScheme.MonteCarlo }, new() { Scheme = ResamplingScheme.MonteCarlo, HeldOut = 0.125 },
            new() { Scheme = ResamplingScheme.LeaveOneOut }, new() { Scheme = ResamplingScheme.Bootstrap },
        }.Select(options => options.Describe()));
}
