using MedTransfer.Data.Formats;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Formats;

public sealed class NpzFileTests : IDisposable
{
    private const uint LocalHeader = 0x04034b50, CentralHeader = 0x02014b50;
    private static readonly int[] Pair = [1, 2];
    private static readonly int[,] Square = { { 1, 2 }, { 3, 4 } };
    private static readonly bool[] YesNo = [true, false];
    private static readonly byte[] SevenNine = NpyBytes.Of("|u1", "(2,)", [7, 9]);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stored_and_deflated_arrays_are_read(bool compressed)
    {
        NpzWriter.Write(folder["a.npz"], [new("x", Square), new("y", YesNo)], compressed);

        using var file = NpzFile.Open(folder["a.npz"]);

        Assert.Equal(["x", "y"], file.Keys);
        Assert.Equal([2, 2], file.Header("x").Shape);
        Assert.Equal([1, 2, 3, 4], file.ReadInt64("x"));
        Assert.Equal([1, 0], file.ReadInt64("y"));
    }

    [Fact]
    public void Writer_gives_the_same_bytes_at_any_time()
    {
        NpzWriter.Write(folder["a.npz"], [new("x", Pair)]);
        NpzWriter.Write(folder["b.npz"], [new("x", Pair)]);

        Assert.Equal(File.ReadAllBytes(folder["a.npz"]), File.ReadAllBytes(folder["b.npz"]));
        // Archives keep times to two seconds: equal bytes could be luck, the fixed year cannot.
        using var archive = System.IO.Compression.ZipFile.OpenRead(folder["a.npz"]);
        Assert.Equal(1980, archive.Entries[0].LastWriteTime.Year);
    }

    [Fact]
    public void Files_in_the_archive_that_are_no_arrays_are_passed_over()
    {
        using var file = Open(NpyBytes.Zip(("readme.txt", [1]), ("x.npy", SevenNine)));

        Assert.Equal(["x"], file.Keys);
    }

    [Fact]
    public void Archive_with_64_bit_sizes_is_read()
    {
        using var file = Open(Zip64("x.npy", SevenNine));

        Assert.Equal([7, 9], file.ReadInt64("x"));
    }

    [Fact]
    public void Same_name_twice_is_refused()
    {
        var error = Refused(NpyBytes.Zip(("x.npy", SevenNine), ("x.npy", SevenNine)));

        Assert.Contains("'x' twice", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Encrypted_array_is_refused()
    {
        var zip = NpyBytes.Zip(("x.npy", SevenNine));
        zip[NpyBytes.Find(zip, LocalHeader) + 6] |= 1;
        zip[NpyBytes.Find(zip, CentralHeader) + 8] |= 1;

        Assert.Contains("encrypted", Refused(zip), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12)] // bzip2
    [InlineData(93)] // zstandard
    public void Unknown_compression_is_refused(byte method)
    {
        var zip = NpyBytes.Zip(("x.npy", SevenNine));
        zip[NpyBytes.Find(zip, LocalHeader) + 8] = method;
        zip[NpyBytes.Find(zip, CentralHeader) + 10] = method;

        Assert.Contains("cannot be unpacked", Refused(zip), StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_element_is_noticed_by_the_checksum()
    {
        NpzWriter.Write(folder["a.npz"], [new("x", "789"u8.ToArray())], compressed: false);
        var zip = File.ReadAllBytes(folder["a.npz"]);
        zip[zip.AsSpan().IndexOf("789"u8)]++;

        Assert.Contains("checksum", Refused(zip), StringComparison.Ordinal);
    }

    [Fact]
    public void Archive_that_unpacks_to_a_thousand_times_its_size_is_refused_before_memory_is_taken()
    {
        NpzWriter.Write(folder["a.npz"], [new("x", new byte[80 << 20])]);
        using var file = NpzFile.Open(folder["a.npz"]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<MedTransferException>(() => file.ReadInt64("x"));

        Assert.Contains("250 times", error.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void Truncated_archive_is_refused()
    {
        var zip = NpyBytes.Zip(("x.npy", SevenNine));

        Assert.Contains("copy or download it again", Refused(zip[..^30]), StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_is_no_archive_is_refused() =>
        Assert.Contains("cannot be unpacked", Refused("hello"u8.ToArray()), StringComparison.Ordinal);

    [Fact]
    public void Empty_file_is_refused() => Assert.Contains("is empty", Refused([]), StringComparison.Ordinal);

    [Fact]
    public void Folder_in_place_of_a_file_is_refused() =>
        Assert.Contains("is a folder", Assert.Throws<MedTransferException>(() => NpzFile.Open(folder.Path)).Message, StringComparison.Ordinal);

    [Fact]
    public void Missing_file_is_refused() =>
        Assert.Contains("no such file", Assert.Throws<MedTransferException>(() => NpzFile.Open(folder["b.npz"])).Message, StringComparison.Ordinal);

    private NpzFile Open(byte[] zip)
    {
        File.WriteAllBytes(folder["a.npz"], zip);
        return NpzFile.Open(folder["a.npz"]);
    }

    private string Refused(byte[] zip)
    {
        var error = Assert.Throws<MedTransferException>(() =>
        {
            using var file = Open(zip);
            file.ReadInt64("x");
        });
        Assert.Contains(folder["a.npz"], error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }

    // One stored entry whose sizes and offset are in ZIP64 fields (PKWARE's APPNOTE 4.5.3, 4.3.14), as in archives above 4 GiB.
    private static byte[] Zip64(string name, byte[] content)
    {
        var stream = new MemoryStream();
        var writer = new BinaryWriter(stream);
        var (crc, nameBytes) = (Crc32(content), System.Text.Encoding.ASCII.GetBytes(name));
        writer.Write(LocalHeader);
        foreach (var field in new ushort[] { 45, 0, 0, 0, 33 }) writer.Write(field);
        writer.Write(crc);
        writer.Write(ulong.MaxValue);
        foreach (var field in new[] { (ushort)nameBytes.Length, (ushort)20 }) writer.Write(field);
        writer.Write(nameBytes);
        foreach (var field in new ushort[] { 1, 16 }) writer.Write(field);
        foreach (var size in new long[] { content.Length, content.Length }) writer.Write(size);
        writer.Write(content);

        var directory = stream.Position;
        writer.Write(CentralHeader);
        foreach (var field in new ushort[] { 45, 45, 0, 0, 0, 33 }) writer.Write(field);
        writer.Write(crc);
        writer.Write(ulong.MaxValue);
        foreach (var field in new ushort[] { (ushort)nameBytes.Length, 28, 0, 0, 0, 0, 0 }) writer.Write(field);
        writer.Write(uint.MaxValue);
        writer.Write(nameBytes);
        foreach (var field in new ushort[] { 1, 24 }) writer.Write(field);
        foreach (var size in new long[] { content.Length, content.Length, 0 }) writer.Write(size);

        var end = stream.Position;
        writer.Write(0x06064b50u);
        writer.Write(44L);
        foreach (var field in new ushort[] { 45, 45, 0, 0, 0, 0 }) writer.Write(field);
        foreach (var size in new long[] { 1, 1, end - directory, directory }) writer.Write(size);
        writer.Write(0x07064b50u);
        writer.Write(0u);
        writer.Write(end);
        writer.Write(1u);
        writer.Write(0x06054b50u);
        foreach (var field in new ushort[] { 0, 0, ushort.MaxValue, ushort.MaxValue }) writer.Write(field);
        writer.Write(ulong.MaxValue);
        writer.Write((ushort)0);
        return stream.ToArray();
    }

    // Bit by bit, from the definition (ISO 3309): another way than the reader's.
    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
