using System.IO.Compression;
using MedTransfer.Models.Weights;
using MedTransfer.Tests.Runtime;
using MedTransfer.Transfer;

namespace MedTransfer.Tests.Models;

/// <summary>A file that is not safetensors is refused by what it is, in one line that says what to do.</summary>
public sealed class OtherFormatsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Beginnings of files, as their writers write them, and a word of what is said.</summary>
    public static TheoryData<string, byte[], string> Files => new()
    {
        // torch.save of version 1.5 and before, and pickle.dump of an empty dict with protocols 2 and 4
        { "w.pth", [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e], "is a pickle" },
        { "w.safetensors", [0x80, 2, (byte)'}', (byte)'q', 0, (byte)'.'], "is a pickle" },
        { "w.safetensors", [0x80, 4, 0x95, 1, 0, 0, 0, 0, 0, 0, 0, (byte)'}', 0x94, (byte)'.'], "is a pickle" },
        { "w.ckpt", "neither"u8.ToArray(), "is a pickle" },
        { "pytorch_model.bin", "neither"u8.ToArray(), "is a pickle" },
        { "w.safetensors", [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0d, 0x0a, 0x1a, 0x0a, 0], "Keras" },
        { "w.h5", "neither"u8.ToArray(), "Keras" },
        // ir_version 8, producer_name "pytorch"
        { "w.safetensors", [8, 8, 0x12, 7, .. "pytorch"u8, 0x1a, 6], "name it as a backbone instead (--backbone)" },
        { "w.onnx", "neither"u8.ToArray(), "name it as a backbone instead (--backbone)" },
        { "w.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a"u8.ToArray(), "Git LFS" },
        { "w.safetensors", "<!DOCTYPE html><html>"u8.ToArray(), "web page" },
        { "w.safetensors", "neither"u8.ToArray(), "is not a sound safetensors file: it ends after 7 bytes" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void File_is_refused_by_what_it_is(string name, byte[] content, string word)
    {
        File.WriteAllBytes(folder[name], content);

        var message = Assert.Throws<MedTransferException>(() => WeightsOrigin.Of(folder[name])).Message;

        Assert.StartsWith(folder[name], message, StringComparison.Ordinal);
        Assert.Contains(word, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("archive/data.pkl", "is a pickle")]
    [InlineData("conv1.weight.npy", "is a zip archive")]
    public void Zip_is_told_by_what_is_in_it(string entry, string word)
    {
        using (var zip = ZipFile.Open(folder["weights.zip"], ZipArchiveMode.Create))
        {
            // what torch.save writes first is not always at the beginning
            using (var first = zip.CreateEntry("first", CompressionLevel.NoCompression).Open())
                first.Write(new byte[1000]);
            zip.CreateEntry(entry);
        }

        Assert.Contains(word, Assert.Throws<MedTransferException>(() => WeightFile.Load(folder["weights.zip"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_zip_of_a_pickle_is_one_still()
    {
        File.WriteAllBytes(folder["w.safetensors"], [.. "PK\u0003\u0004"u8, .. new byte[26], .. "model/data.pkl"u8]);

        Assert.Contains("is a pickle", Assert.Throws<MedTransferException>(() => WeightFile.Load(folder["w.safetensors"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pickle_is_refused_with_the_python_that_converts_it()
    {
        File.WriteAllBytes(folder["net.pt"], [0x80, 2, (byte)'}', (byte)'.']);

        var message = Assert.Throws<MedTransferException>(() => WeightsOrigin.Of(folder["net.pt"])).Message;

        Assert.EndsWith(
            $"with Python: import torch, safetensors.torch; state = torch.load(\"{folder["net.pt"]}\", map_location=\"cpu\", weights_only=True); "
                + "safetensors.torch.save_file({name: value.clone().contiguous() for name, value in state.get(\"state_dict\", state).items()}, "
                + $"\"{folder["net.safetensors"]}\")",
            message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sound_file_is_read_whatever_its_name()
    {
        Safetensors.Write(folder["w.pt"], [new("a", SafetensorsTests.Floats([1], 1))]);

        Assert.Equal(["a"], WeightFile.Load(folder["w.pt"]).Keys);
        Assert.Equal(["a"], WeightFile.Shapes(folder["w.pt"]).Keys);
    }

    [Fact]
    public void Truncated_safetensors_file_is_refused_by_its_header_alone()
    {
        Safetensors.Write(folder["w.safetensors"], [new("a", SafetensorsTests.Floats([2], 1, 2))]);
        var whole = File.ReadAllBytes(folder["w.safetensors"]);
        File.WriteAllBytes(folder["w.safetensors"], whole[..^4]);

        Assert.Contains("its arrays are 8 bytes, but 4 follow the header", Assert.Throws<MedTransferException>(() => WeightsOrigin.Of(folder["w.safetensors"])).Message, StringComparison.Ordinal);
    }
}
