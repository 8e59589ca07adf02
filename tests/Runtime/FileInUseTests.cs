using MedTransfer.Runtime;

namespace MedTransfer.Tests.Runtime;

public sealed class FileInUseTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void File_is_in_use_until_all_who_share_it_are_done()
    {
        File.WriteAllText(folder["file"], "images");
        using var first = FileInUse.TryOpen(folder["file"])!;
        using var second = first.Share();
        using var other = FileInUse.TryOpen(folder["file"])!;

        first.Dispose();
        first.Dispose();
        Assert.True(FileInUse.IsUsed(folder["file"]));
        second.Dispose();
        Assert.True(FileInUse.IsUsed(folder["file"]));
        other.Dispose();

        Assert.False(FileInUse.IsUsed(folder["file"]));
    }

    [Fact]
    public void What_is_not_there_is_not_used()
    {
        Assert.Null(FileInUse.TryOpen(folder["file"]));
        Assert.False(FileInUse.IsUsed(folder["file"]));
    }

    [Fact]
    public void Folder_makes_room_by_files_that_are_not_in_use()
    {
        foreach (var (name, day) in new[] { ("old", 1), ("middle", 2), ("new", 3) })
        {
            File.WriteAllBytes(folder[name], new byte[10]);
            File.SetLastWriteTimeUtc(folder[name], new(2026, 3, day, 0, 0, 0, DateTimeKind.Utc));
        }
        using var used = FileInUse.TryOpen(folder["old"]);

        var removed = new LimitedFolder(folder["."], 30).TrimTo(20);

        Assert.Equal(["middle"], removed.Select(file => Path.GetFileName(file.Path)));
        Assert.Equal(["new", "old"], Directory.GetFiles(folder["."]).Select(Path.GetFileName).Order());
    }
}
