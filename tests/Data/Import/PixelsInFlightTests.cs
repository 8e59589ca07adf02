using MedTransfer.Data.Import;

namespace MedTransfer.Tests.Data.Import;

public sealed class PixelsInFlightTests
{
    [Fact]
    public async Task Image_waits_for_the_room_that_another_one_takes()
    {
        var all = new PixelsInFlight(100);
        var cancellation = TestContext.Current.CancellationToken;
        using var second = all.Open();
        Task waiting;
        using (var first = all.Open())
        {
            first.Take(60, cancellation);
            using (var small = all.Open())
                small.Take(40, cancellation);   // fits beside it
            waiting = Task.Run(() => second.Take(41, cancellation), cancellation);
            await Task.Delay(50, cancellation);
            Assert.False(waiting.IsCompleted);
        }

        await waiting.WaitAsync(TimeSpan.FromSeconds(10), cancellation);
    }

    [Fact]
    public void Image_larger_than_all_room_is_read_alone()
    {
        var all = new PixelsInFlight(100);
        using var room = all.Open();
        room.Take(1000, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Whoever_waits_can_be_stopped()
    {
        var all = new PixelsInFlight(100);
        using PixelsInFlight.Room first = all.Open(), second = all.Open();
        first.Take(100, TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        Assert.ThrowsAny<OperationCanceledException>(() => second.Take(1, stop.Token));
    }
}
