using MedTransfer.Tests.Training;
using MedTransfer.Trials;
using MedTransfer.Trials.Execution;
using MedTransfer.Transfer;

namespace MedTransfer.Tests.Trials;

[Collection(OneAtATime.Name)]
public sealed class ExecutorTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void Whoever_runs_jobs_from_what_is_in_them_can_be_an_executor()
    {
        var child = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(data.Trial.AsOrigin) }, "frozen");
        var elsewhere = new Elsewhere(data.Runs);
        using var runner = new TrialRunner(data.Runs, [data.Source]) { Workers = 3, Executor = _ => elsewhere };

        var results = runner.Run([child, data.Trial], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(["scratch", "frozen"], elsewhere.Labels);
        Assert.Equal(["cpu"], elsewhere.Devices);
        Assert.True(elsewhere.IsDisposed);
        Assert.All(results, result => Assert.NotEmpty(result.History));
    }

    /// <summary>Runs jobs as another machine would: from their JSON, data found again by path and digest.</summary>
    private sealed class Elsewhere(string runs) : IExecutor
    {
        public List<string> Labels { get; } = [];

        public bool IsDisposed { get; private set; }

        public void Require(IReadOnlyCollection<string> devices) => Devices = devices;

        public IReadOnlyCollection<string> Devices { get; private set; } = [];

        public void Run(TrialSchedule schedule, Func<Trial, Job> job, CancellationToken cancellation)
        {
            while (schedule.TakeNext() is { } trial)
            {
                var sent = JobLine.Read(JobLine.Of(job(trial)));
                using var kept = new KeptDatasets(runs);
                new TrialRun(runs, kept.Of(sent)).Execute(new Trial(sent.Spec, sent.Label), epoch => schedule.Trained(trial, epoch), cancellation);
                Labels.Add(sent.Label);
                schedule.Done(trial);
            }
        }

        public void Dispose() => IsDisposed = true;
    }
}
