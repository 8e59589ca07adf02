using MedTransfer.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

[Collection(OneAtATime.Name)]
public sealed class AugmentationTests : IDisposable
{
    private const int Count = 300;
    private const int Size = 28;

    private static readonly Augmentation Nothing = new() { Shift = 0, Rotation = 0, Scale = 0, Brightness = 0, Contrast = 0 };

    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Nothing_asked_for_changes_nothing()
    {
        var images = Noise();

        Assert.Equal(Values(images), Values(Nothing.Apply(images)));
    }

    // but for the grid of sampling positions, whose rounding shows
    [Fact]
    public void Almost_no_rotation_changes_almost_nothing()
    {
        var images = Noise();

        Assert.True((Nothing with { Rotation = 1e-5 }).Apply(images).allclose(images, rtol: 0, atol: 1e-4));
    }

    [Fact]
    public void Images_given_stay_as_they_are()
    {
        var images = Noise();
        var before = Values(images);

        new Augmentation { Flip = true }.Apply(images);

        Assert.Equal(before, Values(images));
    }

    [Fact]
    public void Shifts_stay_within_their_share_of_the_side_and_reach_it()
    {
        var maps = Maps(Nothing with { Shift = 0.05 });

        Assert.All(maps, map => AssertIs(map, 1, 0, 0, 1));
        AssertFills(maps.Select(map => map.Right / Size), 0.05);
        AssertFills(maps.Select(map => map.Down / Size), 0.05);
    }

    [Fact]
    public void Rotations_stay_within_their_angle_and_reach_it()
    {
        var maps = Maps(Nothing with { Rotation = 5 });

        var angles = maps.Select(map => Math.Atan2(map.XY, map.XX)).ToList();
        Assert.All(maps.Zip(angles), pair => AssertIs(
            pair.First, Math.Cos(pair.Second), Math.Sin(pair.Second), -Math.Sin(pair.Second), Math.Cos(pair.Second)));
        AssertFills(angles.Select(angle => angle * 180 / Math.PI), 5);
    }

    [Fact]
    public void Sizes_stay_within_their_factors_and_reach_them()
    {
        var maps = Maps(Nothing with { Scale = 0.05 });

        Assert.All(maps, map => AssertIs(map, map.XX, 0, 0, map.XX));
        AssertFills(maps.Select(map => 1 / map.XX - 1), 0.05);
    }

    [Fact]
    public void Shift_stays_within_its_share_whatever_else_moves()
    {
        var maps = Maps(new() { Shift = 0.05, Rotation = 20, Scale = 0.2, Flip = true });

        AssertFills(maps.Select(map => map.Right / Size), 0.05);
        AssertFills(maps.Select(map => map.Down / Size), 0.05);
    }

    [Fact]
    public void Half_of_the_images_are_mirrored_when_asked()
    {
        var images = Noise();
        var mirrored = images.flip(3);

        var flipped = (Nothing with { Flip = true }).Apply(images);

        var same = Enumerable.Range(0, Count).Count(image => flipped[image].allclose(images[image], rtol: 0, atol: 1e-4));
        var other = Enumerable.Range(0, Count).Count(image => flipped[image].allclose(mirrored[image], rtol: 0, atol: 1e-4));
        Assert.Equal(Count, same + other);
        Assert.InRange(other, Count * 0.4, Count * 0.6);
    }

    [Fact]
    public void No_image_is_mirrored_unasked() => Assert.All(
        Maps(new()), map => Assert.True(map.XX * map.YY - map.XY * map.YX > 0));

    [Fact]
    public void What_comes_into_view_repeats_the_edge()
    {
        var white = ones(Count, 1, Size, Size);

        var moved = (Nothing with { Shift = 0.5, Rotation = 180, Scale = 0.5 }).Apply(white);

        Assert.True(moved.allclose(white, rtol: 0, atol: 1e-5));
    }

    [Fact]
    public void Brightness_moves_the_mean_within_its_share_of_the_range_and_reaches_it()
    {
        var images = Noise() * 0.5;

        var changed = Means((Nothing with { Brightness = 0.05 }).Apply(images)).Zip(Means(images), (after, before) => (after - before) / 2);

        AssertFills(changed, 0.05);
    }

    [Fact]
    public void Contrast_keeps_the_mean_and_changes_the_spread_within_its_factors()
    {
        var images = Noise() * 0.5;
        var spread = Values(images.std([1, 2, 3]));

        var changed = (Nothing with { Contrast = 0.1 }).Apply(images);

        Assert.All(Means(changed).Zip(Means(images)), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        AssertFills(Values(changed.std([1, 2, 3])).Zip(spread, (after, before) => after / (double)before - 1), 0.1);
    }

    [Fact]
    public void Results_stay_in_range()
    {
        var extreme = new Augmentation { Shift = 0.5, Rotation = 180, Scale = 0.5, Brightness = 1, Contrast = 1 }.Apply(Noise());

        Assert.Equal(ScalarType.Float32, extreme.dtype);
        Assert.All(Values(extreme), value => Assert.InRange(value, -1, 1));
    }

    [Fact]
    public void Same_seed_gives_the_same_bits_and_another_seed_does_not()
    {
        float[] Drawn(ulong seed) => Values(new Augmentation().Apply(Noise(), new Generator(seed)));

        Assert.Equal(Drawn(1), Drawn(1));
        Assert.NotEqual(Drawn(1), Drawn(2));
    }

    [Fact]
    public void One_change_more_leaves_the_draws_of_the_others()
    {
        var images = Noise() * 0.5;
        double[] Brightness(Augmentation augmentation) => Means(augmentation.Apply(images, new Generator(3)));

        Assert.Equal(Brightness(Nothing with { Brightness = 0.1 }), Brightness(Nothing with { Brightness = 0.1, Flip = true }), (one, other) => Math.Abs(one - other) < 1e-5);
    }

    /// <summary>Where a result's pixel comes from: (XX x + XY y, YX x + YY y) of the given image, after undoing the shift, in pixels.</summary>
    private sealed record Map(double XX, double XY, double YX, double YY, double Right, double Down);

    // Two channels hold the x and the y of each pixel. Bilinear sampling keeps what is linear, so that the centre shows the map itself.
    private static List<Map> Maps(Augmentation geometry)
    {
        var coordinate = (arange(Size, ScalarType.Float32) - (Size - 1) / 2f) / Size;
        var images = stack([coordinate.expand(Size, Size), coordinate.unsqueeze(1).expand(Size, Size)]).expand(Count, 2, Size, Size).contiguous();
        manual_seed(11);
        var result = (geometry with { Brightness = 0, Contrast = 0 }).Apply(images).to(ScalarType.Float64);

        return [.. Enumerable.Range(0, Count).Select(image =>
        {
            double At(int channel, int row, int column) => result[image, channel, row, column].item<double>() * Size;
            double Across(int channel) => At(channel, 14, 14) - At(channel, 14, 13);
            double Along(int channel) => At(channel, 14, 14) - At(channel, 13, 14);
            var (xx, xy, yx, yy) = (Across(0), Along(0), Across(1), Along(1));
            double Centre(int channel) => (At(channel, 13, 13) + At(channel, 14, 14)) / 2;
            var (x, y, determinant) = (Centre(0), Centre(1), xx * yy - xy * yx);
            return new Map(xx, xy, yx, yy, -(yy * x - xy * y) / determinant, -(xx * y - yx * x) / determinant);
        })];
    }

    private static void AssertFills(IEnumerable<double> draws, double bound)
    {
        var all = draws.ToList();
        Assert.All(all, draw => Assert.InRange(draw, -bound * 1.01, bound * 1.01));
        Assert.InRange(all.Max(), bound * 0.9, bound * 1.01);
        Assert.InRange(all.Min(), -bound * 1.01, -bound * 0.9);
    }

    private static void AssertIs(Map map, double xx, double xy, double yx, double yy) =>
        Assert.All([map.XX - xx, map.XY - xy, map.YX - yx, map.YY - yy], difference => Assert.Equal(0, difference, 1e-3));

    private static Tensor Noise()
    {
        manual_seed(10);
        return rand(Count, 1, Size, Size) * 2 - 1;
    }

    private static double[] Means(Tensor images) => images.to(ScalarType.Float64).mean([1, 2, 3]).data<double>().ToArray();

    private static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();
}
