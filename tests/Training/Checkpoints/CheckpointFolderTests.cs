using MedTransfer.Models.Weights;
using MedTransfer.Tests.Runtime;
using MedTransfer.Training.Checkpoints;

namespace MedTransfer.Tests.Training.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void What_is_written_is_read()
    {
        new CheckpointFolder(temporary.Path).Write(State(1));

        var read = new CheckpointFolder(temporary.Path).Read()!;

        Assert.Equal(((byte)10, (byte)1, (byte)20, (byte)1, (byte)1), (Value(read.Frozen!), Value(read.Trained), Value(read.Kept!), Value(read.Moments), Value(read.Epoch)));
        Assert.Equal((7L, 2.5), (read.Progress.Steps, read.Progress.Seconds));
    }

    [Fact]
    public void What_is_left_out_stays_as_it_was_and_is_not_written_again()
    {
        var folder = new CheckpointFolder(temporary.Path);
        folder.Write(State(1));
        var (before, written) = (temporary.Files.ToHashSet(), folder.WrittenBytes);

        folder.Write(State(2) with { Frozen = null, Kept = null });

        var read = new CheckpointFolder(temporary.Path).Read()!;
        Assert.Equal(((byte)10, (byte)2, (byte)20), (Value(read.Frozen!), Value(read.Trained), Value(read.Kept!)));
        Assert.Equal(3 * 4, folder.WrittenBytes - written);   // weights, moments, epoch
        Assert.Equal(["frozen", "kept", "manifest"], temporary.Files.Where(before.Contains).Select(file => file!.Split('-', '.')[0]));
        Assert.Equal(4, temporary.Files.Count());
    }

    // as where a process is killed with some of its parts written, and its manifest not
    [Fact]
    public void State_before_is_whole_until_the_manifest_is_another()
    {
        var folder = new CheckpointFolder(temporary.Path);
        folder.Write(State(1));
        var manifest = File.ReadAllBytes(temporary["manifest.json"]);
        var parts = Directory.GetFiles(temporary.Path, "*.safetensors").ToDictionary(file => file, File.ReadAllBytes);
        folder.Write(State(2));
        foreach (var (file, bytes) in parts)
            File.WriteAllBytes(file, bytes);
        File.WriteAllBytes(temporary["manifest.json"], manifest);
        File.WriteAllText(temporary["trained-0.safetensors.x.part"], "half");

        var again = new CheckpointFolder(temporary.Path);
        Assert.Equal(1, Value(again.Read()!.Trained));
        again.Write(State(3));

        Assert.Equal(3, Value(new CheckpointFolder(temporary.Path).Read()!.Trained));
        Assert.Equal(4, temporary.Files.Count());   // what no manifest names is gone
    }

    [Fact]
    public void Part_in_the_place_of_another_is_no_state()
    {
        new CheckpointFolder(temporary.Path).Write(State(1));
        var (trained, kept) = (Assert.Single(Directory.GetFiles(temporary.Path, "trained*")), Assert.Single(Directory.GetFiles(temporary.Path, "kept*")));
        File.Copy(kept, trained, overwrite: true);

        Assert.Null(new CheckpointFolder(temporary.Path).Read());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sha256":1,"content":2}""")]
    public void Manifest_that_is_none_is_no_state(string text)
    {
        File.WriteAllText(temporary["manifest.json"], text);

        Assert.Null(new CheckpointFolder(temporary.Path).Read());
    }

    private static CheckpointState State(byte value) => new(Of(10), Of(value), Of(20), Of(value), Of(value), new(7, 2.5, []));

    private static Dictionary<string, SafeTensor> Of(byte value) => new() { ["values"] = new(SafeTensorType.U8, [4], new[] { value, value, value, value }) };

    private static byte Value(IReadOnlyDictionary<string, SafeTensor> tensors) => tensors["values"].Data.Span[0];
}
