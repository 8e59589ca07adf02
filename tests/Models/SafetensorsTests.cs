using System.Buffers.Binary;
using System.Text;
using MedTransfer.Models.Weights;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Models;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Weights => folder["weights.safetensors"];

    public void Dispose() => folder.Dispose();

    // Composed from the format's definition: length of the header, header, data; doubles first, then by name.
    [Fact]
    public void Written_file_is_the_one_composed_by_hand()
    {
        Safetensors.Write(
            Weights,
            [
                new("head.bias", Floats([2], 1, -2)),
                new("steps", new(SafeTensorType.I64, [], new byte[] { 3, 0, 0, 0, 0, 0, 0, 0 })),
                new("conv.weight", Floats([1, 2], 0.5f, 0)),
                new("mask", new(SafeTensorType.Bool, [3], new byte[] { 1, 0, 1 })),
            ],
            [new("way", "scratch"), new("epoch", "20")]);

        var header = """
            {"__metadata__":{"epoch":"20","way":"scratch"},"steps":{"dtype":"I64","shape":[],"data_offsets":[0,8]},
            "conv.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},
            "head.bias":{"dtype":"F32","shape":[2],"data_offsets":[16,24]},
            "mask":{"dtype":"BOOL","shape":[3],"data_offsets":[24,27]}}
            """.ReplaceLineEndings("");
        var padding = new string(' ', 8 - header.Length % 8);
        byte[] expected =
        [
            (byte)(header.Length + padding.Length), 1, 0, 0, 0, 0, 0, 0,
            .. Encoding.UTF8.GetBytes(header + padding),
            3, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0x3F, 0, 0, 0, 0,
            0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0,
            1, 0, 1,
        ];
        Assert.InRange(header.Length + padding.Length, 256, 511);
        Assert.Equal(expected, File.ReadAllBytes(Weights));
    }

    // The example in the documentation of the reference implementation (Hugging Face safetensors, tensor.rs, SafeTensors::deserialize).
    [Fact]
    public void Example_of_the_reference_is_read()
    {
        File.WriteAllBytes(Weights, Compose("""{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}""", new byte[16]));
        Assert.Equal((byte)'<', File.ReadAllBytes(Weights)[0]);

        var (name, tensor) = Assert.Single(Safetensors.Read(Weights).Tensors);

        Assert.Equal("test", name);
        Assert.Equal(SafeTensorType.I32, tensor.Type);
        Assert.Equal([2, 2], tensor.Shape);
        Assert.Equal(new byte[16], tensor.Data.ToArray());
    }

    [Fact]
    public void What_is_written_is_read_and_written_again_to_the_same_bytes()
    {
        var tensors = Enum.GetValues<SafeTensorType>()
            .Select(type => KeyValuePair.Create($"of {type}, \"é\"\n中", new SafeTensor(type, [2, 3], Bytes(6 * SafeTensor.SizeOf(type)))))
            .Append(KeyValuePair.Create("none", new SafeTensor(SafeTensorType.F32, [0, 5], ReadOnlyMemory<byte>.Empty)))
            .Append(KeyValuePair.Create("", Floats([], 7)))
            .ToArray();
        Safetensors.Write(Weights, tensors, [new("who", "we")]);

        var content = Safetensors.Read(Weights);
        Safetensors.Write(folder["again.safetensors"], content.Tensors, content.Metadata);

        Assert.Equal(tensors.Length, content.Tensors.Count);
        Assert.All(tensors, written =>
        {
            var read = content.Tensors[written.Key];
            Assert.Equal(written.Value.Type, read.Type);
            Assert.Equal(written.Value.Shape, read.Shape);
            Assert.Equal(written.Value.Data.ToArray(), read.Data.ToArray());
        });
        Assert.Equal("we", content.Metadata["who"]);
        Assert.Equal(File.ReadAllBytes(Weights), File.ReadAllBytes(folder["again.safetensors"]));
    }

    [Fact]
    public void Order_of_writing_does_not_show()
    {
        KeyValuePair<string, SafeTensor>[] tensors = [new("b", Floats([1], 1)), new("B", Floats([1], 2)), new("a", Floats([1], 3))];

        Safetensors.Write(Weights, tensors);
        Safetensors.Write(folder["reversed"], tensors.Reverse());

        Assert.Equal(["B", "a", "b"], Safetensors.Read(Weights).Tensors.Keys);
        Assert.Equal(File.ReadAllBytes(Weights), File.ReadAllBytes(folder["reversed"]));
    }

    [Fact]
    public void Tensors_come_in_the_order_of_their_data()
    {
        File.WriteAllBytes(Weights, Compose(
            """{"second":{"dtype":"U8","shape":[1],"data_offsets":[2,3]},"first":{"data_offsets":[0,2],"shape":[2],"dtype":"U8"}}""", [1, 2, 3]));

        var tensors = Safetensors.Read(Weights).Tensors;

        Assert.Equal(["first", "second"], tensors.Keys);
        Assert.Equal([1, 2], tensors["first"].Data.ToArray());
        Assert.Equal([3], tensors["second"].Data.ToArray());
    }

    [Fact]
    public void File_without_tensors_is_sound()
    {
        Safetensors.Write(Weights, []);

        Assert.Empty(Safetensors.Read(Weights).Tensors);
    }

    [Theory]
    [InlineData("__metadata__")]
    [InlineData("taken")]
    public void Name_that_is_reserved_or_taken_is_not_written(string name)
    {
        Assert.Throws<ArgumentException>(() => Safetensors.Write(Weights, [new("taken", Floats([1], 1)), new(name, Floats([1], 1))]));

        Assert.Empty(folder.Files);
    }

    [Fact]
    public void Tensor_of_other_bytes_than_its_shape_is_refused() =>
        Assert.Throws<ArgumentException>(() => new SafeTensor(SafeTensorType.F64, [2, 2], new byte[31]));

    [Fact]
    public void Missing_file_is_named()
    {
        var error = Assert.Throws<MedTransferException>(() => Safetensors.Read(Weights));

        Assert.Contains(Weights, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A file with this header, filled up with spaces, and these data.</summary>
    internal static byte[] Compose(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        data.CopyTo(file, 8 + json.Length);
        return file;
    }

    internal static SafeTensor Floats(long[] shape, params float[] values)
    {
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
        return new(SafeTensorType.F32, shape, bytes);
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Range(1, count).Select(i => (byte)(37 * i))];
}
