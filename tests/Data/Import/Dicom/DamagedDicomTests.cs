using MedTransfer.Tests.Data.Import.Dicom.Encodings;
using MedTransfer.Tests.Runtime;
using MedTransfer.Data.Import.Dicom;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace MedTransfer.Tests.Data.Import.Dicom;

/// <summary>Files damaged at random, with fixed seeds: each is read, or refused in one line, in bounded time and memory.</summary>
public sealed class DamagedDicomTests : IDisposable
{
    private const int Preamble = 132;
    private const long MostBytes = 16 << 20;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(DicomBytes.Implicit)]
    [InlineData(DicomBytes.Explicit)]
    [InlineData(DicomBytes.BigEndian)]
    [InlineData(DicomBytes.Deflated)]
    public void Damaged_native_files_are_read_or_refused(string syntax) => Attempt(1000, Tables().Pixels(16, [.. Enumerable.Range(0, 256)]).File(syntax));

    [Fact]
    public void Damaged_palettes_are_read_or_refused()
    {
        var file = DicomBytes.Image(4, 8, 0, 1, 2, 3).Text(0x0028_0004, "CS", "PALETTE COLOR");
        for (var colour = 0u; colour < 3; colour++) file.Us(0x0028_1101 + colour, 8, 0, 16).Words(0x0028_1221 + colour, "OW", 0, 2, 100, 200, 1, 4, 1000, 2, 1, 0, 0);

        Attempt(1000, file.File());
    }

    [Fact]
    public void Damaged_run_lengths_are_read_or_refused()
    {
        var segment = new byte[64];
        (segment[0], segment[4], segment[8]) = (2, 64, 68);

        Attempt(1000, Tables().Fragments([0], [.. segment, 129, 1, 129, 1, 129, 7, 129, 9]).File(DicomBytes.RunLength));
    }

    [Fact]
    public void Damaged_lossless_jpeg_is_read_or_refused()
    {
        var codestream = new LosslessJpegBytes(16, 16, 1, 12) { Predictor = 6, RestartRows = 4, CodeCounts = LosslessJpegBytes.AllLengths }
            .Encode([.. Enumerable.Range(0, 256).Select(i => i * 31 % 4096)]);

        Attempt(1000, Tables().Fragments([0], codestream).File(DicomBytes.Lossless));
        Attempt(1000, Tables().Fragments([0], codestream).File(DicomBytes.Lossless), after: 500);
    }

    [Fact]
    public void Damaged_baseline_jpeg_is_read_or_refused()
    {
        using var image = new Image<Rgb24>(16, 16, new Rgb24(1, 100, 200));
        using var stream = new MemoryStream();
        image.SaveAsJpeg(stream);
        var file = DicomBytes.Of("YBR_FULL_422", 16, 16, 8).Us(0x0028_0002, 3).Fragments([0], stream.ToArray()).File(DicomBytes.Baseline);

        Attempt(1000, file);
        Attempt(1000, file, after: 500);
    }

    /// <summary>16 x 16 pixels of 16 bits, and something of every kind of tag before them.</summary>
    private static DicomBytes Tables()
    {
        var table = new DicomBytes().Us(0x0028_3002, 3, 10, 16).Words(0x0028_3006, "OW", 100, 200, 300);
        return DicomBytes.Of("MONOCHROME2", 16, 16, 16)
            .Text(0x0008_0005, "CS", "ISO_IR 192")
            .Sequence(0x0008_1140, false, new DicomBytes().Us(0x0028_0011, 98).Sequence(0x0040_0260, true, table))
            .Ds(0x0028_1050, 40).Ds(0x0028_1051, 400).Us(0x0028_0120, 5).Us(0x0028_0121, 9)
            .Sequence(0x0028_3000, true, table).Sequence(0x0028_3010, false, table, table);
    }

    /// <param name="after">The first byte that is damaged: before stand a preamble and what the other damage meets.</param>
    private void Attempt(int times, byte[] whole, int after = Preamble)
    {
        var random = new Random(7);
        Damage.IsReadOrRefused(times, folder["a.dcm"], _ => Damage.Of(whole, random, from: after), attempt =>
        {
            var image = DicomReader.Read(folder["a.dcm"], attempt % 4 == 0 ? 1 : null, DicomFiles.NoConverters);
            Assert.Equal(image.Width * image.Height * image.Channels, image.Values.Length);
            Assert.DoesNotContain(image.Values, value => !float.IsFinite(value));
            Assert.True(image.Range is not { } range || range.High > range.Low, $"attempt {attempt}: range");
        }, MostTime, MostBytes, leastRefused: times / 5);
    }
}
