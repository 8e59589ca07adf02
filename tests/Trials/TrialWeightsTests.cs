using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials;

[Collection(OneAtATime.Name)]
public sealed class TrialWeightsTests : IDisposable
{
    private static readonly ModelOptions Network = new() { Architecture = Architecture.ResNet18, Blocks = new(1, 1, 1, 1), Input = new() { ImageSize = 28 } };

    private readonly SquaresTrials data = new();
    private readonly Trial random, other;

    public TrialWeightsTests()
    {
        random = new(data.Spec with { Model = Network, Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression } }, "random features");
        other = new(random.Spec with { Fit = random.Spec.Fit with { InversePenalty = 0.1 } }, "other penalty");
    }

    private string Shared => Path.Combine(data.Runs, "weights");

    public void Dispose() => data.Dispose();

    [Fact]
    public void What_stayed_lies_once_beside_the_trials_where_it_is_much()
    {
        var results = data.Run(random, other);

        Assert.All(results, result => Assert.Equal(["head.bias", "head.weight"], Safetensors.Read(result.Folder.WeightsPath).Tensors.Keys.Order()));
        using var model = Classifier.Create(Network, Squares.Info, random.Spec.Seed);
        var own = model.state_dict();
        var shared = Safetensors.Read(Assert.Single(Directory.GetFiles(Shared))).Tensors;
        Assert.Equal(own.Keys.Except(["head.bias", "head.weight"]).Order(), shared.Keys.Order());
        Assert.All(shared, weight => Assert.Equal(own[weight.Key].ToStored().Data.ToArray(), weight.Value.Data.ToArray()));
        Assert.Equal(own.Keys.Order(), results[0].Folder.ReadWeights().Keys.Order());
    }

    [Fact]
    public void Small_features_stay_in_the_trial_s_own_file()
    {
        var result = data.Run(new Trial(random.Spec with { Model = data.Spec.Model }, "small"))[0];

        Assert.Contains("features.conv1.weight", Safetensors.Read(result.Folder.WeightsPath).Tensors.Keys);
        Assert.False(Directory.Exists(Shared));
    }

    [Fact]
    public void Trials_go_on_from_weights_that_are_shared()
    {
        var child = new Trial(random.Spec with { Transfer = TransferPlan.Frozen(random.AsOrigin) }, "child");

        var results = data.Run(random, child);

        Assert.Empty(results[1].Metrics.NotTransferred);
        Assert.Equal(results[0].Metrics.Test.Loss, results[1].Metrics.Test.Loss);
        Assert.Single(Directory.GetFiles(Shared));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Shared_weights_that_are_gone_or_changed_are_said(bool gone)
    {
        var result = data.Run(random)[0];
        var file = Assert.Single(Directory.GetFiles(Shared));
        if (gone)
        {
            File.Delete(file);
        }
        else
        {
            var bytes = File.ReadAllBytes(file);
            bytes[^1] ^= 1;
            File.WriteAllBytes(file, bytes);
        }

        var said = Assert.Throws<MedTransferException>(() => result.Folder.ReadWeights()).Message;

        Directory.Delete(result.Folder.FullPath, recursive: true);
        Assert.Equal(74, data.Run(random)[0].Folder.ReadWeights().Count);   // as it says

        Assert.StartsWith($"The trial in {result.Folder.FullPath} is damaged, delete that folder and run again: ", said, StringComparison.Ordinal);
        Assert.Contains(gone ? $"There is no file {file}" : $"{file}, which it shares with others, was changed since it was written", said, StringComparison.Ordinal);
    }
}
