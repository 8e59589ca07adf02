using MedTransfer.Numerics;

namespace MedTransfer.Tests.Numerics;

public sealed class MannWhitneyTests
{
    [Fact]
    public void Ties_count_one_half()
    {
        // of the first group 3 and 2, of the other 1, 2 and 4: above in 2 + 1 of six pairs, equal in one
        Assert.Equal(3.5 / 6, MannWhitney.Superiority([3, 1, 2, 2, 4], [true, false, true, false, false]));
    }

    [Fact]
    public void One_group_alone_is_above_nothing()
    {
        Assert.Null(MannWhitney.Superiority([1, 2], [true, true]));
        Assert.Null(MannWhitney.Superiority([], []));
    }
}
