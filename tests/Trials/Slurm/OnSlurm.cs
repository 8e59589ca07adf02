using System.Text.Json;
using MedTransfer.Tests.Training;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;
using MedTransfer.Trials.Execution.Slurm;

namespace MedTransfer.Tests.Trials.Slurm;

/// <summary>Small trials on the cluster that tests start, see <see cref="SlurmCluster"/>, with what they need to look into what became of them.</summary>
[Collection(OneAtATime.Name)]
public abstract class OnSlurm(SlurmCluster cluster) : IDisposable
{
    private static readonly WatchIntervals Often = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(3));

    protected SlurmCluster Cluster => cluster;

    private protected SquaresTrials Data { get; } = new();

    /// <summary>What became of trials, as it was told.</summary>
    protected List<TrialProgress> Told { get; } = [];

    /// <summary>What was said besides.</summary>
    protected List<string> Notices { get; } = [];

    protected static CancellationToken Unstopped => TestContext.Current.CancellationToken;

    protected Trial Endless => new(Data.Spec with { Fit = new() { Epochs = 1_000_000 } }, "endless");

    /// <summary>Takes seconds, so that it can be stopped on the way.</summary>
    protected Trial Lengthy => new(Data.Spec with { Fit = new() { Epochs = 150 } }, "long");

    protected string Jobs => Data["jobs"];

    /// <summary>The folders of all submissions, named after their times.</summary>
    protected IReadOnlyList<string> Submissions => [.. Directory.GetDirectories(Jobs, "2*")];

    /// <summary>The folder of the one submission.</summary>
    protected string Submission => Assert.Single(Submissions);

    /// <summary>The arrays of all submissions, and their tasks.</summary>
    protected (int Arrays, int Tasks) Submitted
    {
        get
        {
            List<SubmittedArray> arrays = [.. SubmissionFolder.All(Jobs).SelectMany(folder => folder.ReadSubmitted().Arrays)];
            return (arrays.Count, arrays.Sum(array => array.Tasks));
        }
    }

    public void Dispose()
    {
        SlurmCommands.Cancel([.. SubmissionFolder.All(Jobs).SelectMany(folder => folder.ReadSubmitted().Jobs)]);
        Data.Dispose();
        GC.SuppressFinalize(this);
    }

    protected PageCommand Page(string script, string makes = "page") => new(Data["."], ["/bin/sh", "-c", script], Data[makes]);

    protected IReadOnlyList<TrialResult> Run(
        IReadOnlyList<Trial> trials, SlurmOptions? options = null, Action<TrialProgress>? told = null, PageCommand? detached = null, bool clear = false, CancellationToken? cancellation = null, string? jobs = null)
    {
        if (clear)
            Directory.Delete(Jobs, recursive: true);
        using var runner = new TrialRunner(Data.Runs, [Data.Source])
        {
            Workers = 4,
            Executor = _ => new SlurmExecutor(Data.Runs, jobs ?? Jobs, options ?? new()) { Intervals = Often, Notice = Notices.Add, Detaches = detached is not null, Page = detached },
        };
        return runner.Run(trials, progress =>
        {
            lock (Told)
                Told.Add(progress);
            told?.Invoke(progress);
        }, cancellation ?? Unstopped);
    }

    protected static Action<TrialProgress> Once(TrialStage stage, Action action)
    {
        var isOver = false;
        return progress =>
        {
            if (progress.Stage != stage || isOver)
                return;
            isOver = true;
            action();
        };
    }

    protected int HolderOf(Trial trial)
    {
        var claim = Assert.Single(Directory.GetDirectories(new TrialFolder(Data.Runs, trial.Name).FullPath, "claim-*"));
        using var holder = JsonDocument.Parse(File.ReadAllText(Path.Combine(claim, "holder.json")));
        return holder.RootElement.GetProperty("Process").GetInt32();
    }

    protected string Logs() => string.Concat(Submissions.SelectMany(folder => Directory.GetFiles(Path.Combine(folder, "logs"))).Select(File.ReadAllText));
}
