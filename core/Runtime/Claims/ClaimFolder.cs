using System.Globalization;

namespace MedTransfer.Runtime.Claims;

/// <summary>
/// The claims to a folder, as they lie in it: each a folder <c>claim-N</c> with <c>holder.json</c>, who has it, <c>status</c>, its last sign of life, and, once it was let go, <c>released</c>.
/// </summary>
/// <param name="path">The folder.</param>
internal sealed class ClaimFolder(string path)
{
    private const string Prefix = "claim-", Unfinished = ".part", HolderFile = "holder.json", StatusFile = "status", ReleasedFile = "released";

    // what is said of a place that is taken: where the framework looked first (COR_E_IO), or by the system's number (EEXIST, ENOTEMPTY on Linux and on macOS)
    private static readonly int[] Taken = [unchecked((int)0x80131620), 17, 39, 66];

    // longer than anybody takes from making a claim to renaming it
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    /// <summary>The number of the newest claim; null where there is none.</summary>
    public int? Newest()
    {
        try
        {
            return Numbers().Cast<int?>().Max();
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What a claim says; null where that can't be known just now, as where it has gone since the folder was listed.</summary>
    public ClaimState? StateOf(int number)
    {
        var claim = PlaceOf(number);
        try
        {
            var holder = ClaimHolder.OfJson(File.ReadAllText(Path.Combine(claim, HolderFile)));
            var status = Path.Combine(claim, StatusFile);
            return new(number, holder, File.Exists(status) ? File.ReadAllText(status) : "", File.Exists(Path.Combine(claim, ReleasedFile)));
        }
        catch (FileNotFoundException) when (Directory.Exists(claim))
        {
            return new(number, null, "", IsReleased: false);   // nothing will be heard of it
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a claim is that holder's.</summary>
    /// <exception cref="IOException">That can't be known just now.</exception>
    public bool IsOf(int number, Guid holder)
    {
        try
        {
            return ClaimHolder.OfJson(File.ReadAllText(Path.Combine(PlaceOf(number), HolderFile)))?.Id == holder;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Whether a holder has lost its claim, to another or with the folder's claims; not where that can't be known just now, as where a disk is away.</summary>
    public bool IsLost(int number, Guid holder)
    {
        try
        {
            return Directory.Exists(path) && (Newest() != number || !IsOf(number, holder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Makes a claim aside and renames it into its place, which one alone can do.</summary>
    /// <returns>Whether it is there.</returns>
    /// <exception cref="IOException">No claim can be made there; so <see cref="UnauthorizedAccessException"/>.</exception>
    public bool TryPlace(int number, ClaimHolder holder)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (IOException error) when (Taken.Contains(error.HResult) && !File.Exists(path))
        {
            return false;   // it was there, and another removed it just then
        }

        var aside = $"{PlaceOf(number)}.{holder.Id:N}{Unfinished}";
        try
        {
            Directory.CreateDirectory(aside);
            File.WriteAllText(Path.Combine(aside, HolderFile), holder.ToJson());
            Directory.Move(aside, PlaceOf(number));
            return true;
        }
        catch (IOException error) when (error is DirectoryNotFoundException or FileNotFoundException || Taken.Contains(error.HResult))
        {
            // another was first, or has removed the folder
            TryDelete(aside);
            return false;
        }
    }

    /// <summary>Writes a sign of life; who waits finds out by silence where that fails.</summary>
    public void TryReport(int number, string status) => TryWrite(number, StatusFile, status);

    /// <summary>Notes that a claim was let go.</summary>
    public void TryRelease(int number) => TryWrite(number, ReleasedFile, "");

    /// <summary>Removes a claim: it is renamed away first, so that nobody sees the half of it.</summary>
    /// <returns>Whether it is gone.</returns>
    public bool TryRemove(int number)
    {
        var aside = $"{PlaceOf(number)}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            Directory.Move(PlaceOf(number), aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return !Directory.Exists(PlaceOf(number));
        }

        TryDelete(aside);
        return true;
    }

    /// <summary>Removes claims below a number, the oldest first, and what processes that were killed left aside long ago.</summary>
    public void TryRemoveBelow(int number)
    {
        try
        {
            foreach (var older in Numbers().Where(other => other < number).Order())
                TryRemove(older);
            foreach (var aside in Directory.GetDirectories(path, $"{Prefix}*{Unfinished}").Where(aside => DateTime.UtcNow - Directory.GetLastWriteTimeUtc(aside) > Abandoned))
                TryDelete(aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // what stays does no harm
        }
    }

    /// <summary>Removes the folder where nothing is in it.</summary>
    public void TryRemoveItself()
    {
        try
        {
            Directory.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // another has a claim to it already
        }
    }

    private IEnumerable<int> Numbers() => Directory.GetDirectories(path, Prefix + "*")
        .Select(claim => int.TryParse(Path.GetFileName(claim).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
        .Where(number => number >= 0);

    private string PlaceOf(int number) => Path.Combine(path, Prefix + number.ToString(CultureInfo.InvariantCulture));

    private void TryWrite(int number, string file, string text)
    {
        try
        {
            WholeFile.WriteText(Path.Combine(PlaceOf(number), file), text);
        }
        catch (MedTransferException)
        {
            // its holder can do nothing about it
        }
    }

    private static void TryDelete(string aside)
    {
        try
        {
            Directory.Delete(aside, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // it is not there, or goes with what was left aside long ago
        }
    }
}

/// <summary>What a claim says of its holder.</summary>
/// <param name="Number">The claim's.</param>
/// <param name="Holder">Null where none is named.</param>
/// <param name="Status">Its last sign of life; empty before the first.</param>
/// <param name="IsReleased">Whether it was let go.</param>
internal sealed record ClaimState(int Number, ClaimHolder? Holder, string Status, bool IsReleased)
{
    /// <summary>Whether nobody holds it, as far as can be known at once.</summary>
    public bool IsOver => IsReleased || Holder is { IsOfThisPlace: true, IsAlive: false };
}
