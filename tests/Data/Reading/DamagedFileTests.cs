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
        Damaged(1000, whole, 128, "b.npy", path => NpyFile.ReadMatrix(path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damaged_archives_are_read_or_refused(bool compressed)
    {
        DatasetFile.Write(folder["a.npz"], DatasetFile.Binary(), compressed);
        var whole = File.ReadAllBytes(folder["a.npz"]);

        Damaged(1000, whole, whole.Length, "b.npz", path =>
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

        Attempt(1000, "b.npz", _ => NpyBytes.Zip(("x.npy", Damage.Of(whole, random, within: whole.Length))), path =>
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

        Damaged(500, whole, whole.Length, "b.npz", path => new DatasetSource("b", path, "", null).Load().Dispose());
    }

    private void Damaged(int times, byte[] whole, int within, string name, Action<string> read)
    {
        var random = new Random(7);
        Attempt(times, name, _ => Damage.Of(whole, random, within: within), read);
    }

    private void Attempt(int times, string name, Func<int, byte[]> make, Action<string> read) =>
        Damage.IsReadOrRefused(times, folder[name], make, _ => read(folder[name]), MostTime, MostBytes, leastRefused: times / 4);
}
