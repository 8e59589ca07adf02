using MedTransfer.Tests.Training;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Transfer.Adaptation;

[Collection(OneAtATime.Name)]
public sealed class DensityRatioTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // the densities of N(1, 1) over N(0, 1) are exp(x - 1/2) apart
    [Fact]
    public void Ratio_of_two_gaussians_is_the_true_one()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (source, target) = (randn(2000, 1), randn(1000, 1) + 1);

        var ratios = DensityRatio.Of(source, target, Token);

        var expected = (source.to(ScalarType.Float64).flatten() - 0.5).exp();
        var apart = (ratios / (expected / expected.mean())).log().abs();
        Assert.Equal(1, ratios.mean().item<double>(), 1e-3);
        Assert.InRange(apart.mean().item<double>(), 0, 0.1);   // without weights it is .8
    }

    [Fact]
    public void Images_of_one_domain_weigh_the_same()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);

        var ratios = DensityRatio.Of(randn(300, 4), randn(200, 4), Token);

        Assert.InRange(DensityRatio.EffectiveSize(ratios), 270, 300);
        Assert.Equal(300, DensityRatio.EffectiveSize(ones(300, dtype: ScalarType.Float64)), 1e-9);
        Assert.Equal(1.8, DensityRatio.EffectiveSize(tensor(new double[] { 1, 2 })), 1e-9);   // 9 / 5
    }

    // one source image lies among the target's, 99 far away: their mean is 1, and it would be all of it
    [Fact]
    public void No_image_weighs_more_than_the_root_of_their_number()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var source = cat([randn(99, 1) * 0.1 - 5, zeros(1, 1)]);

        var ratios = DensityRatio.Of(source, randn(100, 1) * 0.1, Token);

        Assert.Equal(10, ratios[99].item<double>(), 1e-9);
        Assert.InRange(ratios.narrow(0, 0, 99).max().item<double>(), 0, 0.5);
    }

    [Fact]
    public void Too_few_images_are_refused() =>
        Assert.Contains("there are 30 and 1", Assert.Throws<MedTransferException>(() => DensityRatio.Of(randn(30, 2), randn(1, 2), Token)).Message, StringComparison.Ordinal);

    [Fact]
    public void Few_images_have_as_many_folds()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);

        var ratios = DensityRatio.Of(randn(30, 2), randn(3, 2), Token);

        Assert.True(ratios.isfinite().all().item<bool>());
        Assert.Equal(30, ratios.shape[0]);
    }
}
