using MedTransfer.Inference.Saliency;

namespace MedTransfer.Tests.Inference.Saliency;

public sealed class PointingGameTests
{
    [Fact]
    public void Half_of_the_highest_points_hit_their_masks()
    {
        float[,,] maps = { { { 0.2f, 0, 0 }, { 0, 1, 0 }, { 0, 0, 0.9f } }, { { 0, 0, 0.4f }, { 0, 1, 0 }, { 0, 0, 0 } } };
        bool[,,] masks = { { { true, true, false }, { true, true, false }, { false, false, false } }, { { false, false, true }, { false, false, false }, { false, false, false } } };

        Assert.Equal(new PointingGame(0.5, (4 / 9.0 + 1 / 9.0) / 2, 2), PointingGame.Of(maps, masks));
    }

    // of 25 pixels the mask is the middle one: 1, 5 within one pixel, 9 within 1.42, 13 within 2
    [Theory]
    [InlineData(2, 2, 0, 1, 1)]
    [InlineData(2, 3, 0, 0, 1)]
    [InlineData(2, 3, 1, 1, 5)]
    [InlineData(1, 1, 1, 0, 5)]
    [InlineData(1, 1, 2, 1, 13)]
    [InlineData(0, 2, 2, 1, 13)]
    [InlineData(0, 1, 2, 0, 13)]
    [InlineData(0, 0, 3, 1, 25)]
    public void Tolerance_widens_the_mask_and_what_chance_gives(int row, int column, int tolerance, double accuracy, int pixels)
    {
        var (maps, masks) = (new float[1, 5, 5], new bool[1, 5, 5]);
        (maps[0, row, column], masks[0, 2, 2]) = (1, true);

        Assert.Equal(new PointingGame(accuracy, pixels / 25.0, 1), PointingGame.Of(maps, masks, tolerance));
    }

    [Fact]
    public void Mask_at_an_edge_is_cut_off_there()
    {
        var (maps, masks) = (new float[1, 3, 4], new bool[1, 3, 4]);
        (maps[0, 2, 0], masks[0, 0, 0]) = (1, true);

        Assert.Equal(new PointingGame(0, 3 / 12.0, 1), PointingGame.Of(maps, masks, tolerance: 1));
        Assert.Equal(new PointingGame(1, 6 / 12.0, 1), PointingGame.Of(maps, masks, tolerance: 2));
    }

    [Fact]
    public void Of_several_highest_points_the_share_that_hits_counts()
    {
        float[,,] maps = { { { 1, 0 }, { 1, 0 } } };
        bool[,,] masks = { { { true, false }, { false, false } } };

        Assert.Equal(0.5, PointingGame.Of(maps, masks).Accuracy);
        Assert.Equal(0.25, PointingGame.Of(new float[1, 2, 2], masks).Accuracy);   // says nothing: as a random place
    }

    [Fact]
    public void Images_without_a_mask_do_not_count()
    {
        var (maps, masks) = (new float[3, 2, 2], new bool[3, 2, 2]);
        (maps[1, 0, 0], masks[1, 0, 0]) = (1, true);

        Assert.Equal(new PointingGame(1, 0.25, 1), PointingGame.Of(maps, masks));
        Assert.Throws<MedTransferException>(() => PointingGame.Of(maps, new bool[3, 2, 2]));
    }

    [Theory]
    [InlineData(28, 1)]
    [InlineData(64, 2)]
    [InlineData(224, 8)]
    public void Usual_tolerance_grows_with_the_image(int side, int pixels)
    {
        var (maps, masks) = (new float[1, side, side], new bool[1, side, side]);
        (maps[0, 4, 4 + pixels], masks[0, 4, 4]) = (1, true);

        Assert.Equal(1, PointingGame.Of(maps, masks).Accuracy);
        (maps[0, 4, 4 + pixels], maps[0, 4, 5 + pixels]) = (0, 1);
        Assert.Equal(0, PointingGame.Of(maps, masks).Accuracy);
    }

    [Fact]
    public void Masks_of_another_shape_are_refused() =>
        Assert.Throws<MedTransferException>(() => PointingGame.Of(new float[1, 2, 2], new bool[1, 2, 3]));
}
