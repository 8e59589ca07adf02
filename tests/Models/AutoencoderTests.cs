using MedTransfer.Models;
using MedTransfer.Tests.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models;

[Collection(OneAtATime.Name)]
public sealed class AutoencoderTests
{
    [Theory]
    [InlineData(28, 1)]
    [InlineData(28, 3)]
    [InlineData(64, 1)]
    [InlineData(11, 1)]
    [InlineData(13, 1)]
    [InlineData(15, 1)]
    [InlineData(31, 1)]
    public void Images_come_back_in_their_size_and_between_black_and_white(int size, int channels)
    {
        using var scope = NewDisposeScope();
        using var model = Autoencoder.Create(new() { Latent = 5 }, Squares.Info with { ImageSize = size, Channels = channels }, 0);
        manual_seed(1);
        var images = rand(2, channels, size, size).mul(2).sub(1);

        var drawn = model.call(images);

        Assert.Equal([2, channels, size, size], drawn.shape);
        Assert.InRange(drawn.min().item<float>(), 0, 1);
        Assert.InRange(drawn.max().item<float>(), 0, 1);
        Assert.Equal([2, 5], model.Features.call(images).shape);
    }

    [Theory]
    [InlineData(28, 1)]
    [InlineData(28, 3)]
    [InlineData(64, 1)]
    public void Gradients_are_numbers(int size, int channels)
    {
        using var scope = NewDisposeScope();
        using var model = Autoencoder.Create(new(), Squares.Info with { ImageSize = size, Channels = channels }, 0);
        manual_seed(1);
        var images = rand(16, channels, size, size).mul(2).sub(1);

        model.call(images).square().mean().backward();

        foreach (var (name, value) in model.named_parameters())
            Assert.True(value.grad!.isfinite().all().item<bool>(), name);
    }

    [Fact]
    public void Encoder_has_the_weights_of_the_CNN_by_name_and_shape()
    {
        using var autoencoder = Autoencoder.Create(new(), Squares.Info, 0);
        using var classifier = Classifier.Create(new(), Squares.Info, 0);

        Assert.Equal(
            Shapes(classifier.state_dict(), Classifier.FeaturesPart),
            Shapes(autoencoder.state_dict(), Classifier.FeaturesPart));
    }

    // Counted by hand: (64 + 1) 64 3 3, then (64 16 + 1) 32, (32 16) 16 + 16 and 16 16 + 1.
    [Fact]
    public void Decoder_mirrors_the_encoder()
    {
        using var model = Autoencoder.Create(new(), Squares.Info, 0);

        Assert.Equal(37_440 + 32_800 + 8_208 + 257, model.Decoder.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Seed_decides_the_initial_weights_to_the_bit()
    {
        using var one = Autoencoder.Create(new(), Squares.Info, 1);
        using var other = Autoencoder.Create(new(), Squares.Info, 2);
        using var again = Autoencoder.Create(new(), Squares.Info, 1);

        Assert.Equal(one.Bits(), again.Bits());
        Assert.NotEqual(one.Bits(), other.Bits());
    }

    [Fact]
    public void No_embedding_is_dead_from_the_start()
    {
        using var scope = NewDisposeScope();
        using var model = Autoencoder.Create(new(), Squares.Info, 0);
        manual_seed(1);

        var embeddings = model.Features.call(rand(50, 1, Squares.Size, Squares.Size).mul(2).sub(1));

        Assert.True(embeddings.gt(0).any(0).all().item<bool>());
    }

    private static IEnumerable<string> Shapes(Dictionary<string, Tensor> weights, string part) =>
        weights.Where(weight => weight.Key.StartsWith($"{part}.", StringComparison.Ordinal))
            .Select(weight => $"{weight.Key} {string.Join(" x ", weight.Value.shape)}").Order(StringComparer.Ordinal);
}
