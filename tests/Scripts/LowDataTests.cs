using MedTransfer.Recipes.Sections;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts;

public class LowDataTests
{
    private static double[] Rises(params double[][] losses) => [.. LowData.lossRises(ListModule.OfSeq(losses.Select(ListModule.OfSeq)))];

    [Fact]
    public void Loss_that_only_wavers_rises_for_some_seeds_and_falls_for_others() =>
        Assert.Equal([0.1, 0.1, -0.1], Rises([0.5, 0.4, 0.6], [0.4, 0.5, 0.6], [0.6, 0.5, 0.5]).Select(rise => Math.Round(rise, 9)));

    [Fact]
    public void Loss_that_turns_for_all_rises_for_all() =>
        Assert.All(Rises([0.9, 0.5, 0.8], [0.8, 0.4, 0.9], [0.9, 0.6, 0.7]), rise => Assert.InRange(rise, 0.09, 0.5));

    [Fact]
    public void One_seed_has_no_others_to_choose_the_epoch() => Assert.Empty(Rises([0.9, 0.5, 0.8]));
}
