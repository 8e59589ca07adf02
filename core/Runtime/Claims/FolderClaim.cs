using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace MedTransfer.Runtime.Claims;

/// <summary>
/// Held by the one process, among all on any machine that see a folder, that makes what belongs there. It asks for no lock of the file system, which shared ones (NFS) keep badly or not at all: a claim is
/// a folder <c>claim-N</c> that is renamed into place, which only one can do. Who takes over from a holder that is gone takes the next number, so that nobody ever removes a claim that another has just taken.
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

    // what a waiter did not see, as its disk was away, it does not count as silence
    private static readonly TimeSpan MostBetweenLooks = TimeSpan.FromSeconds(4);

    private const string Prefix = "claim-", Unfinished = ".part", HolderFile = "holder.json", ReleasedFile = "released", StatusFile = "status";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100), LongPoll = TimeSpan.FromSeconds(2);

    // those of this process: one that it let go without a word, as a test might, is nobody's
    private static readonly ConcurrentDictionary<Guid, bool> Held = new();

    private readonly string folder;
    private readonly int number;
    private readonly Guid id;
    private readonly CancellationTokenSource lost = new();
    private readonly Timer beat;
    private readonly Lock writing = new();
    private string status = "";
    private long beats;
    private bool isOver;

    private FolderClaim(string folder, int number, Guid id, TimeSpan interval)
    {
        (this.folder, this.number, this.id) = (folder, number, id);
        Lost = lost.Token;
        beat = new Timer(_ => SendHeartbeat(), null, interval, interval);
    }

    /// <summary>Cancelled when another has taken the claim over: what is done from then on is done twice.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Whether another has it, by a look at the folder; where that can't be looked at, by the last one.</summary>
    public bool IsLost
    {
        get
        {
            try
            {
                return Lost.IsCancellationRequested || Newest(folder) != number;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>Waits until nobody else holds the folder.</summary>
    /// <param name="folder">A folder that exists.</param>
    /// <param name="refused">What to say where no claim can be made in it.</param>
    /// <param name="timeout">How long a holder elsewhere may be silent; null for <see cref="Timeout"/>.</param>
    /// <param name="interval">From one sign of life of this one to the next; null for <see cref="Heartbeat"/>.</param>
    public static FolderClaim Take(string folder, Func<Exception, MedTransferException> refused, CancellationToken cancellation, TimeSpan? timeout = null, TimeSpan? interval = null)
    {
        var (waited, heard) = (Stopwatch.StartNew(), new LastHeard());
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (TryTake(folder, state => heard.IsSilentFor(timeout ?? Timeout, state), interval ?? Heartbeat) is { } taken)
                    return taken;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw refused(error);
            }

            cancellation.WaitHandle.WaitOne(waited.Elapsed < LongPoll ? Poll : LongPoll);
        }
    }

    /// <summary>What the holder of a folder said last, empty where it said nothing yet; null where nobody holds it.</summary>
    public static string? StatusOf(string folder) =>
        Newest(folder) is { } newest && StateOf(folder, newest) is { IsOver: false } state ? state.Status[(state.Status.IndexOf('\n', StringComparison.Ordinal) + 1)..] : null;

    /// <summary>Removes every claim to a folder, whoever has it; only once what they guard is there: whoever takes one looks first whether there is anything left to do.</summary>
    public static void RemoveAll(string folder) => RemoveUpTo(folder, int.MaxValue);

    /// <summary>What the next heartbeat says, one line or more.</summary>
    public void Report(string text) => status = text;

    /// <summary>Gives the claim up, and leaves nothing of it and of those before it.</summary>
    public void Remove()
    {
        lock (writing)
        {
            RemoveUpTo(folder, number);
            End();
        }
    }

    /// <summary>Lets go, unless it was removed: the next who wants it need not wait.</summary>
    public void Dispose()
    {
        if (End())
            TryWrite(ReleasedFile, "");
        beat.Dispose();
        lost.Dispose();
    }

    private static FolderClaim? TryTake(string folder, Func<ClaimState, bool> isSilent, TimeSpan interval)
    {
        var newest = Newest(folder);
        if (newest is { } number && (StateOf(folder, number) is not { } state || !state.IsOver && !isSilent(state)))
            return null;
        var (next, holder) = ((newest ?? -1) + 1, ClaimHolder.Now());
        var (aside, place) = (Path.Combine(folder, Name(next) + "." + holder.Id.ToString("N") + Unfinished), Path.Combine(folder, Name(next)));
        Directory.CreateDirectory(aside);
        Held[holder.Id] = true;
        try
        {
            File.WriteAllText(Path.Combine(aside, HolderFile), holder.ToJson());
            Directory.Move(aside, place);
            return new FolderClaim(folder, next, holder.Id, interval);
        }
        catch (IOException error) when (error is DirectoryNotFoundException || Directory.Exists(place))
        {
            // another was first, or is done and has removed all claims
            Held.TryRemove(holder.Id, out _);
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
            return null;
        }
    }

    private static string Name(int number) => Prefix + number.ToString(CultureInfo.InvariantCulture);

    private static int? Newest(string folder) =>
        Directory.Exists(folder) ? Directory.GetDirectories(folder, Prefix + "*").Select(NumberOf).Max() : null;

    private static int? NumberOf(string claim) =>
        int.TryParse(Path.GetFileName(claim).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // each is renamed away first, so that no other sees the half of one; what processes that were killed left aside goes too
    private static void RemoveUpTo(string folder, int last)
    {
        try
        {
            foreach (var claim in Directory.GetDirectories(folder, Prefix + "*").Where(claim => NumberOf(claim) is not { } number || number <= last))
            {
                var aside = NumberOf(claim) is null ? claim : claim + "." + Guid.NewGuid().ToString("N") + Unfinished;
                if (aside != claim)
                    Directory.Move(claim, aside);
                Directory.Delete(aside, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // another is at it too; what stays does no harm
        }
    }

    // null where it can't be known just now, as where it has gone since the folder was listed: that is to be done anew
    private static ClaimState? StateOf(string folder, int number)
    {
        var claim = Path.Combine(folder, Name(number));
        try
        {
            var holder = ClaimHolder.OfJson(File.ReadAllText(Path.Combine(claim, HolderFile)));
            var path = Path.Combine(claim, StatusFile);
            return new(number, holder, File.Exists(path) ? File.ReadAllText(path) : "", File.Exists(Path.Combine(claim, ReleasedFile)));
        }
        catch (FileNotFoundException) when (Directory.Exists(claim))
        {
            return new(number, null, "", IsReleased: false);   // not of this class's making: nothing will be heard of it
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void SendHeartbeat()
    {
        lock (writing)
        {
            if (isOver)
                return;
            try
            {
                if (Newest(folder) != number)
                    lost.Cancel();
                else
                    TryWrite(StatusFile, string.Create(CultureInfo.InvariantCulture, $"{++beats}\n{status}"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // a disk that is away for a while: the next sign tells
            }
        }
    }

    // whether it was held until now
    private bool End()
    {
        lock (writing)
        {
            var was = !isOver;
            isOver = true;
            Held.TryRemove(id, out _);
            return was;
        }
    }

    private void TryWrite(string file, string text)
    {
        try
        {
            WholeFile.WriteText(Path.Combine(folder, Name(number), file), text);
        }
        catch (MedTransferException)
        {
            // who waits finds out by silence
        }
    }

    private sealed record ClaimState(int Number, ClaimHolder? Holder, string Status, bool IsReleased)
    {
        /// <summary>Whether nobody holds it, as far as can be known at once.</summary>
        public bool IsOver => IsReleased || Holder is { IsOfThisPlace: true } && !IsHeldHere(Holder);

        private static bool IsHeldHere(ClaimHolder holder) =>
            holder.IsAlive && (holder.Process != Environment.ProcessId || Held.ContainsKey(holder.Id));
    }

    private sealed class LastHeard
    {
        private readonly Stopwatch sinceLook = Stopwatch.StartNew();
        private TimeSpan silent;
        private ClaimState? last;

        public bool IsSilentFor(TimeSpan timeout, ClaimState state)
        {
            silent = state == last ? silent + (sinceLook.Elapsed < MostBetweenLooks ? sinceLook.Elapsed : MostBetweenLooks) : TimeSpan.Zero;
            last = state;
            sinceLook.Restart();
            return state.Holder is not { IsOfThisPlace: true } && silent >= timeout;
        }
    }
}
