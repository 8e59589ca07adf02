namespace MedTransfer.Data.Import;

/// <summary>Bounds the memory of images that are read at a time: a large one waits until few enough pixels of others are in memory. Safe for several threads.</summary>
/// <param name="most">Pixels of all images together, but that one larger than that is read alone.</param>
internal sealed class PixelsInFlight(long most)
{
    /// <summary>Some 1.5 GB at 20 bytes a pixel, the most that a colour picture takes while it is unpacked.</summary>
    public const long Usual = 75_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly object gate = new();
    private long pixels;

    /// <summary>Room for one image, taken once its size is known and given back when it is disposed of.</summary>
    public Room Open() => new(this);

    private void Take(long wanted, CancellationToken cancellation)
    {
        lock (gate)
        {
            while (pixels > 0 && pixels + wanted > most)
            {
                cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(gate, Patience);
            }
            pixels += wanted;
        }
    }

    private void Return(long taken)
    {
        lock (gate)
        {
            pixels -= taken;
            Monitor.PulseAll(gate);
        }
    }

    internal sealed class Room(PixelsInFlight all) : IDisposable
    {
        private long taken;

        public void Take(long pixels, CancellationToken cancellation)
        {
            all.Take(pixels, cancellation);
            taken += pixels;
        }

        public void Dispose() => all.Return(taken);
    }
}
