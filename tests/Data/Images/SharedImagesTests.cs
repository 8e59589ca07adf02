using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Images;
using MedTransfer.Runtime.Native;
using MedTransfer.Tests.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Data.Images;

public sealed class SharedImagesTests : IDisposable
{
    // three parts of 2, 1 and 1 images of 4 pixels a side: header, pixels, checksum
    private const int FileBytes = 128 + 64 + 16;

    private readonly TemporaryFolder folder = new();
    private readonly List<string> told = [];

    public SharedImagesTests() => NativeTorch.Load();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Images_are_unpacked_once_and_found_by_all_that_come_later()
    {
        Assert.Equal([7, 7, 8, 9], Load(Shared(), "aa", 7));
        Assert.Equal([7, 7, 8, 9], Load(Shared(), "aa", null));
        Assert.Equal([7, 7, 8, 9], Load(Shared() with { Writes = false }, "aa", null));
        Assert.Equal([1, 1, 2, 3], Load(Shared(), "bb", 1));
        Assert.Equal(["aa.npy", "bb.npy"], Files());
        Assert.Empty(told);
    }

    [Fact]
    public void File_is_an_array_that_others_read_and_a_checksum()
    {
        Load(Shared(), "aa", 7);

        Assert.Equal(FileBytes, new FileInfo(folder["images/aa.npy"]).Length);
        using var file = File.OpenRead(folder["images/aa.npy"]);
        var header = NpyHeader.Read(file, "", ArrayRole.Images);
        Assert.Equal(("uint8", "(4, 1, 4, 4)"), (header.Type.ToString(), header.ShapeText));
    }

    [Fact]
    public void What_is_written_to_mapped_images_stays_with_whoever_wrote_it()
    {
        Load(Shared(), "aa", 7);
        using var mapped = MappedImages.TryMap(folder["images/aa.npy"], 4, 1, 4, 4)!;

        mapped.fill_(200);

        Assert.Equal([7, 7, 8, 9], Load(Shared(), "aa", null));
    }

    [Theory]
    [InlineData(5)]       // header
    [InlineData(140)]     // pixels
    [InlineData(200)]     // checksum
    [InlineData(-1)]      // length
    public void Damaged_file_is_written_anew(int place)
    {
        Load(Shared(), "aa", 7);
        var path = folder["images/aa.npy"];
        var bytes = File.ReadAllBytes(path);
        if (place < 0) bytes = bytes[..^1];
        else bytes[place] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.Equal([1, 1, 2, 3], Load(Shared(), "aa", 1));
        Assert.Equal([1, 1, 2, 3], Load(Shared(), "aa", null));
    }

    [Fact]
    public void One_who_is_not_to_write_has_images_alone_where_there_is_no_file()
    {
        Assert.Equal([7, 7, 8, 9], Load(Shared() with { Writes = false }, "aa", 7));

        Assert.False(Directory.Exists(folder["images"]));
        Assert.Empty(told);
    }

    [Fact]
    public void Files_used_longest_ago_make_room_and_that_is_said()
    {
        var two = Shared() with { Limit = 2 * FileBytes };
        Load(two, "aa", 1);
        Load(two, "bb", 2);
        foreach (var (name, day) in new[] { ("aa", 2), ("bb", 1) }) File.SetLastWriteTimeUtc(folder[$"images/{name}.npy"], new(2026, 3, day, 0, 0, 0, DateTimeKind.Utc));
        Load(two, "bb", null);   // now the other one is

        Load(two, "cc", 3);

        Assert.Equal([$"Deleted {folder["images/aa.npy"]} (less than 1 MiB, used last on 2026-03-02): less than 1 MiB of unpacked images are kept at most."], told);
        Assert.Equal(["bb.npy", "cc.npy"], Files());
    }

    [Fact]
    public void Files_in_use_do_not_make_room()
    {
        var one = Shared() with { Limit = FileBytes };
        var used = one.Of(Packed("aa", 4, 4, () => [.. new[] { 2, 1, 1 }.Select(count => zeros([count, 1, 4, 4], ScalarType.Byte).DetachFromDisposeScope())]));
        var later = used[0].Share();
        foreach (var part in used) part.Dispose();

        Load(one, "bb", 2);
        var both = Files();
        later.Dispose();
        Load(one, "cc", 3);

        Assert.Equal(["aa.npy", "bb.npy"], both);
        Assert.Equal(["cc.npy"], Files());
    }

    [Fact]
    public void Deleted_file_stays_with_those_who_have_it()
    {
        using var scope = NewDisposeScope();
        Load(Shared(), "aa", 7);
        using var mapped = MappedImages.TryMap(folder["images/aa.npy"], 4, 1, 4, 4)!;

        File.Delete(folder["images/aa.npy"]);

        Assert.Equal(9, mapped[3, 0, 3, 3].item<byte>());
    }

    [Fact]
    public void Images_that_do_not_fit_are_had_alone_and_that_is_said()
    {
        Assert.Equal([7, 7, 8, 9], Load(Shared() with { Limit = FileBytes - 1 }, "aa", 7));

        Assert.Equal([$"The images of set are not shared, so that each process has its own: they take less than 1 MiB, and {folder["images"]} may hold less than 1 MiB."], told);
        Assert.Empty(Files());
    }

    [Fact]
    public void Images_that_can_not_be_written_are_had_alone_and_that_is_said()
    {
        File.WriteAllText(folder["images"], "in the way");

        Assert.Equal([7, 7, 8, 9], Load(Shared(), "aa", 7));

        Assert.StartsWith("The images of set are not shared, so that each process has its own: ", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal("in the way", File.ReadAllText(folder["images"]));
    }

    [Fact]
    public void What_a_killed_process_left_half_written_goes_after_a_day_and_what_another_is_writing_stays()
    {
        Directory.CreateDirectory(folder["images"]);
        File.WriteAllText(folder["images/old.npy.part"], "");
        File.WriteAllText(folder["images/new.npy.part"], "");
        File.SetLastWriteTimeUtc(folder["images/old.npy.part"], DateTime.UtcNow.AddDays(-2));

        Load(Shared(), "aa", 7);

        Assert.Equal(["aa.npy", "new.npy.part"], Files());
    }

    [Fact]
    public void Sets_of_files_and_phantoms_are_the_same_shared_and_alone()
    {
        DatasetFile.Write(folder["a.npz"], DatasetFile.Findings());
        foreach (var (reference, excerpt) in new[] { (folder["a.npz"], (int?)null), (folder["a.npz"], 4), ("phantom-pneumonia", 12) })
        {
            var source = DatasetSource.Find(reference, new DataFolders([]));
            using var alone = source.Load(excerpt: excerpt);
            using var first = source.Load(excerpt: excerpt, shared: Shared());
            using var second = source.Load(excerpt: excerpt, shared: Shared() with { Writes = false });
            foreach (var split in Enum.GetValues<SplitName>())
            {
                Assert.Equal(alone[split].Images.bytes, first[split].Images.bytes);
                Assert.Equal(alone[split].Images.bytes, second[split].Images.bytes);
                Assert.Equal(alone[split].FileIndices, second[split].FileIndices);
                Assert.Equal(alone[split].Groups, second[split].Groups);
            }
        }

        Assert.Equal([$"{DatasetSource.Find("phantom-pneumonia", new DataFolders([])).Md5}-12.npy", $"{DatasetSource.Find(folder["a.npz"], new DataFolders([])).Md5}.npy"], Files().Order().OrderByDescending(name => name.Contains('-')));
    }

    [Fact]
    public void Mapped_images_are_memory_of_the_file_not_of_the_process()
    {
        if (!OperatingSystem.IsLinux()) return;
        Shared().Of(Packed("large", 1, 8192, () => [ones([1, 1, 8192, 8192], ScalarType.Byte).DetachFromDisposeScope()]))[0].Dispose();

        using var mapped = MappedImages.TryMap(folder["images/large.npy"], 1, 1, 8192, 8192)!;

        // all of it has been read, for the checksum; a page that is the process's own would be private and dirty
        var kilobytes = File.ReadLines("/proc/self/smaps").SkipWhile(line => !line.EndsWith("large.npy", StringComparison.Ordinal)).Skip(1).Take(20)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(fields => fields[0], fields => fields[1]);
        Assert.Equal(("65540", "0", "0"), (kilobytes["Rss:"], kilobytes["Private_Dirty:"], kilobytes["Anonymous:"]));
    }

    private SharedImages Shared() => new(folder["images"]) { Tell = told.Add };

    private string[] Files() => Directory.Exists(folder["images"]) ? [.. Directory.GetFiles(folder["images"]).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)] : [];

    /// <summary>The grey level of each image, having tried that its every pixel is the same.</summary>
    /// <param name="first">Grey level of the first part, one more in each other; null where nothing may be unpacked.</param>
    private static List<int> Load(SharedImages shared, string digest, int? first)
    {
        using var scope = NewDisposeScope();
        var parts = shared.Of(Packed(digest, 4, 4, () => first is { } level
            ? [.. new[] { 2, 1, 1 }.Select((count, part) => full([count, 1, 4, 4], level + part, ScalarType.Byte).DetachFromDisposeScope())]
            : throw new InvalidOperationException("unpacked again")));
        var levels = parts.SelectMany(part => Enumerable.Range(0, part.Count).Select(image => part.Batch(image, image + 1).unique().output).Select(one => (int)one.item<byte>())).ToList();
        foreach (var part in parts) part.Dispose();
        return levels;
    }

    private static PackedImages Packed(string digest, int count, int size, Func<IReadOnlyList<Tensor>> inMemory) =>
        new("set", digest, count == 4 ? [2, 1, 1] : [count], 1, size)
        {
            InMemory = inMemory,
            Streamed = use =>
            {
                foreach (var part in inMemory())
                {
                    ImageBytes.ForEachBlock(part, use);
                    part.Dispose();
                }
            },
        };
}
