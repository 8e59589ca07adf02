namespace MedTransfer.Tests.Data.Import.Dicom;

/// <summary>From the cells of native pixel data to stored values (PS3.5, clause 8).</summary>
public sealed class DicomPixelTests : IDisposable
{
    private readonly DicomFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData(DicomBytes.Explicit)]
    [InlineData(DicomBytes.Implicit)]
    [InlineData(DicomBytes.BigEndian)]
    public void Eight_bits_of_an_odd_number_are_read(string syntax) =>
        Assert.Equal([0, 127, 255], files.Read(DicomBytes.Image(3, 8, 0, 127, 255), syntax).Values);

    [Theory]
    [InlineData(DicomBytes.Explicit)]
    [InlineData(DicomBytes.BigEndian)]
    public void Thirty_two_bits_are_read(string syntax)
    {
        var unsigned = DicomBytes.Image(2, 32, 1, unchecked((int)0x80000000));
        var signed = DicomBytes.Image(2, 32, 1, unchecked((int)0x80000000)).Us(0x0028_0103, 1);

        Assert.Equal([1, 2147483648f], files.Read(unsigned, syntax).Values);
        Assert.Equal([1, -2147483648f], files.Read(signed, syntax).Values);
    }

    [Fact]
    public void Single_bits_begin_with_the_lowest()
    {
        var file = DicomBytes.Of("MONOCHROME2", 5, 2, 1).Bytes(0x7FE0_0010, "OB", 0b0011_0001, 0b0000_0010);

        Assert.Equal([1, 0, 0, 0, 1, 1, 0, 0, 0, 1], files.Read(file).Values);
    }

    [Fact]
    public void Frames_of_single_bits_need_not_begin_a_byte()
    {
        var file = DicomBytes.Of("MONOCHROME2", 3, 1, 1).Text(0x0028_0008, "IS", "3").Bytes(0x7FE0_0010, "OB", 0b1011_0001, 0b0000_0000);

        Assert.Equal([1, 0, 0], files.Read(file, frame: 1).Values);
        Assert.Equal([0, 1, 1], files.Read(file, frame: 2).Values);
        Assert.Equal([0, 1, 0], files.Read(file, frame: 3).Values);
    }

    // What lies above the twelve bits, an overlay of older files for one, is no part of the value.
    [Fact]
    public void Twelve_bits_of_sixteen_leave_the_others_out()
    {
        var unsigned = DicomBytes.Grey(3, 0xF001, 0x0FFF, 0x1800).Us(0x0028_0101, 12).Us(0x0028_0102, 11);

        Assert.Equal([1, 4095, 2048], files.Read(unsigned).Values);
        Assert.Equal([1, -1, -2048], files.Read(unsigned.Us(0x0028_0103, 1)).Values);
    }

    [Fact]
    public void High_bit_says_where_the_stored_bits_are()
    {
        var upper = DicomBytes.Grey(3, 0x001F, 0xFFF0, 0x8000).Us(0x0028_0101, 12).Us(0x0028_0102, 15);

        Assert.Equal([1, 4095, 2048], files.Read(upper).Values);
        Assert.Equal([1, -1, -2048], files.Read(upper.Us(0x0028_0103, 1)).Values);
    }

    [Fact]
    public void Signed_values_of_sixteen_bits_are_read() =>
        Assert.Equal([-1, -32768, 32767], files.Read(DicomBytes.Grey(3, 0xFFFF, 0x8000, 0x7FFF).Us(0x0028_0103, 1)).Values);

    [Fact]
    public void Frame_is_read_where_it_is_named()
    {
        var file = DicomBytes.Of("MONOCHROME2", 2, 1, 16).Text(0x0028_0008, "IS", "2 ").Pixels(16, 1, 2, 3, 4);

        Assert.Equal([1, 2], files.Read(file, frame: 1).Values);
        Assert.Equal([3, 4], files.Read(file, frame: 2).Values);
        Assert.Equal("holds several frames: name the one to read with --frame of scripts/import.fsx, or save the frames as files of their own", files.Refusal(file));
        Assert.Equal("has no frame 3: name one that it has with --frame of scripts/import.fsx, from 1", files.Refusal(file, frame: 3));
        Assert.Equal("has no frame 0: name one that it has with --frame of scripts/import.fsx, from 1", files.Refusal(file, frame: 0));
    }

    [Fact]
    public void Only_frame_of_a_file_is_read_whatever_is_named() =>
        Assert.Equal([1, 2], files.Read(DicomBytes.Of("MONOCHROME2", 2, 1, 16).Pixels(16, 1, 2), frame: 7).Values);

    // three bytes a frame: the second begins within a word
    [Theory]
    [InlineData(DicomBytes.Explicit)]
    [InlineData(DicomBytes.BigEndian)]
    public void Frames_of_eight_bits_need_not_begin_a_word(string syntax)
    {
        var file = DicomBytes.Of("MONOCHROME2", 3, 1, 8).Text(0x0028_0008, "IS", "3").Pixels(8, 1, 2, 3, 4, 5, 6, 7, 8, 9);

        Assert.Equal([1, 2, 3], files.Read(file, syntax, 1).Values);
        Assert.Equal([4, 5, 6], files.Read(file, syntax, 2).Values);
        Assert.Equal([7, 8, 9], files.Read(file, syntax, 3).Values);
    }

    [Fact]
    public void More_bytes_than_pixels_are_left_out_and_said()
    {
        var image = files.Read(DicomBytes.Of("MONOCHROME2", 2, 1, 8).Bytes(0x7FE0_0010, "OB", 1, 2, 3, 4));

        Assert.Equal([1, 2], image.Values);
        Assert.Equal(["more bytes than its pixels need were left out"], image.Remarks);
    }

    [Theory]
    [InlineData(DicomBytes.Explicit)]
    [InlineData(DicomBytes.Deflated)]
    public void Fewer_bytes_than_pixels_are_an_error(string syntax) =>
        Assert.Equal(Truncated, files.Refusal(DicomBytes.Of("MONOCHROME2", 3, 1, 8).Bytes(0x7FE0_0010, "OB", 1, 2), syntax));

    [Fact]
    public void File_that_ends_within_its_pixels_is_an_error() => Assert.Equal(Truncated, files.Refusal(DicomBytes.Grey(3, 1, 2, 3).File()[..^1]));

    [Fact]
    public void Deflated_file_that_ends_within_its_pixels_is_an_error()
    {
        var random = new Random(1);
        var file = DicomBytes.Grey(100, [.. Enumerable.Range(0, 1000).Select(_ => random.Next(65536))]).File(DicomBytes.Deflated);

        Assert.Equal(Truncated, files.Refusal(file[..^100]));
    }

    private const string Truncated = "its pixel data ends early, the file is truncated: copy or download it again";
}
