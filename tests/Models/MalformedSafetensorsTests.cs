using System.Buffers.Binary;
using System.Text;
using MedTransfer.Models.Weights;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Models;

public sealed class MalformedSafetensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Weights => folder["weights.safetensors"];

    public void Dispose() => folder.Dispose();

    /// <summary>Headers over four bytes of data, and a word of what is said of them.</summary>
    public static TheoryData<string, string> Headers => new()
    {
        { "", "start with" },
        { """ {"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", "start with" },
        { """{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}""", "not JSON" },
        { """{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}} {}""", "not JSON" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}\0", "not JSON" },
        { """{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", "'a' twice" },
        { """{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}""", "'dtype', twice" },
        { """{"a":{"dtype":"F32","shape":[],"shape":[],"data_offsets":[0,4]}}""", "'shape', twice" },
        { """{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"data_offsets":[0,4]}}""", "'data_offsets', twice" },
        { """{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"more":1}}""", "'more', twice or besides" },
        { """{"a":{"shape":[],"data_offsets":[0,4]}}""", "lacks its dtype" },
        { """{"a":{"dtype":"F32","data_offsets":[0,4]}}""", "lacks" },
        { """{"a":{"dtype":"F32","shape":[]}}""", "lacks" },
        { """{"a":{"dtype":"F32","shape":[],"data_offsets":[4]}}""", "lacks" },
        { """{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,4]}}""", "more than 2" },
        { """{"a":{"dtype":"F33","shape":[],"data_offsets":[0,4]}}""", "type 'F33'" },
        { """{"a":{"dtype":"9","shape":[],"data_offsets":[0,4]}}""", "type '9'" },
        { """{"a":{"dtype":32,"shape":[],"data_offsets":[0,4]}}""", "has a Number where a String" },
        { """{"a":[1]}""", "has a StartArray where a StartObject" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "cannot be 4 bytes" },
        { """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "whole number" },
        { """{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", "whole number" },
        { """{"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}""", "whole number" },
        { """{"a":{"dtype":"F32","shape":[],"data_offsets":[4,0]}}""", "cannot be -4 bytes" },
        // 2^62 floats of 4 bytes are 2^64: no bytes at all in 64 bits.
        { """{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}""", "cannot be 0 bytes" },
        { """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "cannot be 0 bytes" },
        { """{"a":{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,0]}}""", "whole number" },
        { """{"a":{"dtype":"F32","shape":[],"data_offsets":[9223372036854775804,9223372036854775808]}}""", "whole number" },
        { """{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}""", "4000000000 bytes, but 4 follow" },
        { """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "3 bytes, but 4 follow" },
        { """{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""", "begins at byte 1, not at 0" },
        { """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "byte 2, not at 3" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "byte 2, not at 1" },
        { """{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", "byte 0, not at 4" },
        { """{"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", "has a Number where a String" },
        { """{"__metadata__":{"k":"1","k":"2"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", "'k' twice" },
        { """{"__metadata__":{},"__metadata__":{},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", "'__metadata__' twice" },
        { """{"\ud800":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", "not Unicode" },
        { """{"two\nlines":{"dtype":"?","shape":[],"data_offsets":[0,4]}}""", @"'two\nlines'" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Header_is_refused_for_what_is_wrong_with_it(string header, string word)
    {
        var error = Refusal(SafetensorsTests.Compose(header, new byte[4]));

        Assert.Contains(word, error.Message, StringComparison.Ordinal);
        Assert.Contains(Weights, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Header_that_is_not_utf8_is_refused()
    {
        var file = SafetensorsTests.Compose("""{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", new byte[4]);
        file[10] = 0xFF;

        Assert.Contains("not UTF-8", Refusal(file).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_with_more_dimensions_than_any_library_has_are_refused()
    {
        var ones = string.Join(',', Enumerable.Repeat(1, 65));

        var error = Refusal(SafetensorsTests.Compose($$$"""{"a":{"dtype":"F32","shape":[{{{ones}}}],"data_offsets":[0,4]}}""", new byte[4]));

        Assert.Contains("more than 64", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void File_too_short_for_a_length_is_refused(int length) =>
        Assert.Contains($"ends after {length} bytes", Refusal(new byte[length]).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(3)]
    [InlineData(100_000_000)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void Header_longer_than_the_file_is_refused_before_memory_is_asked_for(long claimed)
    {
        var file = new byte[10];
        BinaryPrimitives.WriteInt64LittleEndian(file, claimed);
        File.WriteAllBytes(Weights, file);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<MedTransferException>(() => Safetensors.Read(Weights));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Contains($"claims {(ulong)claimed} bytes, of 2 that follow", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Header_longer_than_the_format_allows_is_refused()
    {
        // Sparse: takes no room on the disk.
        using (var file = File.Create(Weights))
        {
            file.Write(BitConverter.GetBytes(100_000_001L));
            file.SetLength(100_000_100);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MedTransferException>(() => Safetensors.Read(Weights));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Folder_in_place_of_a_file_is_refused()
    {
        Directory.CreateDirectory(Weights);

        var error = Assert.Throws<MedTransferException>(() => Safetensors.Read(Weights));

        Assert.Contains(Weights, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Thousands_of_damaged_files_are_read_or_refused_and_nothing_else()
    {
        Safetensors.Write(
            Weights,
            [
                new("conv.weight", SafetensorsTests.Floats([2, 1, 2], 1, 2, 3, 4)),
                new("steps", new(SafeTensorType.I64, [], new byte[8])),
                new("empty", new(SafeTensorType.F16, [0], ReadOnlyMemory<byte>.Empty)),
            ],
            [new("epoch", "20")]);
        var sound = File.ReadAllBytes(Weights);
        var random = new Random(20240229);

        var refused = 0;
        for (var i = 0; i < 5000; i++)
        {
            File.WriteAllBytes(Weights, Damaged(sound, random));
            try
            {
                Safetensors.Read(Weights);
            }
            catch (MedTransferException)
            {
                refused++;
            }
        }

        // A flipped digit of the data, or a letter of a name, is no error of form.
        Assert.InRange(refused, 3000, 4900);
    }

    /// <summary>One to three changes: a byte, a cut, bytes taken out, put in or doubled, and words that mean something to the format.</summary>
    private static byte[] Damaged(byte[] sound, Random random)
    {
        string[] words = ["\"", "{", "}", "[", "]", ",", ":", "-", "9", "e9", "null", "\\u0000", "\\ud800", "\"shape\":", "18446744073709551615"];
        List<byte> bytes = [.. sound];
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var few = random.Next(1, Math.Min(12, bytes.Count - at) + 1);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.RemoveRange(at, few);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, few));
                    break;
                default:
                    // In place of as many bytes, so that the length of the header still holds and the word is looked at.
                    var word = Encoding.ASCII.GetBytes(words[random.Next(words.Length)]);
                    for (var i = 0; i < word.Length && at + i < bytes.Count; i++)
                        bytes[at + i] = word[i];
                    break;
            }
        }

        return [.. bytes];
    }

    private MedTransferException Refusal(byte[] file)
    {
        File.WriteAllBytes(Weights, file);
        return Assert.Throws<MedTransferException>(() => Safetensors.Read(Weights));
    }
}
