using System.Diagnostics;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Reading;

/// <summary>Files damaged at random, with fixed seeds: each is read, or refused in one line, in bounded time and memory.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const long MostBytes = 16 << 20;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Damaged_matrices_are_read_or_refused()
    {
        NpyWriter.Write(folder["a.npy"], new float[5, 7]);
        var whole = File.ReadAllBytes(folder["a.npy"]);

        // Damage to the elements is not noticed in an .npy file: only its first 128 bytes, the header, are of interest.
        Damage(1000, whole, 128, "b.npy", path => NpyFile.ReadMatrix(path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damaged_archives_are_read_or_refused(bool compressed)
    {
        DatasetFile.Write(folder["a.npz"], DatasetFile.Binary(), compressed);
        var whole = File.ReadAllBytes(folder["a.npz"]);

        Damage(1000, whole, whole.Length, "b.npz", path =>
        {
            using var file = NpzFile.Open(path);
            foreach (var key in file.Keys) file.ReadInt64(key);
        });
    }

    [Fact]
    public void Damaged_arrays_in_a_sound_archive_are_read_or_refused()
    {
        var random = new Random(3);
        var whole = NpyBytes.Of("<i4", "(2, 3)", new byte[24]);

        Attempt(1000, "b.npz", _ => NpyBytes.Zip(("x.npy", Damaged(whole, whole.Length, random))), path =>
        {
            using var file = NpzFile.Open(path);
            file.ReadDouble("x");
        });
    }

    [Fact]
    public void Damaged_datasets_are_loaded_or_refused()
    {
        DatasetFile.Write(folder["a.npz"], DatasetFile.Binary(), compressed: false);
        var whole = File.ReadAllBytes(folder["a.npz"]);

        Damage(500, whole, whole.Length, "b.npz", path => new DatasetSource("b", path, "", null).Load().Dispose());
    }

    private void Damage(int times, byte[] whole, int within, string name, Action<string> read)
    {
        var random = new Random(7);
        Attempt(times, name, _ => Damaged(whole, within, random), read);
    }

    private void Attempt(int times, string name, Func<int, byte[]> make, Action<string> read)
    {
        var refused = 0;
        for (var attempt = 0; attempt < times; attempt++)
        {
            File.WriteAllBytes(folder[name], make(attempt));
            var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
            try
            {
                read(folder[name]);
            }
            catch (MedTransferException error)
            {
                Assert.DoesNotContain('\n', error.Message);
                refused++;
            }
            Assert.True(watch.Elapsed < MostTime, $"attempt {attempt}: {watch.Elapsed}");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostBytes, $"attempt {attempt}: memory");
        }
        // Otherwise the damage never met anything that matters.
        Assert.InRange(refused, times / 4, times);
    }

    private static byte[] Damaged(byte[] whole, int within, Random random)
    {
        List<byte> bytes = [.. whole];
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var place = random.Next(Math.Min(within, bytes.Count));
            switch (random.Next(6))
            {
                case 0: bytes[place] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[place] = (byte)random.Next(256); break;
                case 2: bytes[place] = byte.MaxValue; break;
                case 3: bytes.RemoveRange(place, Math.Min(random.Next(1, 9), bytes.Count - place)); break;
                case 4: bytes.InsertRange(place, bytes.GetRange(place, Math.Min(random.Next(1, 40), bytes.Count - place))); break;
                default: bytes.RemoveRange(place, bytes.Count - place); break;
            }
            if (bytes.Count == 0) break;
        }
        return [.. bytes];
    }
}
