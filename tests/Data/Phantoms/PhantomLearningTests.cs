using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Data.Phantoms;

[Collection(OneAtATime.Name)]
public sealed class PhantomLearningTests : IDisposable
{
    private readonly TemporaryFolder runs = new();

    public void Dispose() => runs.Dispose();

    [Fact]
    public void Small_network_learns_what_pixels_alone_do_not_tell()
    {
        var source = DatasetSource.Find("phantom-pneumonia", new DataFolders([]));
        var data = new DataReference { Path = source.Path, Digest = source.Md5, TrainImages = 1000 };
        var network = new Trial(new TrialSpec { Data = data, Fit = new FitOptions { Epochs = 12 } }, "network");
        var pixels = new Trial(
            new TrialSpec
            {
                Data = data,
                Model = new ModelOptions { Architecture = Architecture.PixelRegression },
                Transfer = TransferPlan.RandomFeatures,
                Fit = new FitOptions { Solver = Solver.LogisticRegression },
            },
            "pixels");

        using var runner = new TrialRunner(runs.Path, [source]);
        var results = runner.Run([network, pixels], cancellation: TestContext.Current.CancellationToken);

        // Measured: 0.933 and 0.907; the labels hide one pneumonia in seven from everyone.
        Assert.InRange(results[0].Metrics.Scores(SplitName.Test).RocAuc!.Value, 0.88, 0.98);
        Assert.InRange(results[1].Metrics.Scores(SplitName.Test).RocAuc!.Value, 0.75, results[0].Metrics.Scores(SplitName.Test).RocAuc!.Value);
    }
}
