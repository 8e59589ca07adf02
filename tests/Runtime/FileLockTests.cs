using System.Diagnostics;
using MedTransfer.Runtime;

namespace MedTransfer.Tests.Runtime;

public sealed class FileLockTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    // a file that is deleted while another may be taking it is held twice, or can't be told from one that can't be made
    [Fact]
    public void Lock_is_held_by_one_at_a_time_however_often_it_is_taken_and_removed()
    {
        const int Threads = 8, Tries = 3;
        var (holders, most, taken, jobs) = (0, 0, 0, 0);
        var done = new bool[100_000];
        var tries = new int[done.Length];
        var clock = Stopwatch.StartNew();

        void Work()
        {
            while (clock.ElapsedMilliseconds < 800 && Volatile.Read(ref jobs) is var job && job < done.Length)
            {
                using var held = FileLock.TryTake(folder[$"{job}.lock"]);
                if (held is null)
                    continue;
                Interlocked.Increment(ref taken);
                if (!Volatile.Read(ref done[job]))
                {
                    InterlockedMax(ref most, Interlocked.Increment(ref holders));
                    var isLast = ++tries[job] == Tries;   // those before failed
                    Interlocked.Decrement(ref holders);   // before the next job is taken, under a lock of its own
                    if (isLast)
                    {
                        Volatile.Write(ref done[job], true);
                        Volatile.Write(ref jobs, job + 1);
                    }
                }

                if (Volatile.Read(ref done[job]))
                    held.Remove();
            }
        }

        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            try
            {
                Work();
            }
            catch (Exception e)
            {
                lock (failures)
                    failures.Add(e);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Empty(failures);
        Assert.InRange(taken, 100, int.MaxValue);
        Assert.All(tries.Take(jobs), count => Assert.Equal(Tries, count));
        Assert.Equal(1, most);
        Assert.DoesNotContain(folder.Files, file => int.Parse(file!.Split('.')[0]) < jobs);
    }

    [Fact]
    public async Task Lock_is_waited_for_and_the_wait_said_once()
    {
        var path = folder["lock"];
        var said = 0;
        Task<FileLock> second;
        using (await Take(path))
        {
            second = FileLock.Take(path, Refused, () => said++, Token);
            await Task.Delay(250, Token);
            Assert.False(second.IsCompleted);
        }

        using var held = await second;
        Assert.Equal(1, said);
        Assert.Null(FileLock.TryTake(path));
        held.Remove();
        Assert.Empty(folder.Files);
    }

    [Fact]
    public async Task Lock_of_a_stopped_holder_leaves_its_file_and_can_be_taken()
    {
        (await Take(folder["lock"])).Dispose();

        Assert.Equal(["lock"], folder.Files);
        (await Take(folder["lock"])).Dispose();
    }

    [Fact]
    public async Task Lock_that_cannot_be_made_is_refused_at_once()
    {
        Directory.CreateDirectory(folder["lock"]);

        var error = await Assert.ThrowsAsync<MedTransferException>(() => Take(folder["lock"]));

        Assert.IsType<UnauthorizedAccessException>(error.InnerException);
    }

    private static Task<FileLock> Take(string path) => FileLock.Take(path, Refused, cancellation: Token);

    private static MedTransferException Refused(Exception error) => new("refused", error);

    private static void InterlockedMax(ref int largest, int value)
    {
        for (var known = Volatile.Read(ref largest); value > known;)
        {
            var before = Interlocked.CompareExchange(ref largest, value, known);
            if (before == known)
                return;
            known = before;
        }
    }
}
