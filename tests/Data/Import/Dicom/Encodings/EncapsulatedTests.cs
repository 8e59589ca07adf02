namespace MedTransfer.Tests.Data.Import.Dicom.Encodings;

/// <summary>Run lengths (PS3.5, annex G), and fragments and offset tables (A.4) by means of them.</summary>
public sealed class EncapsulatedTests : IDisposable
{
    private const string Truncated = "its pixel data ends early, the file is truncated: copy or download it again";
    private const string Damaged = "its RLE pixel data is damaged: copy or download it again";

    private readonly DicomFiles files = new();

    public void Dispose() => files.Dispose();

    // three as they are, four of one kind, and 128, which stands for nothing
    [Fact]
    public void Runs_and_literals_are_unpacked() =>
        Assert.Equal([1, 2, 3, 9, 9, 9, 9], files.Read(Grey(7, 8).Fragments([], Segments([2, 1, 2, 3, 128, 253, 9])), DicomBytes.RunLength).Values);

    [Fact]
    public void Bytes_of_a_cell_lie_in_planes_the_uppermost_first()
    {
        var sixteen = Grey(2, 16).Fragments([], Segments([1, 0x12, 0x80], [1, 0x34, 0x01]));
        var thirtyTwo = Grey(1, 32).Fragments([], Segments([0, 0], [0, 1], [0, 2], [0, 3]));

        Assert.Equal([0x1234, 0x8001], files.Read(sixteen, DicomBytes.RunLength).Values);
        Assert.Equal([0x1234, -32767], files.Read(sixteen.Us(0x0028_0103, 1), DicomBytes.RunLength).Values);
        Assert.Equal([0x00010203], files.Read(thirtyTwo, DicomBytes.RunLength).Values);
    }

    [Fact]
    public void Colours_lie_in_planes()
    {
        var file = DicomBytes.Of("RGB", 2, 1, 8).Us(0x0028_0002, 3).Us(0x0028_0006, 1).Fragments([], Segments([1, 1, 4], [1, 2, 5], [255, 3]));

        Assert.Equal([1, 2, 3, 4, 5, 3], files.Read(file, DicomBytes.RunLength).Values);
    }

    [Fact]
    public void Damaged_runs_are_refused()
    {
        Assert.Equal(Truncated, files.Refusal(Grey(7, 8).Fragments([], Segments([2, 1, 2, 3, 254, 9])), DicomBytes.RunLength));
        Assert.Equal(Truncated, files.Refusal(Grey(7, 8).Fragments([], Segments([20, 1, 2, 3, 253, 9])), DicomBytes.RunLength));
        Assert.Equal(Truncated, files.Refusal(Grey(7, 8).Fragments([], [1, 0]), DicomBytes.RunLength));
        Assert.Equal(Damaged, files.Refusal(Grey(2, 16).Fragments([], Segments([1, 0x12, 0x80])), DicomBytes.RunLength));
        var segments = Segments([1, 1, 2]);
        segments[4] = 200;
        Assert.Equal(Damaged, files.Refusal(Grey(2, 8).Fragments([], segments), DicomBytes.RunLength));
    }

    [Fact]
    public void More_pixels_than_runs_can_hold_are_refused_before_they_are_allocated()
    {
        DicomBytes Square(int size) => Grey(2, 8).Us(0x0028_0010, size).Us(0x0028_0011, size).Fragments([], Segments([1, 1, 2]));

        Assert.Equal(Truncated, files.Refusal(Square(5000), DicomBytes.RunLength));
        Assert.Equal("unpacks to far more than an image would, it is damaged or made to do harm: leave it out", files.Refusal(Square(16000), DicomBytes.RunLength));
    }

    [Fact]
    public void Fragments_of_a_frame_are_joined()
    {
        var whole = Segments([2, 1, 2, 3, 253, 9]);

        Assert.Equal([1, 2, 3, 9, 9, 9, 9], files.Read(Grey(7, 8).Fragments([], whole[..10], whole[10..66], whole[66..]), DicomBytes.RunLength).Values);
    }

    [Fact]
    public void Frames_are_found_by_the_offset_table_or_by_their_number()
    {
        var (first, second) = (Segments([1, 1, 2, 0]), Segments([1, 3, 4, 0]));
        // of the first frame three fragments with their tags and lengths
        var offset = (uint)(12 + 70 + 8 + first.Length - 66);
        var file = Grey(2, 8).Text(0x0028_0008, "IS", "2").Fragments([0, offset], first[..4], first[4..66], first[66..], second);

        Assert.Equal([1, 2], files.Read(file, DicomBytes.RunLength, 1).Values);
        Assert.Equal([3, 4], files.Read(file, DicomBytes.RunLength, 2).Values);
        Assert.Equal([3, 4], files.Read(file.Fragments([], first, second), DicomBytes.RunLength, 2).Values);
        Assert.StartsWith("does not say in which fragments its frames are", files.Refusal(file.Fragments([], first, second, second), DicomBytes.RunLength, 2), StringComparison.Ordinal);
        Assert.StartsWith("does not say in which fragments its frames are", files.Refusal(file.Fragments([0, 3], first, second), DicomBytes.RunLength, 2), StringComparison.Ordinal);
        Assert.StartsWith("has frames without fragments", files.Refusal(file.Fragments([0, 0], first, second), DicomBytes.RunLength, 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_without_an_offset_table_begin_where_a_codestream_does()
    {
        var (first, second) = (new LosslessJpegBytes(2, 1, 1, 8).Encode([1, 2]), new LosslessJpegBytes(2, 1, 1, 8).Encode([3, 4]));
        var file = Grey(2, 8).Text(0x0028_0008, "IS", "2").Fragments([], first[..20], first[20..], second[..30], second[30..]);

        Assert.Equal([1, 2], files.Read(file, DicomBytes.Lossless, 1).Values);
        Assert.Equal([3, 4], files.Read(file, DicomBytes.Lossless, 2).Values);
    }

    [Fact]
    public void Delimiter_may_be_missing_at_the_end_but_no_byte_of_a_fragment()
    {
        var whole = Grey(2, 8).Fragments([], Segments([1, 1, 2, 0])).File(DicomBytes.RunLength);

        Assert.Equal([1, 2], files.Read(whole[..^8]).Values);
        Assert.Equal(Truncated, files.Refusal(whole[..^9]));
    }

    [Fact]
    public void Pixels_that_are_not_in_fragments_are_refused() =>
        Assert.StartsWith("its pixel data is not in fragments, unlike its transfer syntax RLE Lossless", files.Refusal(DicomBytes.Grey(1, 1), DicomBytes.RunLength), StringComparison.Ordinal);

    private static DicomBytes Grey(int columns, int bits) => DicomBytes.Of("MONOCHROME2", columns, 1, bits);

    private static byte[] Segments(params byte[][] segments)
    {
        var header = new byte[64];
        header[0] = (byte)segments.Length;
        var offset = 64;
        for (var i = 0; i < segments.Length; i++)
        {
            header[4 * (i + 1)] = (byte)offset;
            offset += segments[i].Length;
        }
        return [.. header, .. segments.SelectMany(segment => segment)];
    }
}
