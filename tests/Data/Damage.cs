using System.Diagnostics;

namespace MedTransfer.Tests.Data;

/// <summary>Files that were damaged at random, always the same way, and what a reader may make of them.</summary>
internal static class Damage
{
    /// <summary>The bytes with one to three changes: bits and bytes turned, runs lost or doubled, the end cut off.</summary>
    /// <param name="from">The first byte that may be changed.</param>
    /// <param name="within">Bytes from there on stay.</param>
    public static byte[] Of(byte[] whole, Random random, int from = 0, int within = int.MaxValue)
    {
        List<byte> bytes = [.. whole];
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > from; changes--)
        {
            var place = random.Next(from, Math.Min(within, bytes.Count));
            switch (random.Next(6))
            {
                case 0: bytes[place] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[place] = (byte)random.Next(256); break;
                case 2: bytes[place] = byte.MaxValue; break;
                case 3: bytes.RemoveRange(place, Math.Min(random.Next(1, 9), bytes.Count - place)); break;
                case 4: bytes.InsertRange(place, bytes.GetRange(place, Math.Min(random.Next(1, 40), bytes.Count - place))); break;
                default: bytes.RemoveRange(place, bytes.Count - place); break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Each file is read or refused in one line, in bounded time and memory, and enough are refused: else the damage never met anything that matters.</summary>
    /// <param name="path">Where each file is written.</param>
    public static void IsReadOrRefused(int times, string path, Func<int, byte[]> make, Action<int> read, TimeSpan mostTime, long mostBytes, int leastRefused)
    {
        var refused = 0;
        for (var attempt = 0; attempt < times; attempt++)
        {
            File.WriteAllBytes(path, make(attempt));
            var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
            try
            {
                read(attempt);
            }
            catch (MedTransferException error)
            {
                Assert.DoesNotContain('\n', error.Message);
                refused++;
            }
            Assert.True(watch.Elapsed < mostTime, $"attempt {attempt}: {watch.Elapsed}");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < mostBytes, $"attempt {attempt}: memory");
        }
        Assert.InRange(refused, leastRefused, times);
    }
}
