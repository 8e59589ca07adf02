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
        Assert.Equal(results[0].Metrics.Test!.Loss, results[1].Metrics.Test!.Loss);
        Assert.Single(Directory.GetFiles(Shared));
    }

    [Fact]
    public void Layers_that_stayed_are_shared_beside_those_that_trained()
    {
        var partly = new Trial(data.Spec with { Model = Network, Transfer = TransferPlan.Scratch.FrozenTo("layer3", Network), Fit = new() { Epochs = 1, BatchSize = 20 } }, "partly");
        var whole = data.Run(partly)[0].Folder;
        // three stages are less than what is worth it
        Assert.False(Directory.Exists(Shared));
        var wide = Network with { Blocks = new(1, 1, 3, 1) };

        var result = data.Run(new Trial(partly.Spec with { Model = wide, Transfer = TransferPlan.Scratch.FrozenTo("layer3", wide) }, "wide"))[0].Folder;

        var own = Safetensors.Read(result.WeightsPath).Tensors.Keys;
        Assert.All(own, name => Assert.True(name.StartsWith("head.", StringComparison.Ordinal) || name.StartsWith("features.layer4.", StringComparison.Ordinal), name));
        Assert.Equal(WeightFile.Shapes(result.WeightsPath).Keys.Order(), result.ReadWeights().Keys.Order());
        Assert.Equal(74, whole.ReadWeights().Count);
    }

    [Fact]
    public void File_of_a_trial_that_shares_is_weights_to_start_from_and_says_how_it_sees_pixels()
    {
        var scale = new PixelScale([0.4, 0.5, 0.6], [0.1, 0.2, 1.0 / 255]);
        var trial = new Trial(random.Spec with { Model = Network with { Input = new() { ImageSize = 28, Pixels = scale } } }, "scaled");
        var first = data.Run(trial, random);
        var file = first[0].Folder.WeightsPath;

        Assert.Equal(new ModelOptions { Architecture = Architecture.ResNet18, Blocks = new(1, 1, 1, 1) }, StateDict.ArchitectureOf(file));
        Assert.Equal(scale, StateDict.PixelsOf(file));
        Assert.Equal(PixelScale.Symmetric, StateDict.PixelsOf(first[1].Folder.WeightsPath));
        var child = new Trial(trial.Spec with { Transfer = TransferPlan.Frozen(WeightsOrigin.Of(file)) }, "child");
        var results = data.Run(trial, child);
        Assert.Equal(results[0].Metrics.Test!.Loss, results[1].Metrics.Test!.Loss);
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
