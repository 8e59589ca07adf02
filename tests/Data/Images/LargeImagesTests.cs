using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Images;
using MedTransfer.Runtime.Native;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Images;

/// <summary>Sets that are unpacked into a file because they are too many for memory; here every set is.</summary>
public sealed class LargeImagesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<UnpackingProgress> told = [];

    public LargeImagesTests() => NativeTorch.Load();

    private string Set => folder["data/set.npz"];

    private string Unpacked => folder[$"runs/images/{Source.Md5}.npy"];

    private string Part => Unpacked + ".part";

    private DatasetSource Source => DatasetSource.Find(Set, new DataFolders([]));

    // as of a run of one process
    private SharedImages Large => new(folder["runs/images"]) { Large = 1, Writes = false, Progress = told.Add };

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("grey", true)]
    [InlineData("grey", false)]
    [InlineData("colour", true)]
    [InlineData("int64", true)]
    [InlineData("float32", true)]
    public void Mapped_images_have_the_bits_of_those_in_memory(string kind, bool compressed)
    {
        Write(Many(kind), compressed);
        using var inMemory = Source.Load();
        using var mapped = Source.Load(shared: Large);
        using var again = Source.Load(shared: Large);

        foreach (var split in SplitNames.All)
        {
            Assert.Equal(inMemory[split].Images.shape, mapped[split].Images.shape);
            Assert.Equal(inMemory[split].Images.bytes, mapped[split].Images.bytes);
            Assert.Equal(inMemory[split].Images.bytes, again[split].Images.bytes);
            Assert.Equal(inMemory[split].Labels.Flat, mapped[split].Labels.Flat);
        }
        Assert.Equal(inMemory.Train.ImagesDigest(), mapped.Train.ImagesDigest());
    }

    [Fact]
    public void Array_in_Fortran_order_is_unpacked_too()
    {
        var (images, others) = (new byte[3 * 4 * 4], DatasetFile.Binary());
        for (var place = 0; place < images.Length; place++) images[place] = (byte)place;
        byte[] labels = [0, 1, 0];
        var files = others.Where(array => !array.Key.StartsWith("train", StringComparison.Ordinal)).Select(array => ($"{array.Key}.npy", NpyOf(array.Value)));
        Directory.CreateDirectory(folder["data"]);
        File.WriteAllBytes(Set, NpyBytes.Zip([
            .. files,
            ("train_images.npy", NpyBytes.Of("|u1", "(3, 4, 4)", images, fortranOrder: true)),
            ("train_labels.npy", NpyBytes.Of("|u1", "(3, 1)", labels)),
        ]));
        using var inMemory = Source.Load();
        using var mapped = Source.Load(shared: Large);

        Assert.Equal(inMemory.Train.Images.bytes, mapped.Train.Images.bytes);
        Assert.Equal([0, 12, 24, 36], mapped.Train.Images.bytes[..4].ToArray());
    }

    [Fact]
    public void Set_is_unpacked_once_below_the_folder_and_nowhere_else_and_that_is_said()
    {
        Write(Many("grey"));
        Source.Load(shared: Large).Dispose();
        Source.Load(shared: Large).Dispose();

        Assert.Equal([Set], Directory.GetFiles(folder["data"]));
        Assert.Equal([Unpacked], Directory.GetFiles(folder["runs"], "*", SearchOption.AllDirectories));
        Assert.Equal([UnpackingStage.Starting, UnpackingStage.Done], told.Where(step => step.Stage != UnpackingStage.Writing).Select(step => step.Stage));
        Assert.Equal(("set", Unpacked, new FileInfo(Unpacked).Length), (told[^1].Name, told[^1].Path, told[^1].Bytes));
        Assert.Equal(told[^1].Of, told[^1].Bytes);
    }

    [Fact]
    public void Small_set_of_one_process_stays_in_memory()
    {
        Write(Many("grey"));

        Source.Load(shared: Large with { Large = 1 << 20 }).Dispose();

        Assert.False(Directory.Exists(folder["runs"]));
    }

    [Fact]
    public void Larger_than_the_limit_by_itself_is_unpacked_all_the_same()
    {
        Write(Many("grey"));

        Source.Load(shared: Large with { Limit = 100 }).Dispose();

        Assert.True(File.Exists(Unpacked));
    }

    [Fact]
    public void No_room_is_one_line_before_any_work_and_nothing_is_left()
    {
        var endless = new PackedImages("endless", "ee", [int.MaxValue], 1, short.MaxValue)
        {
            InMemory = () => throw new InvalidOperationException("unpacked"),
            Streamed = _ => throw new InvalidOperationException("unpacked"),
        };

        var error = Assert.Throws<MedTransferException>(() => Large.Of(endless));

        Assert.Matches(@"^endless: its images, too many to be held in memory, can't be unpacked into a file: they take [\d,]+ MiB, and .*images has [\d,]+ MiB left on its disk, [\d,]+ MiB of them for results; make room there, or name another folder with --out$", error.Message);
        Assert.False(Directory.Exists(folder["runs"]));
        Assert.Empty(told);
    }

    [Fact]
    public void Disk_that_gets_full_is_one_line_and_nothing_is_left()
    {
        if (!OperatingSystem.IsLinux()) return;
        Write(Many("grey"));
        Directory.CreateDirectory(folder["runs/images"]);
        File.CreateSymbolicLink(Part, "/dev/full");

        var error = Assert.Throws<MedTransferException>(() => Source.Load(shared: Large));

        Assert.StartsWith($"Cannot write {Unpacked}: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Empty(Directory.GetFiles(folder["runs/images"]));
    }

    [Fact]
    public void What_a_killed_process_left_is_not_taken_for_whole_and_is_gone_on_from()
    {
        Write(Many("grey"));
        using var inMemory = Source.Load();
        Source.Load(shared: Large).Dispose();
        var whole = File.ReadAllBytes(Unpacked);
        var damaged = whole[..3000];
        damaged[2000] ^= 1;
        foreach (var left in new[] { [], whole[..100], whole[..3000], damaged, [.. whole, 1, 2, 3] })
        {
            File.Delete(Unpacked);
            File.WriteAllBytes(Part, left);

            using var mapped = Source.Load(shared: Large);

            Assert.Equal(inMemory.Test.Images.bytes, mapped.Test.Images.bytes);
            Assert.Equal(whole, File.ReadAllBytes(Unpacked));
            Assert.Equal([Unpacked], Directory.GetFiles(folder["runs/images"]));
        }
    }

    [Fact]
    public void Stopped_unpacking_leaves_what_the_next_one_goes_on_from()
    {
        Write(Many("grey"));
        using var stop = new CancellationTokenSource();
        var first = Large with { Cancellation = stop.Token, Progress = step => { if (step.Stage == UnpackingStage.Starting) stop.Cancel(); } };

        Assert.Throws<OperationCanceledException>(() => Source.Load(shared: first));

        Assert.Equal([Part], Directory.GetFiles(folder["runs/images"]));
        Source.Load(shared: Large).Dispose();
        Assert.Equal([Unpacked], Directory.GetFiles(folder["runs/images"]));
    }

    [Theory]
    [InlineData(5)]       // header
    [InlineData(500)]     // pixels
    [InlineData(-1)]      // length
    public void Damaged_file_is_made_again(int place)
    {
        Write(Many("grey"));
        Source.Load(shared: Large).Dispose();
        var whole = File.ReadAllBytes(Unpacked);
        byte[] damaged = place < 0 ? whole[..^1] : [.. whole];
        if (place >= 0) damaged[place] ^= 1;
        File.WriteAllBytes(Unpacked, damaged);

        using var mapped = Source.Load(shared: Large);

        Assert.Equal(whole, File.ReadAllBytes(Unpacked));
        Assert.Equal(whole[128..(128 + 16)], mapped.Train.Images.bytes[..16].ToArray());
    }

    [Fact]
    public void Damaged_set_is_refused_and_leaves_nothing()
    {
        Write(Many("grey"), compressed: false);
        var bytes = File.ReadAllBytes(Set);
        bytes[^5000] ^= 1;
        File.WriteAllBytes(Set, bytes);

        var error = Assert.Throws<MedTransferException>(() => Source.Load(shared: Large));

        Assert.Contains("CRC-32", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder["runs/images"]));
    }

    private void Write(Dictionary<string, Array> arrays, bool compressed = true)
    {
        Directory.CreateDirectory(folder["data"]);
        DatasetFile.Write(Set, arrays, compressed);
    }

    private static byte[] NpyOf(Array array)
    {
        using var stream = new MemoryStream();
        MedTransfer.Data.Formats.NpyWriter.Write(stream, array);
        return stream.ToArray();
    }

    // 12, 6 and 4 images of 16 pixels a side
    private static Dictionary<string, Array> Many(string kind)
    {
        const int Side = 16;
        var arrays = DatasetFile.Binary();
        foreach (var (split, count) in new[] { ("train", 12), ("val", 6), ("test", 4) })
        {
            int[] shape = kind == "colour" ? [count, Side, Side, 3] : [count, Side, Side];
            var images = Array.CreateInstance(kind switch { "int64" => typeof(long), "float32" => typeof(float), _ => typeof(byte) }, shape);
            var pixel = count;
            foreach (var index in Indices(shape))
            {
                var grey = pixel++ * 7 % 251;
                images.SetValue(kind switch { "int64" => (object)(long)grey, "float32" => grey / 255f, _ => (byte)grey }, index);
            }
            arrays[$"{split}_images"] = images;
        }
        return arrays;
    }

    private static IEnumerable<int[]> Indices(int[] shape) => shape.Aggregate(
        new[] { Array.Empty<int>() }.AsEnumerable(), (before, length) => before.SelectMany(index => Enumerable.Range(0, length).Select(next => index.Append(next).ToArray())));
}
