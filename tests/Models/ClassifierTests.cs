using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Tests.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models;

[Collection(OneAtATime.Name)]
public sealed class ClassifierTests
{
    [Theory]
    [InlineData("convNet", 28, 1, 64)]
    [InlineData("convNet", 28, 3, 64)]
    [InlineData("convNet", 64, 1, 64)]
    [InlineData("convNet", 64, 3, 64)]
    [InlineData("pixelRegression", 28, 3, 2352)]
    [InlineData("pixelRegression", 14, 1, 196)]
    [InlineData("pixelRegression", 64, 3, 2352)]
    [InlineData("pixelRegression", 224, 1, 784)]
    [InlineData("majorityClass", 28, 3, 1)]
    [InlineData("meanBrightness", 28, 3, 1)]
    public void Embeddings_and_logits_have_their_shapes(string architecture, int size, int channels, int width)
    {
        using var scope = NewDisposeScope();
        using var model = Classifier.Create(new() { Architecture = Architecture.TryFind(architecture)! }, Info(size, channels, outputs: 5), 0);

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
    public void Mean_brightness_is_the_mean_of_pixels_and_channels()
    {
        using var scope = NewDisposeScope();
        using var model = Classifier.Create(new() { Architecture = Architecture.MeanBrightness }, Info(28, 3, outputs: 2), 0);
        manual_seed(1);
        var images = rand(4, 3, 28, 28).mul(2).sub(1);

        var expected = images.data<float>().ToArray().Chunk(3 * 28 * 28).Select(pixels => pixels.Average());
        Assert.All(model.Features.call(images).data<float>().ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
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
    public void Pooling_before_ReLU_with_channels_last_gives_the_values_and_gradients_of_the_usual_order()
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

        RequireNear("embeddings", usual.detach(), ours.detach());
        foreach (var (name, weight) in weights)
            RequireNear(name, autograd.grad([usual.sum()], [weight], retain_graph: true)[0], autograd.grad([ours.sum()], [weight], retain_graph: true)[0]);
    }

    // to float rounding of the largest, as sums come in another order
    private static void RequireNear(string name, Tensor expected, Tensor actual) =>
        Assert.True((expected - actual).abs().max().item<float>() <= 1e-5 * (1 + expected.abs().max().item<float>()), name);

    [Fact]
    public void Dropout_zeroes_its_share_of_an_embedding_and_scales_the_rest()
    {
        using var scope = NewDisposeScope();
        using var model = EmbeddingsAsLogits(0.3);
        manual_seed(6);
        var images = rand(200, 1, 28, 28);
        var embeddings = model.Features.call(images);

        var dropped = model.call(images);

        var present = embeddings.gt(1e-6);
        var lost = dropped.eq(0).logical_and(present);
        Assert.Equal(0.3, lost.sum().item<long>() / (double)present.sum().item<long>(), 0.02);
        Assert.True(dropped[lost.logical_not()].allclose(embeddings[lost.logical_not()] / 0.7));
        Assert.Equal(embeddings.mean().item<float>(), dropped.mean().item<float>(), 0.03f * embeddings.mean().item<float>());
        Assert.False(lost[0].Equals(lost[1]), "every image loses its own");
    }

    [Fact]
    public void Dropout_plays_no_role_when_a_model_predicts_nor_in_its_embeddings()
    {
        using var scope = NewDisposeScope();
        using var with = Classifier.Create(new() { Dropout = 0.5 }, Squares.Info, 7);
        using var without = Classifier.Create(new(), Squares.Info, 7);
        var images = rand(5, 1, 28, 28);

        Assert.Equal(Values(without.Features.call(images)), Values(with.Features.call(images)));
        Assert.NotEqual(Values(without.call(images)), Values(with.call(images)));
        with.eval();
        Assert.Equal(Values(without.call(images)), Values(with.call(images)));
    }

    [Fact]
    public void Dropout_leaves_weights_and_their_names_as_they_are()
    {
        using var with = Classifier.Create(new() { Dropout = 0.5 }, Squares.Info, 7);
        using var without = Classifier.Create(new(), Squares.Info, 7);

        Assert.Equal(without.state_dict().Keys, with.state_dict().Keys);
        Assert.Equal(without.Bits(), with.Bits());
    }

    [Fact]
    public void Without_dropout_nothing_is_drawn()
    {
        using var scope = NewDisposeScope();
        using var model = Classifier.Create(new() { Dropout = 0 }, Squares.Info, 7);
        var images = rand(5, 1, 28, 28);
        manual_seed(8);
        var expected = Values(rand(4));
        manual_seed(8);

        model.call(images);

        Assert.Equal(expected, Values(rand(4)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void Dropout_out_of_range_is_a_usage_error_that_names_it(double dropout)
    {
        var error = Assert.Throws<MedTransferException>(() => new ModelOptions { Dropout = dropout }.Checked());

        Assert.True(error.IsUsage);
        Assert.Contains(FormattableString.Invariant($"dropout is {dropout}"), error.Message, StringComparison.Ordinal);
    }

    // its head passes on what reaches it
    private static Classifier EmbeddingsAsLogits(double dropout)
    {
        var model = Classifier.Create(new() { Dropout = dropout }, Info(28, 1, outputs: 64), 5);
        using var noGradient = no_grad();
        model.Head.weight.copy_(eye(64));
        model.Head.bias!.zero_();
        return model;
    }

    private static float[] Values(Tensor tensor) => tensor.detach().data<float>().ToArray();

    private static DatasetInfo Info(int size, int channels, int outputs) =>
        new("images", LabelTask.MultiClass, channels, size, [.. Enumerable.Range(0, outputs).Select(label => $"{label}")]);
}
