using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MedTransfer.Data.Formats;
using MedTransfer.Runtime;
using MedTransfer.Runtime.Claims;

namespace MedTransfer.Trials;

/// <summary>
/// Counts every scoring of a test split in a file beside the trials, <c>test-ledger.csv</c>, one row a scoring: folders of trials can be deleted,
/// but not that somebody has looked.
/// </summary>
/// <remarks>
/// A scoring is known again by its trial and by the time at which that was done: reading a trial again is none, and what a process did not come to
/// count, the next that reads the trial does. The file is replaced as a whole under a claim, so that any number of processes may count at once and be
/// killed meanwhile. What others have left in it, a line that was cut off for one, stays and is skipped.
/// </remarks>
/// <param name="runs">The folder that holds the trials' folders.</param>
public sealed partial class TestLedger(string runs)
{
    private const string Header = "scored,recipe,test,configuration,trial", Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Where it is, once there is a scoring.</summary>
    public string FullPath { get; } = Followed(Path.GetFullPath(Path.Combine(runs, "test-ledger.csv")));

    private string Claims => Path.ChangeExtension(FullPath, "claims");

    /// <summary>What is known of the test split whose images have that digest.</summary>
    /// <exception cref="MedTransferException">The file can't be read.</exception>
    public TestUse Of(string test)
    {
        var (scorings, unreadable) = Parse(Read());
        return new([.. scorings.Where(scoring => scoring.Test == test).DistinctBy(scoring => KeyOf(scoring.Trial, scoring.Scored))], unreadable);
    }

    /// <summary>Those of the results whose scoring has no row, in their order.</summary>
    internal IReadOnlyList<TrialResult> Uncounted(IEnumerable<TrialResult> results)
    {
        var counted = KeysOf(Parse(Read()).Scorings);
        return [.. results.Where(result => !counted.Contains(KeyOf(result.Trial.Name, result.Environment.Finished)))];
    }

    /// <summary>Counts scorings, but for those that have a row.</summary>
    /// <param name="scorings">Recipes without commas, quotes and line breaks.</param>
    /// <exception cref="MedTransferException">The file can't be read or written; it is as it was.</exception>
    public void Add(IReadOnlyList<TestScoring> scorings, CancellationToken cancellation = default)
    {
        MedTransferException Refused(Exception error) => new($"{Claims} can't be made: {FileErrors.Reason(error)}", error);
        var isAdded = false;
        while (!isAdded)
        {
            using var alone = FolderClaim.Take(Claims, Refused, cancellation);
            isAdded = TryAdd(scorings, alone);
        }
    }

    // not where this process was held up for so long that another has written meanwhile
    private bool TryAdd(IReadOnlyList<TestScoring> scorings, FolderClaim alone)
    {
        var before = Read();
        var counted = KeysOf(Parse(before).Scorings);
        var rows = scorings.Where(scoring => counted.Add(KeyOf(scoring.Trial, scoring.Scored))).Select(RowOf).ToList();
        if (rows.Count == 0)
            return true;
        if (alone.IsLost)
            return false;
        var lines = before.Length == 0 ? rows.Prepend(Header) : before[^1] == '\n' ? rows : rows.Prepend("");   // never on a line that was cut off
        WholeFile.Write(FullPath, stream =>
        {
            stream.Write(before);
            stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        });
        return true;
    }

    // a link stays one, and what it leads to grows
    private static string Followed(string path) => new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;

    private byte[] Read()
    {
        try
        {
            // who replaces it need not wait
            using var file = new FileStream(FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var all = new MemoryStream();
            file.CopyTo(all);
            return all.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"{FullPath} can't be read: {FileErrors.Reason(e)}", e);
        }
    }

    private static (List<TestScoring> Scorings, int Unreadable) Parse(byte[] bytes)
    {
        var (scorings, unreadable) = (new List<TestScoring>(), 0);
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0 && line != Header))
        {
            if (Row().Match(line).Groups is [{ Success: true }, var when, var recipe, var test, var configuration, var trial]
                && DateTimeOffset.TryParseExact(when.ValueSpan, Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var scored))
            {
                scorings.Add(new(scored, recipe.Value, test.Value, configuration.Value, trial.Value));
            }
            else
            {
                unreadable++;
            }
        }

        return (scorings, unreadable);
    }

    [GeneratedRegex("^([^,]+),([^,\"]*),([0-9a-f]{32}),([0-9a-f]{16}),([0-9a-f]{16})$")]
    private static partial Regex Row();

    private static string RowOf(TestScoring scoring) =>
        string.Join(',', TextOf(scoring.Scored), scoring.Recipe, scoring.Test, scoring.Configuration, scoring.Trial);

    private static HashSet<(string, string)> KeysOf(IEnumerable<TestScoring> scorings) => [.. scorings.Select(scoring => KeyOf(scoring.Trial, scoring.Scored))];

    private static (string Trial, string Scored) KeyOf(string trial, DateTimeOffset scored) => (trial, TextOf(scored));

    private static string TextOf(DateTimeOffset time) => time.ToUniversalTime().ToString(Time, CultureInfo.InvariantCulture);
}

/// <summary>A scoring of a test split.</summary>
/// <param name="Scored">When its trial was done, to the millisecond.</param>
/// <param name="Recipe">Who counted it; empty for nobody in particular.</param>
/// <param name="Test">Digest of the test images.</param>
/// <param name="Configuration">What was done, whatever the seeds: 16 hexadecimal digits.</param>
/// <param name="Trial">Its name.</param>
public sealed record TestScoring(DateTimeOffset Scored, string Recipe, string Test, string Configuration, string Trial);

/// <summary>What is known of the use of a test split.</summary>
/// <param name="Scorings">In the order in which they were counted.</param>
/// <param name="UnreadableLines">Of the whole file: there may be scorings of this split among them.</param>
public sealed record TestUse(IReadOnlyList<TestScoring> Scorings, int UnreadableLines)
{
    /// <summary>How many there were, seeds counted as one.</summary>
    public int Configurations => Scorings.Select(scoring => scoring.Configuration).Distinct().Count();

    /// <summary>When it was scored first; null where it never was.</summary>
    public DateTimeOffset? Since => Scorings.Min(scoring => (DateTimeOffset?)scoring.Scored);

    /// <summary>Who counted them, in alphabetical order, the empty name first.</summary>
    public IReadOnlyList<string> Recipes => [.. Scorings.Select(scoring => scoring.Recipe).Distinct().Order(StringComparer.Ordinal)];
}
