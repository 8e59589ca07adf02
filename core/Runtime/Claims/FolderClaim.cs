using System.Diagnostics;
using System.Globalization;

namespace MedTransfer.Runtime.Claims;

/// <summary>
/// Held by the one process, among all on any machine that see a folder, that makes what belongs there. It asks for no lock of the file system, which shared ones (NFS) keep badly or not at all: a claim is
/// a folder <c>claim-N</c> that is renamed into place, which only one can do. Who takes over from a holder that is gone, or has let go, takes the next number, and then sees to it that what it came after is still there.
/// <para>
/// A holder on the same machine is gone when its process is. One on another machine gives a sign of life (a heartbeat) every <see cref="Heartbeat"/>, and is taken for gone when nothing was heard of it for <see cref="Timeout"/>, by the watch
/// of whoever waits: clocks of machines are not compared. One that was only held up learns from <see cref="Lost"/> that another has its place.
/// </para>
/// </summary>
internal sealed class FolderClaim : IDisposable
{
    /// <summary>From one sign of life to the next.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Without a sign of life for so long a holder elsewhere is gone: three times what NFS keeps of a file's state by default.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    // a shared disk may say once that what it has just listed is stale
    private const int MostFailures = 5;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100), LongPoll = TimeSpan.FromSeconds(2);

    private readonly ClaimFolder claims;
    private readonly int number;
    private readonly ClaimHolder holder;
    private readonly bool leavesNothing;
    private readonly CancellationTokenSource lost = new();
    private readonly Timer beat;
    private readonly Lock writing = new();
    private string status = "";
    private long beats;
    private bool isDoubtful, isOver;

    private FolderClaim(ClaimFolder claims, int number, ClaimHolder holder, bool leavesNothing, TimeSpan interval)
    {
        (this.claims, this.number, this.holder, this.leavesNothing) = (claims, number, holder, leavesNothing);
        Lost = lost.Token;
        beat = new Timer(_ => SendHeartbeat(), null, interval, interval);
    }

    /// <summary>Cancelled when another has taken the claim over: what is done from then on is done twice.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Whether another has it, by a look at the folder; where that can't be looked at, by the last one.</summary>
    public bool IsLost => Lost.IsCancellationRequested || claims.IsLost(number, holder.Id);

    /// <summary>Waits until nobody else holds the folder.</summary>
    /// <param name="folder">Made where there is none.</param>
    /// <param name="refused">What to say where no claim can be made in it.</param>
    /// <param name="waiting">Called once if there is another holder.</param>
    /// <param name="leavesNothing">Whether the folder is there for the claims alone and goes with the last; else that stays, so that numbers go on.</param>
    /// <param name="timeout">How long a holder elsewhere may be silent; null for <see cref="Timeout"/>.</param>
    /// <param name="interval">From one sign of life of this one to the next; null for <see cref="Heartbeat"/>.</param>
    public static FolderClaim Take(
        string folder, Func<Exception, MedTransferException> refused, CancellationToken cancellation, Action? waiting = null, bool leavesNothing = false, TimeSpan? timeout = null, TimeSpan? interval = null)
    {
        var (waited, watch) = (Stopwatch.StartNew(), new ClaimWatch(timeout ?? Timeout));
        var (said, failures) = (false, 0);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (TryTake(folder, watch, leavesNothing, interval) is { } taken)
                    return taken;
                failures = 0;
                if (!said)
                    waiting?.Invoke();
                said = true;
            }
            catch (IOException error)
            {
                if (++failures >= MostFailures)
                    throw refused(error);
            }
            catch (UnauthorizedAccessException error)
            {
                throw refused(error);
            }

            cancellation.WaitHandle.WaitOne(waited.Elapsed < LongPoll ? Poll : LongPoll);
        }
    }

    /// <summary>The claim; null where another holds the folder.</summary>
    /// <param name="folder">Made where there is none.</param>
    /// <param name="watch">What was heard of its holder in earlier tries.</param>
    /// <param name="leavesNothing">See <see cref="Take"/>.</param>
    /// <param name="interval">From one sign of life to the next; null for <see cref="Heartbeat"/>.</param>
    /// <exception cref="IOException">No claim can be made there; so <see cref="UnauthorizedAccessException"/>.</exception>
    public static FolderClaim? TryTake(string folder, ClaimWatch watch, bool leavesNothing = false, TimeSpan? interval = null)
    {
        var claims = new ClaimFolder(folder);
        ClaimState? before = null;
        if (claims.Newest() is { } newest)
        {
            before = claims.StateOf(newest);
            if (before is null || !before.IsOver && !watch.IsSilent(before))
                return null;
        }

        var (number, holder) = (before is null ? 0 : before.Number + 1, ClaimHolder.Now());
        holder.Hold();   // before others see it
        FolderClaim? taken = null;
        var isPlaced = false;
        try
        {
            isPlaced = claims.TryPlace(number, holder);
            // where all claims were removed numbers begin anew, and what was seen before may be long past: then this one came too late
            if (isPlaced && claims.Newest() == number && claims.IsOf(number, holder.Id) && (before is null || claims.StateOf(before.Number) is { } now && now.Holder == before.Holder))
                taken = new FolderClaim(claims, number, holder, leavesNothing, interval ?? Heartbeat);
        }
        finally
        {
            if (taken is null)
            {
                if (isPlaced)
                    claims.TryRemove(number);
                holder.LetGo();
            }
        }

        return taken;
    }

    /// <summary>What the holder of a folder said last, empty where it said nothing yet; null where nobody holds it.</summary>
    public static string? StatusOf(string folder)
    {
        var claims = new ClaimFolder(folder);
        return claims.Newest() is { } newest && claims.StateOf(newest) is { IsOver: false } state ? state.Status[(state.Status.IndexOf('\n', StringComparison.Ordinal) + 1)..] : null;
    }

    /// <summary>Removes every claim to a folder, whoever has it; only once what they guard is there: whoever takes one looks first whether there is anything left to do.</summary>
    public static void RemoveAll(string folder) => new ClaimFolder(folder).TryRemoveBelow(int.MaxValue);

    /// <summary>What the next heartbeat says, one line or more.</summary>
    public void Report(string text) => status = text;

    /// <summary>
    /// Lets go and leaves nothing of it and of those before it; only once what it guards is there: whoever takes the next looks first whether there is anything left to do. Where another has taken it over, that other does so. To be disposed of
    /// all the same.
    /// </summary>
    public void Remove()
    {
        lock (writing)
        {
            if (isOver || IsLost)
                return;
            claims.TryRemoveBelow(number);
            if (claims.TryRemove(number))
                End();
        }
    }

    /// <summary>Lets go, unless it was removed: the next who wants it need not wait.</summary>
    public void Dispose()
    {
        if (leavesNothing)
            Remove();
        lock (writing)
        {
            if (!isOver && !IsLost)
            {
                claims.TryRelease(number);
                claims.TryRemoveBelow(number);
            }

            End();
        }

        if (leavesNothing)
            claims.TryRemoveItself();
        beat.Dispose();
        lost.Dispose();
    }

    private void End()
    {
        isOver = true;
        holder.LetGo();
    }

    private void SendHeartbeat()
    {
        lock (writing)
        {
            if (isOver)
                return;
            if (!claims.IsLost(number, holder.Id))
            {
                isDoubtful = false;
                claims.TryReport(number, string.Create(CultureInfo.InvariantCulture, $"{++beats}\n{status}"));
            }
            else if (isDoubtful)
            {
                lost.Cancel();
            }
            else
            {
                isDoubtful = true;   // one that came too late goes at once
            }
        }
    }
}
