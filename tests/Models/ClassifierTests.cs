using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Tests.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models;

[Collection(OneAtATime.Name)]
public sealed class ClassifierTests
{
    [Theory]
    [InlineData(Architecture.ConvNet, 28, 1, 64)]
    [InlineData(Architecture.ConvNet, 28, 3, 64)]
    [InlineData(Architecture.ConvNet, 64, 1, 64)]
    [InlineData(Architecture.ConvNet, 64, 3, 64)]
    [InlineData(Architecture.PixelRegression, 28, 3, 2352)]
    [InlineData(Architecture.MajorityClass, 28, 3, 1)]
    public void Embeddings_and_logits_have_their_shapes(Architecture architecture, int size, int channels, int width)
    {
        using var scope = NewDisposeScope();
        using var model = Classifier.Create(new() { Architecture = architecture }, Info(size, channels, outputs: 5), 0);

        var embeddings = model.Features.call(zeros(2, channels, size, size));

        Assert.Equal(width, model.EmbeddingWidth);
        Assert.Equal([2, width], embeddings.shape);
        Assert.Equal([2, 5], model.Head.call(embeddings).shape);
        Assert.Equal([2, 5], model.call(zeros(2, channels, size, size)).shape);
    }

    // Counted by hand: (9 + 1) 16 + (16 9 + 1) 32 + (32 9 + 1) 64 + (64 3 3 + 1) 64 + (64 + 1) 2.
    [Fact]
    public void ConvNet_has_the_weights_of_the_study()
    {
        using var model = Classifier.Create(new(), Squares.Info, 0);

        Assert.Equal(60_354, model.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(
            [
                "features.conv1.bias", "features.conv1.weight", "features.conv2.bias", "features.conv2.weight",
                "features.conv3.bias", "features.conv3.weight", "features.latent.bias", "features.latent.weight",
                "head.bias", "head.weight",
            ],
            model.state_dict().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Latent_is_the_width_of_the_embeddings()
    {
        using var model = Classifier.Create(new() { Latent = 7 }, Squares.Info, 0);

        Assert.Equal([7, 576], model.state_dict()["features.latent.weight"].shape);
        Assert.Equal(7, model.EmbeddingWidth);
    }

    [Fact]
    public void Seed_decides_the_initial_weights_to_the_bit()
    {
        using var one = Classifier.Create(new(), Squares.Info, 1);
        using var other = Classifier.Create(new(), Squares.Info, 2);
        using var again = Classifier.Create(new(), Squares.Info, 1);

        Assert.Equal(one.Bits(), again.Bits());
        Assert.NotEqual(one.Bits(), other.Bits());
    }

    // PyTorch's default for Conv2d and Linear: weights and biases uniform within 1 / sqrt(fan in).
    [Fact]
    public void Initial_weights_are_spread_as_by_PyTorch()
    {
        using var model = Classifier.Create(new(), Squares.Info, 3);
        var weights = model.state_dict();

        foreach (var (name, value) in weights)
        {
            var shape = weights[$"{name[..name.LastIndexOf('.')]}.weight"].shape;
            var bound = 1 / Math.Sqrt(shape.Skip(1).Aggregate(1L, (product, length) => product * length));
            var values = value.detach().data<float>().ToArray();
            Assert.All(values, weight => Assert.InRange(weight, -bound, bound));
            if (values.Length < 100)
                continue;
            Assert.InRange(values.Max(), 0.95 * bound, bound);
            Assert.InRange(values.Min(), -bound, -0.95 * bound);
            Assert.InRange(values.Average(), -0.15 * bound, 0.15 * bound);
        }
    }

    [Fact]
    public void Pooling_before_ReLU_gives_the_values_and_gradients_of_pooling_after_it()
    {
        using var scope = NewDisposeScope();
        using var model = Classifier.Create(new(), Squares.Info, 4);
        manual_seed(5);
        var images = randn(3, 1, 28, 28).mul(100);
        var weights = model.Features.state_dict();
        Tensor Block(string name, Tensor x) => nn.functional.max_pool2d(
            nn.functional.conv2d(x, weights[$"{name}.weight"], weights[$"{name}.bias"], padding: [1L, 1]).relu(), 2);
        var usual = nn.functional.linear(
            Block("conv3", Block("conv2", Block("conv1", images))).flatten(1), weights["latent.weight"], weights["latent.bias"]).relu();
        var ours = model.Features.call(images);

        Assert.Equal(usual.detach().data<float>().ToArray(), ours.detach().data<float>().ToArray());

        foreach (var (name, weight) in weights)
        {
            var expected = autograd.grad([usual.sum()], [weight], retain_graph: true)[0].data<float>().ToArray();
            var gradient = autograd.grad([ours.sum()], [weight], retain_graph: true)[0].data<float>().ToArray();
            Assert.All(expected.Zip(gradient), pair => Assert.True(
                Math.Abs(pair.First - pair.Second) <= 1e-5 * (1 + Math.Abs(pair.First)), $"{name}: {pair}"));
        }
    }

    private static DatasetInfo Info(int size, int channels, int outputs) =>
        new("images", LabelTask.MultiClass, channels, size, [.. Enumerable.Range(0, outputs).Select(label => $"{label}")]);
}
