using MedTransfer.Runtime.Claims;

namespace MedTransfer.Tests.Runtime.Claims;

public sealed class FolderClaimTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300), VeryShort = TimeSpan.FromMilliseconds(30);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_at_a_time_holds_a_folder_however_many_want_it()
    {
        Assert.Equal((1, 8), await MostAtATime(turns: 1, Take, claim => claim.Dispose()));
        Assert.Equal(["claim-7"], Claims());   // the last stays, so that numbers go on
    }

    [Fact]
    public async Task One_at_a_time_holds_a_folder_also_where_each_removes_its_claim()
    {
        Assert.Equal((1, 40), await MostAtATime(turns: 5, Take, claim =>
        {
            claim.Remove();
            claim.Dispose();
        }));
        Assert.Empty(Claims());
    }

    [Fact]
    public async Task One_at_a_time_holds_a_folder_also_where_each_removes_it()
    {
        Assert.Equal((1, 160), await MostAtATime(turns: 20, TakeAtOnce, claim => claim.Dispose()));
        Assert.False(Directory.Exists(folder["claims"]));

        FolderClaim TakeAtOnce()
        {
            var watch = new ClaimWatch(TimeSpan.FromHours(1));
            while (true)
            {
                if (FolderClaim.TryTake(folder["claims"], watch, leavesNothing: true) is { } taken)
                    return taken;
                Thread.Sleep(1);
            }
        }
    }

    [Fact]
    public async Task Claim_that_is_let_go_is_taken_by_who_waits()
    {
        var first = Take();
        var second = Task.Run(Take, Token);
        await Task.Delay(Short, Token);
        Assert.False(second.IsCompleted);

        first.Dispose();

        (await second).Dispose();
        Assert.False(first.Lost.IsCancellationRequested);
    }

    [Fact]
    public void Removed_claims_leave_nothing()
    {
        Take().Dispose();
        using var claim = Take();

        claim.Remove();

        Assert.Empty(Claims());
    }

    [Fact]
    public async Task That_another_is_waited_for_is_said_once()
    {
        var said = 0;
        var first = Take();
        var second = Task.Run(() => FolderClaim.Take(folder.Path, Refused, Token, () => said++), Token);
        await Task.Delay(Short, Token);

        first.Dispose();

        (await second).Dispose();
        Assert.Equal(1, said);
    }

    [Fact]
    public void Removing_a_claim_leaves_that_of_a_successor()
    {
        using var heldUp = Take();
        Leave(ClaimHolder.Now() with { Place = "elsewhere" }, number: 1);

        heldUp.Remove();

        Assert.Equal(["claim-0", "claim-1"], Claims());   // the successor removes both
    }

    /// <summary>Process numbers here go to 4,194,304 at most.</summary>
    [Fact]
    public void Holder_whose_process_is_gone_is_succeeded_at_once()
    {
        Leave(ClaimHolder.Now() with { Process = 4_194_305 });

        using var claim = Take(TimeSpan.FromHours(1));

        Assert.Equal(["claim-0", "claim-1"], Claims());
    }

    [Fact]
    public void Holder_whose_number_another_process_has_now_is_succeeded_at_once()
    {
        var now = ClaimHolder.Now();
        Leave(now with { Started = now.Started - 1000 });

        Take(TimeSpan.FromHours(1)).Dispose();
    }

    [Fact]
    public void Claim_that_this_process_let_go_without_a_word_is_nobody_s()
    {
        Leave(ClaimHolder.Now());

        Take(TimeSpan.FromHours(1)).Dispose();
    }

    [Fact]
    public void Holder_on_another_machine_is_succeeded_once_it_is_silent_for_long()
    {
        Leave(ClaimHolder.Now() with { Place = "elsewhere" });
        var clock = System.Diagnostics.Stopwatch.StartNew();

        Take(Short).Dispose();

        Assert.True(clock.Elapsed >= Short);
    }

    [Fact]
    public async Task Holder_on_another_machine_that_gives_signs_of_life_is_waited_for()
    {
        Leave(ClaimHolder.Now() with { Place = "elsewhere" });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var waiting = Task.Run(() => Take(TimeSpan.FromSeconds(5), stop.Token), Token);

        for (var sign = 0; sign < 60; sign++)
        {
            File.WriteAllText(Path.Combine(folder["claim-0"], "status"), $"{sign}\n");
            await Task.Delay(100, Token);
        }

        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Holder_that_another_has_succeeded_learns_of_it()
    {
        using var heldUp = FolderClaim.Take(folder.Path, Refused, Token, interval: VeryShort);
        var holder = ClaimHolder.Now() with { Place = "elsewhere" };
        Leave(holder, number: 1);

        Assert.True(heldUp.Lost.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
    }

    /// <summary>The one who succeeded it is done by then, and has removed all claims.</summary>
    [Fact]
    public void Holder_whose_claim_is_removed_learns_of_it()
    {
        using var heldUp = FolderClaim.Take(folder.Path, Refused, Token, interval: VeryShort);
        Assert.False(heldUp.IsLost);

        FolderClaim.RemoveAll(folder.Path);

        Assert.True(heldUp.IsLost);
        Assert.True(heldUp.Lost.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
    }

    /// <summary>As of a machine that was suspended, while another took over, was done and removed all, and a third began anew.</summary>
    [Fact]
    public void Holder_whose_number_another_has_now_learns_of_it_and_leaves_that_other_alone()
    {
        var heldUp = FolderClaim.Take(folder.Path, Refused, Token, interval: VeryShort);
        FolderClaim.RemoveAll(folder.Path);
        Leave(ClaimHolder.Now() with { Place = "elsewhere" });

        Assert.True(heldUp.IsLost);
        Assert.True(heldUp.Lost.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        heldUp.Remove();
        heldUp.Dispose();

        Assert.Equal(["holder.json"], Directory.GetFiles(folder["claim-0"]).Select(Path.GetFileName));
    }

    /// <summary>It is aside, as another is about to rename it.</summary>
    [Fact]
    public void What_another_is_about_to_rename_stays_for_an_hour()
    {
        var (fresh, old) = (folder["claim-1.a.part"], folder["claim-1.b.part"]);
        Directory.CreateDirectory(fresh);
        Directory.CreateDirectory(old);
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-2));

        Take().Dispose();

        Assert.Equal(["claim-0", "claim-1.a.part"], Claims());
    }

    [Fact]
    public void What_a_holder_says_is_heard()
    {
        Assert.Null(FolderClaim.StatusOf(folder.Path));
        using (var claim = FolderClaim.Take(folder.Path, Refused, Token, interval: VeryShort))
        {
            Assert.Equal("", FolderClaim.StatusOf(folder.Path));
            claim.Report("epoch 3\nof 20");
            Assert.True(SpinWait.SpinUntil(() => FolderClaim.StatusOf(folder.Path) == "epoch 3\nof 20", TimeSpan.FromSeconds(10)));
        }

        Assert.Null(FolderClaim.StatusOf(folder.Path));
    }

    [Fact]
    public void Folder_in_which_nothing_can_be_made_is_an_error_in_the_caller_s_words()
    {
        File.WriteAllText(folder["file"], "");

        Assert.StartsWith("refused: ", Assert.Throws<MedTransferException>(() => FolderClaim.Take(folder["file"], Refused, Token)).Message, StringComparison.Ordinal);
    }

    // how many held it at a time at most, and how often it was held; eight want it
    private static async Task<(int Most, int Held)> MostAtATime(int turns, Func<FolderClaim> take, Action<FolderClaim> giveUp)
    {
        var (inside, most, held, counting) = (0, 0, 0, new Lock());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var turn = 0; turn < turns; turn++)
            {
                var claim = take();
                lock (counting)
                    (inside, most, held) = (inside + 1, Math.Max(most, inside + 1), held + 1);
                Thread.Sleep(2);
                lock (counting)
                    inside--;
                giveUp(claim);
            }
        }, Token)));
        return (most, held);
    }

    private FolderClaim Take() => Take(TimeSpan.FromHours(1));

    private FolderClaim Take(TimeSpan patience, CancellationToken? cancellation = null) => FolderClaim.Take(folder.Path, Refused, cancellation ?? Token, timeout: patience);

    private static MedTransferException Refused(Exception error) => new($"refused: {error.Message}");

    private void Leave(ClaimHolder holder, int number = 0)
    {
        var claim = folder[$"claim-{number}"];
        Directory.CreateDirectory(claim);
        File.WriteAllText(Path.Combine(claim, "holder.json"), holder.ToJson());
    }

    private IEnumerable<string?> Claims() => Directory.GetDirectories(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
