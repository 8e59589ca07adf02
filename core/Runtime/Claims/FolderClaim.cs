using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace MedTransfer.Runtime.Claims;

/// <summary>
/// Held by the one process, among all on any machine that see a folder, that makes what belongs there. It asks for no lock of the file system, which shared ones (NFS) keep badly or not at all: a claim is
/// a folder <c>claim-N</c> that is renamed into place, which only one can do. Who takes over from a holder that is gone takes the next number, so that nobody ever removes a claim that another has just taken.
/// <para>
/// A holder on the same machine is gone when its process is. One on another machine gives a sign of life every <see cref="Beat"/>, and is taken for gone when nothing was heard of it for <see cref="Patience"/>, by the watch
/// of whoever waits: clocks of machines are not compared. One that was only held up learns from <see cref="Lost"/> that another has its place.
/// </para>
/// </summary>
/// <remarks>Claims may be removed only once what they guard is there: whoever takes one looks first whether there is anything left to do.</remarks>
internal sealed class FolderClaim : IDisposable
{
    /// <summary>From one sign of life to the next.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    /// <summary>Without a sign of life for so long a holder elsewhere is gone: three times what NFS keeps of a file's state by default.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private const string Prefix = "claim-", Unfinished = ".part", HolderFile = "holder.json", ReleasedFile = "released", WordsFile = "words";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100), LongPoll = TimeSpan.FromSeconds(2);

    // those of this process: one that it let go without a word, as a test might, is nobody's
    private static readonly ConcurrentDictionary<Guid, bool> Held = new();

    private readonly string folder;
    private readonly int number;
    private readonly Guid id;
    private readonly CancellationTokenSource lost = new();
    private readonly Timer beat;
    private readonly Lock writing = new();
    private string words = "";
    private long beats;
    private bool isOver;

    private FolderClaim(string folder, int number, Guid id, TimeSpan interval)
    {
        (this.folder, this.number, this.id) = (folder, number, id);
        Lost = lost.Token;
        beat = new Timer(_ => GiveSign(), null, interval, interval);
    }

    /// <summary>Cancelled when another has taken the claim over: what is done from then on is done twice.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Waits until nobody else holds the folder.</summary>
    /// <param name="folder">A folder that exists.</param>
    /// <param name="refused">What to say where no claim can be made in it.</param>
    /// <param name="patience">How long a holder elsewhere may be silent; null for <see cref="Patience"/>.</param>
    /// <param name="interval">From one sign of life of this one to the next; null for <see cref="Beat"/>.</param>
    public static FolderClaim Take(string folder, Func<Exception, MedTransferException> refused, CancellationToken cancellation, TimeSpan? patience = null, TimeSpan? interval = null)
    {
        var (waited, heard) = (Stopwatch.StartNew(), new LastHeard());
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (TryTake(folder, state => heard.IsSilentFor(patience ?? Patience, state), interval ?? Beat) is { } taken)
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
    public static string? WordsOf(string folder) =>
        Newest(folder) is { } newest && StateOf(folder, newest) is { IsOver: false } state ? state.Words[(state.Words.IndexOf('\n', StringComparison.Ordinal) + 1)..] : null;

    /// <summary>Removes every claim to a folder; only once what they guard is there.</summary>
    public static void RemoveAll(string folder)
    {
        try
        {
            foreach (var claim in Directory.GetDirectories(folder, Prefix + "*"))
                Directory.Delete(claim, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // another is at it too; what stays does no harm
        }
    }

    /// <summary>What the next sign of life says, one line or more.</summary>
    public void Say(string text) => words = text;

    /// <summary>Gives the claim up with all that there were; only once what it guards is there.</summary>
    public void Remove()
    {
        End();
        RemoveAll(folder);
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
        if (newest is { } number && StateOf(folder, number) is { IsOver: false } state && !isSilent(state))
            return null;
        var (next, holder) = ((newest ?? -1) + 1, ClaimHolder.Now());
        var aside = Path.Combine(folder, Name(next) + "." + holder.Id.ToString("N") + Unfinished);
        Directory.CreateDirectory(aside);
        File.WriteAllText(Path.Combine(aside, HolderFile), holder.ToJson());
        Held[holder.Id] = true;
        try
        {
            Directory.Move(aside, Path.Combine(folder, Name(next)));
            return new FolderClaim(folder, next, holder.Id, interval);
        }
        catch (IOException) when (Directory.Exists(Path.Combine(folder, Name(next))) || !Directory.Exists(aside))
        {
            // another was first, or is done and has removed all claims
            Held.TryRemove(holder.Id, out _);
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
            return null;
        }
    }

    private static string Name(int number) => Prefix + number.ToString(CultureInfo.InvariantCulture);

    private static int? Newest(string folder)
    {
        if (!Directory.Exists(folder))
            return null;
        var numbers = Directory.GetDirectories(folder, Prefix + "*")
            .Select(claim => int.TryParse(Path.GetFileName(claim).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .Where(number => number >= 0).ToList();
        return numbers.Count == 0 ? null : numbers.Max();
    }

    // one that goes away while it is looked at is over
    private static ClaimState StateOf(string folder, int number)
    {
        var claim = Path.Combine(folder, Name(number));
        try
        {
            var holder = ClaimHolder.OfJson(File.ReadAllText(Path.Combine(claim, HolderFile)));
            var path = Path.Combine(claim, WordsFile);
            return new(number, holder, File.Exists(path) ? File.ReadAllText(path) : "", File.Exists(Path.Combine(claim, ReleasedFile)));
        }
        catch (IOException)
        {
            return new(number, null, "", IsReleased: true);
        }
    }

    private void GiveSign()
    {
        lock (writing)
        {
            if (isOver)
                return;
            try
            {
                if (Newest(folder) > number)
                    lost.Cancel();
                else
                    TryWrite(WordsFile, string.Create(CultureInfo.InvariantCulture, $"{++beats}\n{words}"));
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

    private sealed record ClaimState(int Number, ClaimHolder? Holder, string Words, bool IsReleased)
    {
        /// <summary>Whether nobody holds it, as far as can be known at once.</summary>
        public bool IsOver => IsReleased || Holder is { IsOfThisPlace: true } && !IsHeldHere(Holder);

        private static bool IsHeldHere(ClaimHolder holder) =>
            holder.IsAlive && (holder.Process != Environment.ProcessId || Held.ContainsKey(holder.Id));
    }

    private sealed class LastHeard
    {
        private readonly Stopwatch since = new();
        private ClaimState? last;

        public bool IsSilentFor(TimeSpan patience, ClaimState state)
        {
            if (state != last)
            {
                last = state;
                since.Restart();
            }

            return state.Holder is not { IsOfThisPlace: true } && since.Elapsed >= patience;
        }
    }
}
