using MedTransfer.Data.Checks;
using MedTransfer.Data.Images;

namespace MedTransfer.Tests.Data.Checks;

public sealed class ThumbnailTests
{
    [Fact]
    public void Smallest_size_stays_and_larger_ones_are_averaged_over_areas_and_channels()
    {
        var small = Enumerable.Range(0, 28 * 28).Select(pixel => (byte)(pixel % 256)).ToArray();
        Assert.Equal(small, Of(small, 28).Pixels);

        // three channels of 56 pixels, each pixel of a thumbnail the mean of twelve numbers
        var large = new byte[3 * 56 * 56];
        for (var channel = 0; channel < 3; channel++)
        {
            for (var pixel = 0; pixel < 56 * 56; pixel++) large[channel * 56 * 56 + pixel] = (byte)(10 * channel + (pixel % 56 % 2 == 0 ? 20 : 40));
        }
        Assert.All(Of(large, 56).Pixels, pixel => Assert.Equal(40, pixel));   // 10 + 30
    }

    [Fact]
    public void Hash_knows_the_directions_in_which_an_image_becomes_brighter()
    {
        var across = Image((_, column) => column * 9);
        var down = Image((row, _) => row * 9);

        Assert.Equal(64, Distance(across, Image((_, _) => 7)));
        Assert.Equal(128, Distance(across, down));
        Assert.Equal(0, Distance(across, Image((_, column) => column * 4 + 100)));
        Assert.Equal(64, Distance(across, Image((_, column) => 255 - column * 9)));
    }

    private static int Distance(Thumbnail one, Thumbnail other) => (int)UInt128.PopCount(one.Hash ^ other.Hash);

    internal static Thumbnail Image(Func<int, int, int> level) =>
        Of([.. Enumerable.Range(0, 28 * 28).Select(pixel => (byte)Math.Clamp(level(pixel / 28, pixel % 28), 0, 255))], 28);

    private static Thumbnail Of(byte[] planes, int size) => Thumbnail.Of(planes, size, AxisResampling.Of(size, 28));
}
