using MedTransfer.Data.Import.Dicom;

namespace MedTransfer.Tests.Data.Import.Dicom;

/// <summary>How data sets are written, whatever they hold.</summary>
public sealed class DicomSyntaxTests : IDisposable
{
    private static readonly float[] _values = [1, 2, 300, 40000, 5, 6];

    private readonly DicomFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData(DicomBytes.Implicit)]
    [InlineData(DicomBytes.Explicit)]
    [InlineData(DicomBytes.Deflated)]
    [InlineData(DicomBytes.BigEndian)]
    public void Image_is_the_same_in_every_uncompressed_syntax(string syntax)
    {
        var image = files.Read(Image(), syntax);

        Assert.Equal((3, 2, 1), (image.Width, image.Height, image.Channels));
        Assert.Equal(_values, image.Values);
        Assert.Equal(("P1", "1.2.3"), (image.Patient, image.Study));
        Assert.Empty(image.Remarks);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Preamble_and_meta_information_may_be_missing(bool isExplicit, bool isBigEndian)
    {
        var image = files.Read(Image().DataSet(new DicomBytes.Writer(isExplicit, isBigEndian)));

        Assert.Equal(_values, image.Values);
        Assert.Equal(["its transfer syntax is not given and was recognised"], image.Remarks);
    }

    [Fact]
    public void Preamble_alone_may_be_missing() => Assert.Equal(_values, files.Read(Image().File()[128..]["DICM".Length..]).Values);

    [Theory]
    [InlineData(DicomBytes.Implicit, true, false)]
    [InlineData(DicomBytes.Explicit, false, false)]
    [InlineData(DicomBytes.Explicit, true, true)]
    public void Data_set_in_another_syntax_than_declared_is_read_and_said(string declared, bool isExplicit, bool isBigEndian)
    {
        var image = files.Read([.. new byte[128], .. "DICM"u8, .. DicomBytes.Meta(declared), .. Image().DataSet(new DicomBytes.Writer(isExplicit, isBigEndian))]);

        Assert.Equal(_values, image.Values);
        Assert.Equal(["its data set is in another syntax than it says"], image.Remarks);
    }

    [Theory]
    [InlineData(DicomBytes.Implicit, true)]
    [InlineData(DicomBytes.Implicit, false)]
    [InlineData(DicomBytes.Explicit, true)]
    [InlineData(DicomBytes.Explicit, false)]
    [InlineData(DicomBytes.BigEndian, false)]
    public void Other_sequences_are_passed_over_with_what_they_hold(string syntax, bool hasLength)
    {
        // an item with a number of rows and a patient of its own, and a sequence in it
        var inner = new DicomBytes().Text(0x0010_0020, "LO", "other").Us(0x0028_0010, 99);
        var item = new DicomBytes().Us(0x0028_0011, 98).Sequence(0x0040_0260, !hasLength, inner, new DicomBytes());
        var file = Image().Sequence(0x0008_1140, hasLength, item, item).Sequence(0x0040_0275, hasLength, inner).Sequence(0x0028_9110, hasLength);

        var image = files.Read(file, syntax);

        Assert.Equal(_values, image.Values);
        Assert.Equal("P1", image.Patient);
    }

    [Fact]
    public void Sequence_of_no_known_representation_is_implicit_within()
    {
        // as PS3.5 6.2.2 has it, whatever the file's own syntax
        var file = Image().Add(0x0009_1001, "UN", _ =>
        [
            0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF,
            0x10, 0x00, 0x20, 0x00, 4, 0, 0, 0, .. "abcd"u8,
            0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0,
            0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0,
        ], hasLength: false);

        Assert.Equal(_values, files.Read(file).Values);
        Assert.Equal(_values, files.Read(file, DicomBytes.BigEndian).Values);
    }

    [Fact]
    public void Element_without_a_representation_among_others_is_passed_over()
    {
        var whole = Image().File();
        byte[] odd = [0x09, 0, 0x10, 0, 6, 0, 0, 0, .. "abcdef"u8];
        var place = whole.AsSpan().IndexOf((byte[])[0x10, 0, 0x20, 0, .. "LO"u8]);

        Assert.Equal(_values, files.Read([.. whole[..place], .. odd, .. whole[place..]]).Values);
    }

    [Theory]
    [InlineData("ISO_IR 192", new byte[] { 0xC3, 0x84, 0x31 }, "Ä1")]
    [InlineData("ISO_IR 100", new byte[] { 0xC4, 0x31 }, "Ä1")]
    [InlineData("", new byte[] { 0x20, 0x31, 0x20, 0 }, "1")]
    [InlineData("ISO_IR 144", new byte[] { 0xB6, 0x31 }, "Ж1")]
    [InlineData("ISO 2022 IR 13\\ISO 2022 IR 87", new byte[] { 0xB1, 0x31 }, "ｱ1")]
    [InlineData("GB18030", new byte[] { 0xD6, 0xD0, 0x31 }, "中1")]
    public void Patient_is_read_in_the_character_set_of_the_file(string characterSet, byte[] bytes, string expected) =>
        Assert.Equal(expected, files.Read(Image().Text(0x0008_0005, "CS", characterSet).Bytes(0x0010_0020, "LO", bytes)).Patient);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void Empty_patient_and_study_are_none(string value)
    {
        var image = files.Read(Image().Text(0x0010_0020, "LO", value).Without(0x0020_000D));

        Assert.Null(image.Patient);
        Assert.Null(image.Study);
    }

    [Fact]
    public void First_bytes_tell_dicom_from_other_files()
    {
        Assert.True(DicomReader.IsDicom(Image().File()));
        Assert.True(DicomReader.IsDicom(Image().DataSet(new DicomBytes.Writer(false, false))));
        Assert.True(DicomReader.IsDicom(Image().DataSet(new DicomBytes.Writer(true, true))));
        Assert.False(DicomReader.IsDicom([0x89, .. "PNG\r\n\u001a\n"u8, .. new byte[200]]));
        Assert.False(DicomReader.IsDicom(new byte[200]));
        Assert.False(DicomReader.IsDicom([]));
    }

    private static DicomBytes Image() => DicomBytes.Grey(3, 1, 2, 300, 40000, 5, 6);
}
