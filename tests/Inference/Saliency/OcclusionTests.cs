using MedTransfer.Data;
using MedTransfer.Inference.Saliency;
using MedTransfer.Tasks;
using MedTransfer.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Inference.Saliency;

[Collection(OneAtATime.Name)]
public sealed class OcclusionTests : IDisposable
{
    private static readonly LearningTask Classes = LearningTask.Of(LabelTask.BinaryClass);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    // The image is white in the two corners that the model sees and its border black elsewhere, so that the border's mean is 0: a corner that is
    // greyed out counts 0 and not 1. Log-odds are 2 a + b: probabilities 1 / (1 + e^-3) of the image, 1 / (1 + e^-1) and 1 / (1 + e^-2) without a corner.
    [Fact]
    public void Map_is_how_much_the_probability_falls()
    {
        using var model = TinyNetworks.Corners(new float[,] { { 0, 0 }, { 2, 1 } });
        using var images = TinyNetworks.Images(WhiteCorners());

        var map = new Occlusion(model, Classes) { Patch = 4, Stride = 4 }.Of(images, 1, Stop);

        Quarters(map, upperLeft: 1, lowerRight: (P(3) - P(2)) / (P(3) - P(1)));
    }

    [Fact]
    public void Map_is_zero_where_the_probability_rises()
    {
        using var model = TinyNetworks.Corners(new float[,] { { 0, 0 }, { 2, -1 } });
        using var images = TinyNetworks.Images(WhiteCorners());

        Quarters(new Occlusion(model, Classes) { Patch = 4, Stride = 4 }.Of(images, 1, Stop), upperLeft: 1, lowerRight: 0);
        Quarters(new Occlusion(model, Classes) { Patch = 4, Stride = 4 }.Of(images, 0, Stop), upperLeft: 0, lowerRight: 1);
    }

    // patches begin at 0, 2 and 4: of the nine, four hide a part of the corner, all of it, a half, a half and a quarter; the first two columns
    // of the first two rows are hidden by the one at the corner alone, the next two columns also by the one two to the right
    [Fact]
    public void Pixel_has_the_mean_of_the_patches_that_hide_it()
    {
        using var model = TinyNetworks.Corners(new float[,] { { 0, 0 }, { 2, 0 } });
        using var images = TinyNetworks.Images(WhiteCorners());

        var map = new Occlusion(model, Classes) { Patch = 4, Stride = 2 }.Of(images, 1, Stop);

        var (all, half, quarter) = (P(2) - P(0), P(2) - P(1), P(2) - P(1.5));
        Assert.Equal(1, map[0, 1, 1], 1e-5);
        Assert.Equal((all + half) / 2 / all, map[0, 0, 2], 1e-5);
        Assert.Equal((all + half + half + quarter) / 4 / all, map[0, 3, 3], 1e-5);
        Assert.Equal(quarter / 4 / all, map[0, 5, 5], 1e-5);   // of four patches that hide it, one hides a quarter of the corner
        Assert.Equal(0, map[0, 7, 7], 1e-5);
    }

    [Fact]
    public void Probability_that_is_almost_one_still_falls()
    {
        using var model = TinyNetworks.Corners(new float[,] { { 0, 0 }, { 20, 18 } });   // 1 - 3e-17 of the image, 1 - 2e-9 without a corner
        using var images = TinyNetworks.Images(WhiteCorners());

        Quarters(new Occlusion(model, Classes) { Patch = 4, Stride = 4 }.Of(images, 1, Stop), upperLeft: 1, lowerRight: (P(38) - P(20)) / (P(38) - P(18)));
    }

    [Fact]
    public void Model_that_sees_nothing_has_a_map_of_zeros()
    {
        using var model = TinyNetworks.Corners(new float[,] { { 0, 0 }, { 0, 0 } });
        using var images = TinyNetworks.Images(WhiteCorners());

        Assert.All(new Occlusion(model, Classes).Of(images, 1, Stop).Cast<float>(), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(8, 4, 2, new[] { 0, 2, 4 })]
    [InlineData(10, 4, 4, new[] { 0, 4, 6 })]   // the last at the edge
    [InlineData(5, 5, 1, new[] { 0 })]
    [InlineData(4, 1, 9, new[] { 0, 3 })]
    public void Patches_reach_both_edges(int side, int patch, int stride, int[] starts) => Assert.Equal(starts, Occlusion.Starts(side, patch, stride));

    [Fact]
    public void Leaves_no_tensors_behind_and_each_image_stands_for_itself()
    {
        using var model = TinyNetworks.Corners(new float[,] { { 0, 0 }, { 2, 1 } }, side: 28);
        using var images = TinyNetworks.Images(Squares.Pixels(3));
        using var two = TinyNetworks.Images(Squares.Pixels(2));
        var occlusion = new Occlusion(model, Classes);
        var all = occlusion.Of(images, 1, Stop);
        var alive = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        var first = occlusion.Of(two, 1, Stop);

        Assert.Equal(alive, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        Assert.Equal(all.Cast<float>().Take(2 * 28 * 28), first.Cast<float>());
    }

    [Fact]
    public void Lengths_out_of_their_range_and_outputs_that_are_not_there_are_refused()
    {
        using var model = TinyNetworks.Corners(new float[,] { { 0, 0 }, { 2, 1 } });
        using var images = TinyNetworks.Images(WhiteCorners());
        var occlusion = new Occlusion(model, Classes);

        Assert.All([occlusion with { Patch = 0 }, occlusion with { Patch = 9 }, occlusion with { Stride = 0 }], wrong => Assert.Throws<MedTransferException>(() => wrong.Of(images, 1, Stop)));
        Assert.Throws<MedTransferException>(() => occlusion.Of(images, 2, Stop));
    }

    [Fact]
    public void Ends_when_it_is_told_to()
    {
        using var model = TinyNetworks.Corners(new float[,] { { 0, 0 }, { 2, 1 } });
        using var images = TinyNetworks.Images(WhiteCorners());

        Assert.ThrowsAny<OperationCanceledException>(() => new Occlusion(model, Classes).Of(images, 1, new CancellationToken(canceled: true)));
    }

    private static double P(double logit) => 1 / (1 + Math.Exp(-logit));

    private static byte[,,] WhiteCorners()
    {
        var pixels = new byte[1, 8, 8];
        for (var row = 0; row < 8; row++)
        {
            for (var column = 0; column < 8; column++)
                pixels[0, row, column] = (byte)(row < 4 == column < 4 || (row is 1 or 2 && column is 5 or 6) ? 255 : 0);
        }

        return pixels;
    }

    private static void Quarters(float[,,] map, double upperLeft, double lowerRight)
    {
        for (var row = 0; row < 8; row++)
        {
            for (var column = 0; column < 8; column++)
                Assert.Equal((row < 4, column < 4) switch { (true, true) => upperLeft, (false, false) => lowerRight, _ => 0 }, map[0, row, column], 1e-5);
        }
    }
}
