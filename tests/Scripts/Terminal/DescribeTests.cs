using MedTransfer.Recipes;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Scripts.Terminal;

public class DescribeTests
{
    private static readonly DataReference All = new() { Path = "a.npz", Digest = new string('0', 32) };

    [Fact]
    public void Two_samples_of_a_control_have_titles_of_their_own()
    {
        Assert.Equal("pixel regression, 300 images, sample 2, seed 0", Describe.title(On(All.Sample(300, 2))));
        Assert.Equal("pixel regression, seed 0", Describe.title(On(All)));
        Assert.EndsWith(": pixel regression, 300 images, sample 2, seed 0, on a", Describe.trial(On(All.Sample(300, 2))), StringComparison.Ordinal);
    }

    private static Trial On(DataReference data) => new(new TrialSpec { Data = data }, "pixel regression");
}
