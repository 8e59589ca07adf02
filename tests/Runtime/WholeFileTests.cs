using System.Text;
using MedTransfer.Runtime;

namespace MedTransfer.Tests.Runtime;

public sealed class WholeFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_makes_the_file_and_nothing_else()
    {
        WholeFile.Write(folder["a.bin"], stream => stream.Write([1, 2, 3]));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["a.bin"]));
        Assert.Equal(["a.bin"], folder.Files);
    }

    [Fact]
    public void Write_replaces_a_longer_file_whole()
    {
        File.WriteAllText(folder["a.txt"], "a text that is longer");

        WholeFile.WriteText(folder["a.txt"], "short");

        Assert.Equal("short", File.ReadAllText(folder["a.txt"]));
        Assert.Equal(["a.txt"], folder.Files);
    }

    [Fact]
    public void Write_lets_the_content_close_the_stream()
    {
        WholeFile.Write(folder["a.txt"], stream =>
        {
            using var writer = new StreamWriter(stream);
            writer.Write("closed");
        });

        Assert.Equal("closed", File.ReadAllText(folder["a.txt"]));
    }

    [Fact]
    public void Write_shows_nothing_under_the_name_before_the_end()
    {
        File.WriteAllText(folder["a.txt"], "old");

        WholeFile.Write(folder["a.txt"], stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
        });

        Assert.Equal("new", File.ReadAllText(folder["a.txt"]));
    }

    [Fact]
    public void Write_that_is_interrupted_keeps_the_old_file_and_the_exception()
    {
        File.WriteAllText(folder["a.txt"], "old");

        Assert.Throws<OperationCanceledException>(() => WholeFile.Write(folder["a.txt"], stream =>
        {
            stream.Write("half of the ne"u8);
            throw new OperationCanceledException();
        }));

        Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
        Assert.Equal(["a.txt"], folder.Files);
    }

    [Fact]
    public void Write_on_a_full_disk_names_the_path_and_the_reason_and_keeps_the_old_file()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs Linux's /dev/full");
        File.WriteAllText(folder["a.txt"], "old");

        var error = Assert.Throws<MedTransferException>(() => WholeFile.Write(folder["a.txt"], stream =>
        {
            stream.Write("half of the ne"u8);
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write("w"u8);
        }));

        Assert.Contains(folder["a.txt"], error.Message, StringComparison.Ordinal);
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
        Assert.Equal(["a.txt"], folder.Files);
    }

    [Fact]
    public void Write_over_a_folder_is_refused_and_keeps_it()
    {
        Directory.CreateDirectory(folder["a.txt"]);

        var error = Assert.Throws<MedTransferException>(() => WholeFile.WriteText(folder["a.txt"], "new"));

        Assert.Contains("a folder is in its place", error.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(folder["a.txt"]));
        Assert.Empty(folder.Files);
    }

    [Fact]
    public void Write_into_a_missing_folder_says_so()
    {
        var path = Path.Combine(folder.Path, "missing", "a.txt");

        var error = Assert.Throws<MedTransferException>(() => WholeFile.WriteText(path, "new"));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("folder does not exist", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sys")]
    [InlineData("/proc")]
    public void Write_where_it_is_forbidden_says_so(string forbidden)
    {
        // Unlike a read-only folder, these refuse new files even to root.
        Assert.SkipUnless(Directory.Exists(forbidden), "needs Linux");

        var error = Assert.Throws<MedTransferException>(() => WholeFile.WriteText($"{forbidden}/a.txt", "new"));

        Assert.StartsWith($"Cannot write {forbidden}/a.txt: no permission", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_utf8_without_a_byte_order_mark()
    {
        WholeFile.WriteText(folder["a.txt"], "é\n");

        Assert.Equal([0xC3, 0xA9, 0x0A], File.ReadAllBytes(folder["a.txt"]));
    }

    [Fact]
    public void Text_that_is_not_unicode_writes_nothing()
    {
        Assert.Throws<EncoderFallbackException>(() => WholeFile.WriteText(folder["a.txt"], "\ud800"));

        Assert.Empty(folder.Files);
    }
}
