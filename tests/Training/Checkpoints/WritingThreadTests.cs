using MedTransfer.Training.Checkpoints;

namespace MedTransfer.Tests.Training.Checkpoints;

public sealed class WritingThreadTests : IDisposable
{
    private readonly WritingThread thread = new();
    private readonly ManualResetEventSlim disk = new();

    public void Dispose()
    {
        disk.Set();
        thread.Dispose();
        disk.Dispose();
    }

    [Fact]
    public void Nobody_waits_for_what_was_begun()
    {
        thread.Begin(() => disk.Wait());   // a disk that takes forever
        disk.Set();
        thread.Wait();
    }

    [Fact]
    public async Task At_most_one_is_on_its_way()
    {
        var (now, most) = (0, 0);
        void Write()
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            disk.Wait();
            Interlocked.Decrement(ref now);
        }

        thread.Begin(Write);
        var second = Task.Run(() => thread.Begin(Write), TestContext.Current.CancellationToken);

        Assert.NotSame(second, await Task.WhenAny(second, Task.Delay(200, TestContext.Current.CancellationToken)));
        disk.Set();
        await second;
        thread.Wait();
        Assert.Equal(1, most);
    }

    [Fact]
    public void Error_comes_out_at_the_next_beginning_once()
    {
        var written = false;
        thread.Begin(() => throw new MedTransferException("The disk is full."));

        Assert.Equal("The disk is full.", Assert.Throws<MedTransferException>(() => thread.Begin(() => written = true)).Message);
        thread.Wait();
        Assert.False(written);
    }

    [Fact]
    public void Who_disposes_has_an_error_of_its_own()
    {
        thread.Begin(() => throw new MedTransferException("The disk is full."));

        thread.Dispose();
    }
}
