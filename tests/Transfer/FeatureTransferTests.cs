using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Tests.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;

namespace MedTransfer.Tests.Transfer;

[Collection(OneAtATime.Name)]
public sealed class FeatureTransferTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Classifier source = Classifier.Create(new(), Squares.Info, 1);

    public void Dispose()
    {
        source.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Weights_survive_their_file_to_the_bit()
    {
        var weights = Saved();

        Assert.Equal(source.state_dict().Keys.Order(StringComparer.Ordinal), weights.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, value) in source.state_dict())
        {
            using var read = weights[name].ToTensor();
            Assert.Equal(value.shape, read.shape);
            Assert.Equal(value.detach().bytes.ToArray(), read.bytes.ToArray());
        }
    }

    [Fact]
    public void Same_weights_give_the_same_file()
    {
        WeightFile.Save(source, folder["a"]);
        WeightFile.Save(source, folder["b"]);

        Assert.Equal(File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["b"]));
    }

    [Fact]
    public void Features_are_taken_over_and_the_head_is_not()
    {
        using var target = Classifier.Create(new(), Squares.Info, 2);
        var head = target.Head.Bits();

        var outcome = FeatureTransfer.Apply(target, Saved());

        Assert.Equal(source.Features.Bits(), target.Features.Bits());
        Assert.Equal(head, target.Head.Bits());
        Assert.Equal(Architecture.ConvNet.FeatureLayerNames, outcome.Taken);
        Assert.Empty(outcome.Left);
    }

    [Fact]
    public void Taken_weights_still_train()
    {
        using var target = Classifier.Create(new(), Squares.Info, 2);

        FeatureTransfer.Apply(target, Saved());

        Assert.All(target.parameters(), parameter => Assert.True(parameter.requires_grad && parameter.is_leaf));
    }

    [Theory]
    [InlineData(64, 1, "features.latent", "weight is (64, 576), not (64, 4096)")]
    [InlineData(28, 3, "features.conv1", "weight is (16, 1, 3, 3), not (16, 3, 3, 3)")]
    public void Layer_that_does_not_fit_other_images_keeps_all_of_its_initial_values_and_is_listed(int size, int channels, string layer, string reason)
    {
        var info = Squares.Info with { ImageSize = size, Channels = channels };
        using var target = Classifier.Create(new(), info, 2);
        using var untouched = Classifier.Create(new(), info, 2);

        var outcome = FeatureTransfer.Apply(target, Saved());

        Assert.Equal([new LeftLayer(layer, reason)], outcome.Left);
        Assert.Equal(Architecture.ConvNet.FeatureLayerNames.Except([layer]), outcome.Taken);
        foreach (var (name, value) in target.state_dict())
        {
            // the bias of a layer that stays is of the same shape, and stays with its weight
            var expected = name.StartsWith(layer, StringComparison.Ordinal) || name.StartsWith("head", StringComparison.Ordinal) ? untouched : source;
            Assert.Equal(expected.state_dict()[name].detach().bytes.ToArray(), value.detach().bytes.ToArray());
        }
    }

    [Fact]
    public void Nothing_is_broadcast_converted_or_guessed()
    {
        using var target = Classifier.Create(new(), Squares.Info, 2);
        var before = target.Bits();

        var outcome = FeatureTransfer.Apply(target, new Dictionary<string, SafeTensor>
        {
            ["features.conv1.weight"] = SafetensorsTests.Floats([16, 1, 3, 3], new float[144]),
            ["features.conv1.bias"] = SafetensorsTests.Floats([1], 7),
            ["features.conv2.bias"] = SafetensorsTests.Floats([1, 32], new float[32]),
            ["features.latent.bias"] = new(SafeTensorType.F64, [64], new byte[512]),
            ["conv3.bias"] = SafetensorsTests.Floats([64], new float[64]),
            ["head.bias"] = SafetensorsTests.Floats([2], 7, 7),
        });

        Assert.Equal(before, target.Bits());
        Assert.Empty(outcome.Taken);
        Assert.Equal(
            [
                "features.conv1: bias is (1), not (16)",
                "features.conv2: weight is not among the transferred weights, bias is (1, 32), not (32)",
                "features.conv3: weight is not among the transferred weights, bias is not among the transferred weights",
                "features.latent: weight is not among the transferred weights, bias is F64, not F32",
            ],
            outcome.Left.Select(layer => layer.ToString()));
    }

    [Fact]
    public void Layer_with_more_than_the_model_has_is_left()
    {
        using var target = Classifier.Create(new(), Squares.Info, 2);
        var weights = new Dictionary<string, SafeTensor>(Saved()) { ["features.conv2.running_mean"] = SafetensorsTests.Floats([32], new float[32]) };

        var outcome = FeatureTransfer.Apply(target, weights);

        Assert.Equal([new LeftLayer("features.conv2", "running_mean has no place in this model")], outcome.Left);
    }

    [Theory]
    [InlineData(28, 64)]
    [InlineData(64, 28)]
    public void What_would_be_taken_is_known_from_options_and_data_alone(int from, int to)
    {
        DatasetInfo Of(int size) => Squares.Info with { ImageSize = size };
        using var target = Classifier.Create(new(), Of(to), 2);
        using var parent = Autoencoder.Create(new(), Of(from), 1);
        WeightFile.Save(parent, folder["parent"]);

        var foretold = FeatureTransfer.Compare(
            ShapesOf(Objective.Classification, to), ShapesOf(Objective.Reconstruction, from));
        var outcome = FeatureTransfer.Apply(target, WeightFile.Load(folder["parent"]));

        Assert.Equal(outcome.Taken, foretold.Taken);
        Assert.Equal(outcome.Left, foretold.Left);
        Assert.Equal("features.latent", Assert.Single(foretold.Left).Layer);
    }

    private static IReadOnlyDictionary<string, WeightShape> ShapesOf(Objective objective, int size)
    {
        using var model = objective.Create(new(), Squares.Info with { ImageSize = size }, seed: 0);
        return WeightShape.Of(model.state_dict());
    }

    private IReadOnlyDictionary<string, SafeTensor> Saved()
    {
        WeightFile.Save(source, folder["weights.safetensors"]);
        return WeightFile.Load(folder["weights.safetensors"]);
    }
}
