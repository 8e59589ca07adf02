using MedTransfer.Reduction;
using MedTransfer.Reduction.Kernels;
using MedTransfer.Reduction.Manifolds;
using MedTransfer.Reduction.Scaling;

namespace MedTransfer.Tests.Reduction;

public sealed class MemoryNeedTests
{
    public static TheoryData<IReducer, string> OfPairs => new()
    {
        { new Isomap(), "Isomap of 20000000 points takes 745058.1 GiB" },
        { new KernelPca(), "Kernel PCA of 20000000 points takes 745058.1 GiB" },
        { new MetricMds(), "MDS of 20000000 points takes 1490116.1 GiB" },
        { new ClassicalMds(new ClassicalMdsOptions { Distance = PairDistance.Manhattan }), "Classical MDS of 20000000 points takes 745058.1 GiB" },
    };

    // 2 and 4 bytes a pair of 4e14, over 2^30
    [Theory]
    [MemberData(nameof(OfPairs))]
    public void Every_pair_of_too_many_points_is_refused_before_any_is_read(IReducer reducer, string begins)
    {
        var error = Assert.Throws<MedTransferException>(() => reducer.RequireShape(20_000_000, 3));
        Assert.StartsWith(begins, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_distances_in_space_classical_scaling_holds_no_pairs() => new ClassicalMds().RequireShape(20_000_000, 3);
}
