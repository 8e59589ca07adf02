using MedTransfer.Data.Checks;
using MedTransfer.Numerics;

namespace MedTransfer.Tests.Data.Checks;

public sealed class NearDuplicatesTests
{
    [Fact]
    public void Same_image_lit_otherwise_or_noisy_is_near_and_others_are_not()
    {
        var random = new SplitMix64(1);
        var images = Enumerable.Range(0, 30).Select(_ => Blobs(random)).ToList();
        images.Add((row, column) => images[3](row, column) * 0.8 + 20);
        images.Add((row, column) => images[7](row, column) + (row * 31 + column * 17) % 7 - 3);

        Assert.Equal([(3, 30), (7, 31)], NearDuplicates.Find([.. images.Select(Draw)]));
    }

    [Fact]
    public void Images_that_share_a_field_of_view_alone_are_not_near()
    {
        // a bright disc, as of every fundus photograph, in which something faint differs
        var random = new SplitMix64(5);
        var views = Enumerable.Range(0, 40).Select(_ => Blobs(random)).Select(inside => (Func<int, int, double>)((row, column) =>
            (row - 13.5) * (row - 13.5) + (column - 13.5) * (column - 13.5) < 150 ? 180 + 0.08 * inside(row, column) : 0)).ToList();
        var images = views.Select(Draw).ToList();
        Assert.True(Correlation(images[0], images[1]) > NearDuplicates.LeastCorrelation);

        Assert.Empty(NearDuplicates.Find(images));
    }

    [Fact]
    public void Few_images_are_compared_without_their_mean_and_even_ones_are_near_none()
    {
        var random = new SplitMix64(3);
        var one = Blobs(random);

        Assert.Equal([(0, 1)], NearDuplicates.Find([Draw(one), Draw((row, column) => one(row, column) * 0.9 + 10), Draw((_, _) => 9), Draw((_, _) => 9)]));
    }

    // three bright spots on a slope
    private static Func<int, int, double> Blobs(SplitMix64 random)
    {
        var spots = Enumerable.Range(0, 3).Select(_ => (Row: random.Below(28), Column: random.Below(28), Level: 60 + random.Below(120))).ToList();
        return (row, column) => 20 + row + spots.Sum(spot => spot.Level * Math.Exp(-((row - spot.Row) * (row - spot.Row) + (column - spot.Column) * (column - spot.Column)) / 20.0));
    }

    private static Thumbnail Draw(Func<int, int, double> level) => ThumbnailTests.Image((row, column) => (int)Math.Round(level(row, column)));

    private static double Correlation(Thumbnail one, Thumbnail other)
    {
        var (a, b) = (one.Pixels.Average(pixel => (double)pixel), other.Pixels.Average(pixel => (double)pixel));
        return one.Pixels.Zip(other.Pixels, (x, y) => (x - a) * (y - b)).Sum() / Math.Sqrt(one.Pixels.Sum(x => (x - a) * (x - a)) * other.Pixels.Sum(y => (y - b) * (y - b)));
    }
}
