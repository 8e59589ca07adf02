namespace MedTransfer.Tests.Data.Import.Dicom.Encodings;

public sealed class LosslessJpegTests : IDisposable
{
    private readonly DicomFiles files = new();

    public void Dispose() => files.Dispose();

    // By hand, 2 x 2 of 2 bits, codes of one bit: 0 for no difference, 10 for one bit of difference, 110 for two.
    // Samples 2 3 / 1 1; predicted 2 (half), 2 (left), 2 (above), 1 (left): differences 0, +1, -1, 0 are 0, 10 1, 10 0, 0: 01011000
    [Fact]
    public void Codestream_written_by_hand_is_decoded()
    {
        byte[] codestream =
        [
            0xFF, 0xD8,
            0xFF, 0xC4, 0, 22, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2,
            0xFF, 0xC3, 0, 11, 2, 0, 2, 0, 2, 1, 1, 0x11, 0,
            0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 0, 0,
            0b0101_1000, 0xFF, 0xD9,
        ];

        Assert.Equal([2, 3, 1, 1], files.Read(Image(2, 2, 8, codestream), DicomBytes.LosslessFirstOrder).Values);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Every_predictor_is_undone(int predictor)
    {
        var samples = Samples(12, 11 * 7);

        AssertRead(new LosslessJpegBytes(11, 7, 1, 12) { Predictor = predictor }, samples, 16);
        AssertRead(new LosslessJpegBytes(11, 7, 1, 16) { Predictor = predictor, CodeCounts = LosslessJpegBytes.AllLengths }, Samples(16, 11 * 7), 16);
    }

    [Theory]
    [InlineData(2, 8)]
    [InlineData(8, 8)]
    [InlineData(9, 16)]
    [InlineData(15, 16)]
    [InlineData(16, 16)]
    public void Every_precision_is_read(int precision, int allocated) => AssertRead(new LosslessJpegBytes(5, 3, 1, precision), Samples(precision, 15), allocated);

    // 0 to 32768 and back: the difference of 16 bits, which has no bits of its own
    [Fact]
    public void Largest_difference_is_read() => AssertRead(new LosslessJpegBytes(4, 1, 1, 16), [32768, 0, 32768, 65535], 16);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Restarts_begin_the_prediction_anew(int rows) =>
        AssertRead(new LosslessJpegBytes(5, 23, 1, 10) { Predictor = 4, RestartRows = rows }, Samples(10, 5 * 23), 16);

    [Fact]
    public void Restart_that_is_missing_is_damage()
    {
        var codestream = new LosslessJpegBytes(5, 4, 1, 10) { RestartRows = 1 }.Encode(Samples(10, 20));
        var place = codestream.AsSpan().IndexOf((byte[])[0xFF, 0xD1]);
        codestream[place + 1] = 0xD5;

        Assert.Equal("its JPEG pixel data is damaged: copy or download it again", files.Refusal(Image(5, 4, 16, codestream), DicomBytes.Lossless));
    }

    [Fact]
    public void Lowest_bits_that_were_left_out_are_zero()
    {
        var samples = Samples(12, 20);
        var image = files.Read(Image(5, 4, 16, new LosslessJpegBytes(5, 4, 1, 12) { PointTransform = 3, Predictor = 7 }.Encode(samples)), DicomBytes.Lossless);

        Assert.Equal(samples.Select(sample => (float)(sample & ~7)), image.Values);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Colours_come_in_one_scan_or_in_three(bool hasSeparateScans)
    {
        var samples = Samples(8, 4 * 3 * 3);
        var codestream = new LosslessJpegBytes(4, 3, 3, 8) { Predictor = 5, HasSeparateScans = hasSeparateScans }.Encode(samples);
        var file = DicomBytes.Of("RGB", 4, 3, 8).Us(0x0028_0002, 3).Us(0x0028_0006, 1).Fragments([], codestream);

        Assert.Equal(samples.Select(sample => (float)sample), files.Read(file, DicomBytes.Lossless).Values);
    }

    [Fact]
    public void Signed_samples_are_told_by_their_bits_stored()
    {
        var codestream = new LosslessJpegBytes(3, 1, 1, 12).Encode([1, 4095, 2048]);
        var file = Image(3, 1, 16, codestream).Us(0x0028_0101, 12).Us(0x0028_0102, 11).Us(0x0028_0103, 1);

        Assert.Equal([1, -1, -2048], files.Read(file, DicomBytes.Lossless).Values);
    }

    [Fact]
    public void Codestream_that_ends_early_is_truncated()
    {
        var whole = new LosslessJpegBytes(20, 20, 1, 12).Encode(Samples(12, 400));

        for (var length = whole.Length - 3; length > 100; length -= 7)
        {
            Assert.Equal(
                "its pixel data ends early, the file is truncated: copy or download it again",
                files.Refusal(Image(20, 20, 16, whole[..length]), DicomBytes.Lossless));
        }
    }

    [Fact]
    public void Size_is_that_of_the_tags()
    {
        var codestream = new LosslessJpegBytes(5, 4, 1, 10).Encode(Samples(10, 20));

        Assert.StartsWith("its JPEG has another size", files.Refusal(Image(4, 5, 16, codestream), DicomBytes.Lossless), StringComparison.Ordinal);
        Assert.StartsWith("its JPEG has another size", files.Refusal(Image(5, 4, 8, codestream), DicomBytes.Lossless), StringComparison.Ordinal);
    }

    private void AssertRead(LosslessJpegBytes layout, int[] samples, int allocated)
    {
        var image = files.Read(Image(layout.Columns, layout.Rows, allocated, layout.Encode(samples)), DicomBytes.Lossless);

        Assert.Equal(samples.Select(sample => (float)sample), image.Values);
    }

    private static DicomBytes Image(int columns, int rows, int allocated, byte[] codestream) =>
        DicomBytes.Of("MONOCHROME2", columns, rows, allocated).Fragments([], codestream);

    private static int[] Samples(int bits, int count)
    {
        var random = new Random(bits);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(1 << bits))];
    }
}
