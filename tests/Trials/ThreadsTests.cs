using System.Diagnostics.Tracing;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Trials;
using MedTransfer.Trials.Execution;
using TorchSharp;

namespace MedTransfer.Tests.Trials;

/// <summary>Trials run side by side: each keeps to the threads of its spec.</summary>
[Collection(OneAtATime.Name)]
public sealed class ThreadsTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose()
    {
        data.Dispose();
        ComputeDevice.Open("cpu");   // as the other tests of the collection have it
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Threads_of_the_spec_reach_the_training(int threads)
    {
        ComputeDevice.Open("cpu", 3);
        var told = new List<int>();
        using var runner = data.Runner();

        var result = runner.Run(
            [new Trial(data.Spec with { Threads = threads }, "")],
            progress =>
            {
                if (progress.Epoch is not null)
                    told.Add(torch.get_num_threads());
            },
            TestContext.Current.CancellationToken)[0];

        Assert.Equal([threads, threads], told);
        Assert.Equal(threads, result.Environment.Threads);
    }

    // more test images than are compared at a time, and a set that is drawn: both are shared out where there are threads to share
    [Fact]
    public void Trial_in_a_worker_starts_no_threads_of_its_own()
    {
        NpzWriter.Write(data["many.npz"],
        [
            new("train_images", Squares.Pixels(20)), new("train_labels", Squares.Labels(20)),
            new("val_images", Squares.Pixels(10)), new("val_labels", Squares.Labels(10)),
            new("test_images", Squares.Pixels(300)), new("test_labels", Squares.Labels(300)),
        ]);
        var model = new ModelOptions { Latent = 8 };
        using var kept = new KeptDatasets(data.Runs);
        var loops = new ParallelLoops();

        foreach (var reference in new[] { data["many.npz"], "phantom-pneumonia" })
        {
            var source = DatasetSource.Find(reference, new DataFolders([]));
            var images = new DataReference { Path = source.Path, Digest = source.Md5, TrainImages = 16 };
            var spec = data.Spec with { Data = images, Model = model, Objective = Objective.Reconstruction, Fit = new() { Epochs = 1, BatchSize = 16 } };
            var job = new Job(spec, reference, [source.Place]);
            new TrialRun(data.Runs, kept.Of(job)).Execute(new Trial(spec, reference), _ => { }, TestContext.Current.CancellationToken);
        }

        loops.Dispose();
        Assert.Equal(0, loops.Count);
    }

    [Fact]
    public void Loops_that_start_threads_are_counted()
    {
        using var loops = new ParallelLoops();

        Parallel.For(0, 4, _ => { });

        Assert.Equal(1, loops.Count);
    }

    /// <summary>Counts the parallel loops that the thread that made it begins.</summary>
    private sealed class ParallelLoops : EventListener
    {
        private readonly int thread = Environment.CurrentManagedThreadId;

        public int Count { get; private set; }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "System.Threading.Tasks.Parallel.EventSource")
                EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName == "ParallelLoopBegin" && Environment.CurrentManagedThreadId == thread)
                Count++;
        }
    }
}
