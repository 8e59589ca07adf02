using MedTransfer.Data;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials;

[Collection(OneAtATime.Name)]
public sealed class SharedEmbeddingsTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void Trials_on_the_same_features_share_their_embeddings()
    {
        var frozen = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(data.Trial.AsOrigin) }, "frozen");
        var regression = new Trial(frozen.Spec with { Fit = new() { Solver = Solver.LogisticRegression } }, "frozen, logistic regression");

        data.Run(data.Trial, frozen);
        var files = Files();
        data.Run(regression, new Trial(frozen.Spec with { Seed = 7 }, "other head"));

        Assert.Equal(3, files.Count);   // train, validation and test
        Assert.Equal(files, Files());
    }

    [Fact]
    public void Results_are_the_same_bits_with_embeddings_of_others_as_without()
    {
        var frozen = new Trial(data.Spec with { Transfer = TransferPlan.FineTuned(data.Trial.AsOrigin).FrozenTo(2, new()), Seed = 2 }, "frozen to conv2");
        var first = data.Run(data.Trial, frozen)[1];
        var bits = SquaresTrials.Artefacts(first.Folder.FullPath);
        Directory.Delete(first.Folder.FullPath, recursive: true);

        var again = data.Run(frozen)[0];

        Assert.NotEmpty(Files());
        Assert.Equal(bits, SquaresTrials.Artefacts(again.Folder.FullPath));
    }

    [Fact]
    public void Limit_is_kept_and_what_made_room_is_said()
    {
        var told = new List<string>();
        using var runner = new TrialRunner(data.Runs, [data.Source])
        {
            Notice = told.Add,
            Embeddings = new(Path.Combine(data.Runs, "embeddings")) { Limit = 1600 },   // one file of training images, and near the limit with it
        };

        runner.Run([data.Trial, new Trial(data.Spec with { Transfer = TransferPlan.RandomFeatures }, "random features")], cancellation: TestContext.Current.CancellationToken);

        Assert.True(Files().Count < 3, $"{Files().Count} files");
        Assert.Matches(@"^Embeddings in \d files? \(less than 1 MiB\) made room below .*embeddings, which holds less than 1 MiB at most", Assert.Single(told));
    }

    // the same plan with the layers passed in every batch: other batches, so that the last bits may differ
    [Fact]
    public void Frozen_to_a_depth_ends_as_through_all_layers()
    {
        var spec = data.Spec with { Transfer = TransferPlan.FineTuned(data.Trial.AsOrigin).FrozenTo(2, new()), Model = data.Spec.Model with { Dropout = 0.3 } };
        var through = spec with { Fit = spec.Fit with { ThroughFrozenLayers = true } };

        var results = data.Run(data.Trial, new Trial(spec, "once"), new Trial(through, "through"));

        Assert.Equal(results[2].Metrics.Validation!.Loss, results[1].Metrics.Validation!.Loss, 1e-5);
        var (once, anew) = (results[1].Predictions(SplitName.Test).Probabilities, results[2].Predictions(SplitName.Test).Probabilities);
        Assert.All(once.Cast<float>().Zip(anew.Cast<float>()), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    private List<string> Files()
    {
        var folder = Path.Combine(data.Runs, "embeddings");
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)] : [];
    }
}
