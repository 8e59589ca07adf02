using MedTransfer.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;

namespace MedTransfer.Tests.Models;

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
        Assert.Equal(8, outcome.Taken.Count);
        Assert.All(outcome.Taken, name => Assert.StartsWith("features.", name, StringComparison.Ordinal));
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
    [InlineData(64, 1, "features.latent.weight: is (64, 576), not (64, 4096)")]
    [InlineData(28, 3, "features.conv1.weight: is (16, 1, 3, 3), not (16, 3, 3, 3)")]
    public void What_does_not_fit_other_images_keeps_its_initial_values_and_is_listed(int size, int channels, string left)
    {
        using var target = Classifier.Create(new(), Squares.Info with { ImageSize = size, Channels = channels }, 2);
        using var untouched = Classifier.Create(new(), Squares.Info with { ImageSize = size, Channels = channels }, 2);

        var outcome = FeatureTransfer.Apply(target, Saved());

        Assert.Equal([left], outcome.Left);
        Assert.Equal(7, outcome.Taken.Count);
        var name = left.Split(':')[0];
        Assert.Equal(untouched.state_dict()[name].detach().bytes.ToArray(), target.state_dict()[name].detach().bytes.ToArray());
        Assert.Equal(
            source.state_dict()["features.conv2.weight"].detach().bytes.ToArray(), target.state_dict()["features.conv2.weight"].detach().bytes.ToArray());
    }

    [Fact]
    public void Nothing_is_broadcast_converted_or_guessed()
    {
        using var target = Classifier.Create(new(), Squares.Info, 2);
        var before = target.Bits();

        var outcome = FeatureTransfer.Apply(target, new Dictionary<string, SafeTensor>
        {
            ["features.conv1.bias"] = SafetensorsTests.Floats([1], 7),
            ["features.conv2.bias"] = SafetensorsTests.Floats([1, 32], new float[32]),
            ["features.latent.bias"] = new(SafeTensorType.F64, [64], new byte[512]),
            ["conv3.bias"] = SafetensorsTests.Floats([64], new float[64]),
            ["head.bias"] = SafetensorsTests.Floats([2], 7, 7),
        });

        Assert.Equal(before, target.Bits());
        Assert.Empty(outcome.Taken);
        Assert.Equal(8, outcome.Left.Count);
        Assert.Contains("features.conv1.bias: is (1), not (16)", outcome.Left);
        Assert.Contains("features.conv2.bias: is (1, 32), not (32)", outcome.Left);
        Assert.Contains("features.latent.bias: is F64, not F32", outcome.Left);
        Assert.Contains("features.conv3.bias: not among the transferred weights", outcome.Left);
    }

    private IReadOnlyDictionary<string, SafeTensor> Saved()
    {
        WeightFile.Save(source, folder["weights.safetensors"]);
        return WeightFile.Load(folder["weights.safetensors"]);
    }
}
