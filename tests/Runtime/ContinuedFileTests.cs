using MedTransfer.Runtime;

namespace MedTransfer.Tests.Runtime;

public sealed class ContinuedFileTests : IDisposable
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 3 << 20).Select(place => (byte)(place % 251))];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0, -1)]
    [InlineData(2_500_000, -1)]
    [InlineData(2_500_000, 0)]
    [InlineData(2_500_000, 2_499_999)]
    [InlineData(4_000_000, -1)]       // more than there is to be
    public void File_is_what_was_written_whatever_was_left_of_it(int left, int wrong)
    {
        byte[] there = [.. Bytes.Concat(Bytes).Take(left)];
        if (wrong >= 0) there[wrong]++;
        if (left > 0) File.WriteAllBytes(folder["file.part"], there);

        using (var file = new ContinuedFile(folder["file"]))
        {
            foreach (var part in Bytes.Chunk(1_000_003)) file.Write(part);
            Assert.Equal(Bytes.Length, file.Position);
            Assert.False(File.Exists(folder["file"]));
            file.Finish();
        }

        Assert.Equal(Bytes, File.ReadAllBytes(folder["file"]));
        Assert.Equal([folder["file"]], Directory.GetFiles(folder["."]).Select(Path.GetFullPath));
    }

    [Fact]
    public void What_is_not_finished_stays_and_is_no_file()
    {
        using (var file = new ContinuedFile(folder["file"])) file.Write(Bytes);

        Assert.False(File.Exists(folder["file"]));
        Assert.Equal(Bytes.Length, ContinuedFile.Left(folder["file"]));
    }

    [Fact]
    public void What_can_not_be_finished_is_removed()
    {
        using var file = new ContinuedFile(folder["file"]);
        file.Write(Bytes);

        file.Remove();

        Assert.Empty(Directory.GetFiles(folder["."]));
        Assert.Equal(0, ContinuedFile.Left(folder["file"]));
    }

    [Fact]
    public void One_process_at_a_time_writes_it()
    {
        using var file = new ContinuedFile(folder["file"]);

        var error = Assert.Throws<MedTransferException>(() => new ContinuedFile(folder["file"]));

        Assert.StartsWith($"Cannot write {folder["file"]}: ", error.Message, StringComparison.Ordinal);
    }
}
