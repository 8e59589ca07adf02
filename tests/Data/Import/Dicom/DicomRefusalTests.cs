using MedTransfer.Data.Import.Dicom;

namespace MedTransfer.Tests.Data.Import.Dicom;

/// <summary>What is no image, or cannot be right: one line each, without a value of a tag.</summary>
public sealed class DicomRefusalTests : IDisposable
{
    private const string Storage = "1.2.840.10008.5.1.4.1.1.";

    private readonly DicomFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData(Storage + "481.3", "is a set of contours for radiotherapy (RTSTRUCT) and holds no image: leave it out")]
    [InlineData(Storage + "481.5", "is a plan of radiotherapy (RTPLAN) and holds no image: leave it out")]
    [InlineData(Storage + "88.33", "is a structured report (SR) and holds no image: leave it out")]
    [InlineData(Storage + "9.1.1", "is a waveform and holds no image: leave it out")]
    [InlineData(Storage + "11.1", "is a presentation state, which says how to show other files, and holds no image: leave it out")]
    [InlineData(Storage + "104.1", "is a PDF in a DICOM file and holds no image: leave it out")]
    [InlineData(Storage + "104.2", "is a document in a DICOM file and holds no image: leave it out")]
    [InlineData("1.2.840.10008.1.3.10", "is the directory of a medium (DICOMDIR) and holds no image: leave it out")]
    [InlineData(Storage + "2", "holds no pixel data: leave it out")]
    public void Files_without_pixels_say_what_they_are(string sopClass, string expected) =>
        Assert.Equal(expected, files.Refusal(DicomBytes.Grey(1, 1).Without(0x7FE0_0010).Text(0x0008_0016, "UI", sopClass)));

    [Fact]
    public void Directory_says_so_in_its_meta_information_alone()
    {
        var meta = new DicomBytes().Text(0x0002_0002, "UI", "1.2.840.10008.1.3.10").Text(0x0002_0010, "UI", DicomBytes.Explicit).Text(0x0004_1130, "CS", "MEDIUM");

        Assert.Equal(
            "is the directory of a medium (DICOMDIR) and holds no image: leave it out",
            files.Refusal([.. new byte[128], .. "DICM"u8, .. meta.DataSet(new DicomBytes.Writer(true, false))]));
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2.4.100", "is a video (transfer syntax MPEG2): save its images in another syntax with the program that made it")]
    [InlineData("1.2.840.10008.1.2.1.98", "has pixel data that is not read (transfer syntax Encapsulated Uncompressed Explicit VR Little Endian): save its images in another syntax with the program that made it")]
    [InlineData("1.2.3.4", "has pixel data that is not read (transfer syntax one that is not known here): save its images in another syntax with the program that made it")]
    [InlineData("1.2.840.10008.1.2.4.201", "is in transfer syntax High-Throughput JPEG 2000 Lossless, which is not read: save it in another syntax with the program that made it")]
    public void Syntaxes_that_nothing_here_reads_are_named(string syntax, string expected) =>
        Assert.Equal(expected, files.Refusal(DicomBytes.Grey(1, 1).Fragments([], [1, 2]), syntax));

    [Fact]
    public void Other_files_are_no_dicom_files()
    {
        Assert.Equal("is no DICOM file", files.Refusal("a text, and no DICOM file"u8.ToArray()));
        Assert.Equal("is no DICOM file", files.Refusal(new byte[500]));
        Assert.Equal("is no DICOM file", files.Refusal([1]));
        Assert.Equal("is empty: copy or download it again", files.Refusal([]));
        Assert.EndsWith("no such file", Assert.Throws<MedTransferException>(() => DicomReader.Read(files.Path + "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_that_cannot_be_are_refused()
    {
        AssertRefused(file => file.Without(0x0028_0010), "has pixel data, but no rows or columns");
        AssertRefused(file => file.Us(0x0028_0011, 0), "has pixel data, but no rows or columns");
        AssertRefused(file => file.Without(0x0028_0004), "has pixel data, but no photometric interpretation");
        AssertRefused(file => file.Text(0x0028_0004, "CS", "CMYK"), "has a photometric interpretation that is not read");
        AssertRefused(file => file.Us(0x0028_0002, 3), "its samples per pixel are not those of its photometric interpretation");
        AssertRefused(file => file.Us(0x0028_0100, 12), "does not have 1, 8, 16 or 32 bits allocated");
        AssertRefused(file => file.Us(0x0028_0101, 17), "its bits allocated, bits stored and high bit do not go together");
        AssertRefused(file => file.Us(0x0028_0101, 0), "its bits allocated, bits stored and high bit do not go together");
        AssertRefused(file => file.Us(0x0028_0102, 16), "its bits allocated, bits stored and high bit do not go together");
        AssertRefused(file => file.Us(0x0028_0102, 3), "its bits allocated, bits stored and high bit do not go together");
        AssertRefused(file => file.Text(0x0028_0008, "IS", "1A"), "its number of frames is no whole number");
        AssertRefused(file => file.Ds(0x0028_1053, 1e300), "has a rescale slope or intercept beyond all bounds");
        AssertRefused(file => file.Sequence(0x0028_3000, true, new DicomBytes().Us(0x0028_3002, 1, 0, 16)), "has a modality lookup table without entries");
        AssertRefused(file => file.Sequence(0x0028_3000, true, new DicomBytes().Us(0x0028_3002, 1, 0, 17).Us(0x0028_3006, 1)), "has a lookup table with entries of no bits or more than 16");
        AssertRefused(file => file.Fragments([], [1, 2]), "its pixel data is in fragments, unlike its transfer syntax Explicit VR Little Endian");
        AssertRefused(file => file.Us(0x0028_0002, 3).Text(0x0028_0004, "CS", "YBR_RCT"), "has the colours of JPEG 2000, but pixel data of another kind");
        AssertRefused(file => file.Bytes(0x7FE0_0008, "OF", 0, 0, 0, 0), "its pixels are floating-point numbers");
    }

    [Fact]
    public void More_pixels_than_any_image_has_are_refused_before_they_are_allocated() =>
        Assert.Contains("has more pixels than are read", files.Refusal(DicomBytes.Grey(1, 1).Us(0x0028_0010, 65535).Us(0x0028_0011, 65535)), StringComparison.Ordinal);

    [Fact]
    public void Sequences_deeper_than_any_are_refused()
    {
        var item = new DicomBytes();
        for (var depth = 0; depth < 100; depth++) item = new DicomBytes().Sequence(0x0040_0260, false, item);

        Assert.Equal("its data set is damaged: copy or download it again", files.Refusal(DicomBytes.Grey(1, 1).Sequence(0x0040_0275, false, item)));
    }

    // 300 MB of zeros in 300 kB
    [Fact]
    public void Deflated_file_that_unpacks_to_far_more_than_an_image_is_refused() =>
        Assert.Contains(
            "unpacks to far more than an image would",
            files.Refusal(DicomBytes.Grey(1, 1).Add(0x0009_1001, "OB", _ => new byte[100 << 20]), DicomBytes.Deflated),
            StringComparison.Ordinal);

    [Fact]
    public void Deflated_file_that_is_damaged_is_refused()
    {
        byte[] whole = [.. new byte[128], .. "DICM"u8, .. DicomBytes.Meta(DicomBytes.Deflated), .. Enumerable.Repeat((byte)0xFF, 50)];

        Assert.Equal("its deflated data set cannot be unpacked: copy or download it again", files.Refusal(whole));
    }

    [Fact]
    public void No_message_holds_what_a_tag_says()
    {
        const string Secret = "SECRET";
        foreach (var tag in new uint[] { 0x0010_0020, 0x0020_000D, 0x0008_0016, 0x0028_0004, 0x0028_0008, 0x0008_0005, 0x0028_1050 })
        {
            var file = DicomBytes.Grey(1, 1).Text(tag, "LO", Secret).Us(0x0028_0010, 2);
            Assert.DoesNotContain(Secret, files.Refusal(file), StringComparison.Ordinal);
        }
        Assert.DoesNotContain(Secret, files.Refusal(DicomBytes.Grey(1, 1), Secret), StringComparison.Ordinal);
    }

    private void AssertRefused(Action<DicomBytes> change, string expected)
    {
        var file = DicomBytes.Grey(2, 1, 2);
        change(file);
        Assert.StartsWith(expected, files.Refusal(file), StringComparison.Ordinal);
    }
}
