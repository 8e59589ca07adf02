using MedTransfer.Data.Import;

namespace MedTransfer.Tests.Data.Import.Dicom;

/// <summary>Colours (PS3.3 C.7.6.3.1.2, C.7.9); expected numbers by hand.</summary>
public sealed class DicomColourTests : IDisposable
{
    private const uint Descriptor = 0x0028_1101;
    private const uint Data = 0x0028_1201;
    private const uint Segmented = 0x0028_1221;

    private readonly DicomFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Rgb_is_read_pixel_by_pixel_or_plane_by_plane()
    {
        var image = files.Read(DicomBytes.Colours("RGB", 2, 1, 1, 2, 3, 4, 5, 6));
        var planes = files.Read(DicomBytes.Colours("RGB", 2, 1, 1, 4, 2, 5, 3, 6).Us(0x0028_0006, 1), DicomBytes.Implicit);

        Assert.Equal((2, 1, 3), (image.Width, image.Height, image.Channels));
        Assert.Equal(new ValueRange(0, 255), image.Range);
        Assert.Equal([1, 2, 3, 4, 5, 6], image.Values);
        Assert.Equal(image.Values, planes.Values);
    }

    [Fact]
    public void Rgb_of_sixteen_bits_has_their_range()
    {
        var image = files.Read(DicomBytes.Of("RGB", 1, 1, 16).Us(0x0028_0002, 3).Pixels(16, 1, 256, 65535).Ds(0x0028_1050, 1).Ds(0x0028_1051, 1));

        Assert.Equal([1, 256, 65535], image.Values);
        Assert.Equal(new ValueRange(0, 65535), image.Range);
    }

    // 76 + 1.402 x 127 = 254.05; 76 + .3441 x 43 - .7141 x 127 = .10; 76 - 1.772 x 43 = -.20
    [Fact]
    public void Ybr_full_becomes_rgb()
    {
        var image = files.Read(DicomBytes.Colours("YBR_FULL", 3, 1, 100, 128, 128, 76, 85, 255, 255, 128, 255));

        Assert.Equal([100, 100, 100, 254, 0, 0, 255, 164, 255], image.Values);
    }

    [Fact]
    public void Pairs_of_pixels_share_their_chrominance()
    {
        var image = files.Read(DicomBytes.Colours("YBR_FULL_422", 2, 2, 100, 50, 128, 128, 76, 76, 85, 255));

        Assert.Equal([100, 100, 100, 50, 50, 50, 254, 0, 0, 254, 0, 0], image.Values);
    }

    [Theory]
    [InlineData(DicomBytes.Explicit)]
    [InlineData(DicomBytes.BigEndian)]
    public void Palette_of_sixteen_bits_is_looked_up_from_its_first_value(string syntax)
    {
        var file = Palette(8, 9, 10, 11, 99);
        for (var colour = 0; colour < 3; colour++) file.Us(Descriptor + (uint)colour, 2, 10, 16).Words(Data + (uint)colour, "OW", 100 * (colour + 1), 65535 - colour);

        var image = files.Read(file, syntax);

        Assert.Equal([100, 200, 300, 100, 200, 300, 65535, 65534, 65533, 65535, 65534, 65533], image.Values);
        Assert.Equal(new ValueRange(0, 65535), image.Range);
    }

    [Theory]
    [InlineData(DicomBytes.Explicit)]
    [InlineData(DicomBytes.BigEndian)]
    public void Palette_of_eight_bits_has_two_entries_in_a_word(string syntax)
    {
        var file = Palette(8, 0, 1);
        for (var colour = 0; colour < 3; colour++)
        {
            var (a, b) = (10 + colour, 20 + colour);
            file.Us(Descriptor + (uint)colour, 2, 0, 8).Words(Data + (uint)colour, "OW", a | (b << 8));
        }

        var image = files.Read(file, syntax);

        Assert.Equal([10, 11, 12, 20, 21, 22], image.Values);
        Assert.Equal(new ValueRange(0, 255), image.Range);
    }

    // two entries as they are, four in a line to 1000, and the first segment again
    [Fact]
    public void Palette_in_segments_is_expanded()
    {
        var file = Palette(8, 0, 1, 2, 3, 4, 5, 6, 7);
        for (var colour = 0u; colour < 3; colour++) file.Us(Descriptor + colour, 8, 0, 16).Words(Segmented + colour, "OW", 0, 2, 100, 200, 1, 4, 1000, 2, 1, 0, 0);

        var red = files.Read(file).Values.Where((_, i) => i % 3 == 0);

        Assert.Equal([100, 200, 400, 600, 800, 1000, 100, 200], red);
    }

    [Theory]
    [InlineData(0, 2, 100)]
    [InlineData(1, 4, 1000)]
    [InlineData(2, 1, 60000, 0)]
    [InlineData(2, 1, 0, 0)]
    [InlineData(9, 1, 0, 0)]
    public void Palette_with_damaged_segments_is_refused(params int[] words)
    {
        var file = Palette(8, 0);
        for (var colour = 0u; colour < 3; colour++) file.Us(Descriptor + colour, 8, 0, 16).Words(Segmented + colour, "OW", words);

        Assert.Equal("has a palette whose segments are damaged: copy or download it again", files.Refusal(file));
    }

    [Fact]
    public void Palette_that_is_missing_or_short_is_refused()
    {
        var file = Palette(8, 0);
        Assert.Contains("has colours of a palette, but no palette", files.Refusal(file), StringComparison.Ordinal);

        for (var colour = 0u; colour < 3; colour++) file.Us(Descriptor + colour, 3, 0, 16).Words(Data + colour, "OW", 1, 2);
        Assert.Contains("has a lookup table that is shorter than it says", files.Refusal(file), StringComparison.Ordinal);
    }

    private static DicomBytes Palette(int bits, params int[] indices) => DicomBytes.Image(indices.Length, bits, indices).Text(0x0028_0004, "CS", "PALETTE COLOR");
}
