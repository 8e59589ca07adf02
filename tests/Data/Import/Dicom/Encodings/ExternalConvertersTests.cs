using MedTransfer.Data.Import;
using MedTransfer.Data.Import.Dicom;
using MedTransfer.Data.Import.Dicom.Encodings;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Import.Dicom.Encodings;

/// <summary>Programs that convert, with scripts in their place.</summary>
public sealed class ExternalConvertersTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(DicomBytes.Jpeg2000, "is in transfer syntax JPEG 2000 Lossless, which is not read without gdcmconv: install one (Debian: libgdcm-tools), or convert the file with gdcmconv --raw FILE NEW")]
    [InlineData(DicomBytes.JpegLs, "is in transfer syntax JPEG-LS Lossless, which is not read without dcmdjpls or gdcmconv: install one (Debian: dcmtk), or convert the file with dcmdjpls FILE NEW")]
    [InlineData(DicomBytes.Extended, "is in transfer syntax JPEG Extended (Process 2 and 4), which is not read without dcmdjpeg or gdcmconv: install one (Debian: dcmtk), or convert the file with dcmdjpeg FILE NEW")]
    public void Without_a_program_the_syntax_and_the_command_are_named(string syntax, string expected) => Assert.Equal(expected, Refusal(Image(), syntax));

    [Fact]
    public void Converted_file_gives_the_pixels_and_the_original_the_rest()
    {
        AssertScripts();
        File.WriteAllBytes(folder["native.dcm"], DicomBytes.Grey(2, 3, 4).Text(0x0010_0020, "LO", "other").Ds(0x0028_1053, 7).File());
        Script("gdcmconv", $"[ \"$1\" = --raw ] && cp '{folder["native.dcm"]}' \"$3\" && echo \"$3\" > '{folder["target"]}' && echo words && echo words >&2");

        var image = Read(Image().Ds(0x0028_1053, 10), DicomBytes.Jpeg2000);

        Assert.Equal([30, 40], image.Values);
        Assert.Equal("P1", image.Patient);
        AssertRemoved();
    }

    [Fact]
    public void Next_program_is_tried_where_one_fails()
    {
        AssertScripts();
        File.WriteAllBytes(folder["native.dcm"], DicomBytes.Grey(2, 3, 4).File());
        Script("dcmdjpls", "exit 1");
        Script("gdcmconv", $"cp '{folder["native.dcm"]}' \"$3\"");

        Assert.Equal([3, 4], Read(Image(), DicomBytes.JpegLs).Values);
    }

    [Fact]
    public void Program_that_fails_means_damage()
    {
        AssertScripts();
        Script("gdcmconv", $"echo \"$3\" > '{folder["target"]}'; echo x > \"$3\"; exit 1");

        Assert.Equal("its JPEG 2000 Lossless pixel data is damaged, gdcmconv cannot unpack it: copy or download it again", Refusal(Image(), DicomBytes.Jpeg2000));
        AssertRemoved();
    }

    [Fact]
    public void Program_that_takes_too_long_is_stopped()
    {
        AssertScripts();
        Script("gdcmconv", $"echo \"$3\" > '{folder["target"]}'; sleep 60; exit 1");

        Assert.Equal("took gdcmconv more than 1 seconds: convert it by hand to Explicit VR Little Endian", Refusal(Image(), DicomBytes.Jpeg2000));
        AssertRemoved();
    }

    [Fact]
    public void Converted_file_that_is_none_or_shows_another_image_is_refused()
    {
        AssertScripts();
        Script("gdcmconv", $"cp '{folder["native.dcm"]}' \"$3\"");

        File.WriteAllBytes(folder["native.dcm"], DicomBytes.Grey(1, 3, 4).File());
        Assert.StartsWith("became another image", Refusal(Image(), DicomBytes.Jpeg2000), StringComparison.Ordinal);
        File.WriteAllBytes(folder["native.dcm"], Image().File(DicomBytes.Jpeg2000));
        Assert.StartsWith("became another image", Refusal(Image(), DicomBytes.Jpeg2000), StringComparison.Ordinal);
        File.WriteAllBytes(folder["native.dcm"], []);
        Assert.StartsWith("could not be converted", Refusal(Image(), DicomBytes.Jpeg2000), StringComparison.Ordinal);
    }

    [Fact]
    public void Size_is_checked_before_a_program_takes_memory_for_it()
    {
        byte[] header = [0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

        Assert.StartsWith("its JPEG 2000 has another size than its tags say", Refusal(Image(header), DicomBytes.Jpeg2000), StringComparison.Ordinal);
        Assert.StartsWith("unpacks to far more than an image would", Refusal(Image().Us(0x0028_0010, 16000).Us(0x0028_0011, 16000), DicomBytes.Jpeg2000), StringComparison.Ordinal);
    }

    // 12 bits of the cosine transform: the header says so whatever the tags
    private static DicomBytes Image(params byte[] codestream) => DicomBytes.Of("MONOCHROME2", 2, 1, 16)
        .Fragments([], codestream.Length > 0 ? codestream : [0xFF, 0xD8, 0xFF, 0xC1, 0, 11, 12, 0, 1, 0, 2, 1, 1, 0x11, 0, 0xFF, 0xD9]);

    private DecodedImage Read(DicomBytes file, string syntax)
    {
        File.WriteAllBytes(folder["a.dcm"], file.File(syntax));
        return DicomReader.Read(folder["a.dcm"], null, new ExternalConverters(folder.Path, TimeSpan.FromSeconds(1)));
    }

    private string Refusal(DicomBytes file, string syntax)
    {
        var message = Assert.Throws<MedTransferException>(() => Read(file, syntax)).Message;
        Assert.DoesNotContain('\n', message);
        return message[(folder["a.dcm"].Length + 2)..];
    }

    private void Script(string name, string lines)
    {
        File.WriteAllText(folder[name], $"#!/bin/sh\n{lines}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder[name], UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static void AssertScripts() => Assert.SkipWhen(OperatingSystem.IsWindows(), "scripts of a shell");

    private void AssertRemoved() => Assert.False(Directory.Exists(Path.GetDirectoryName(File.ReadAllText(folder["target"]).Trim())));
}
