using MedTransfer.Models;
using MedTransfer.Tests.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models;

[Collection(OneAtATime.Name)]
public sealed class TwoViewEncoderTests
{
    [Fact]
    public void Images_become_projections_by_way_of_embeddings()
    {
        using var scope = NewDisposeScope();
        using var model = TwoViewEncoder.Create(new() { Latent = 5 }, Squares.Info, 7, 0);
        manual_seed(1);
        var images = rand(3, 1, Squares.Size, Squares.Size).mul(2).sub(1);

        Assert.Equal([3, 5], model.Features.call(images).shape);
        Assert.Equal([3, 7], model.call(images).shape);
        Assert.Equal((5 + 1) * 7 + (7 + 1) * 7, model.Projector.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Its_parts_are_the_classifier_s_features_and_a_projector()
    {
        using var model = TwoViewEncoder.Create(new(), Squares.Info, 16, 0);
        using var classifier = Classifier.Create(new(), Squares.Info, 0);

        var shapes = model.state_dict().ToDictionary(weight => weight.Key, weight => string.Join(" x ", weight.Value.shape));
        var features = classifier.state_dict().Where(weight => weight.Key.StartsWith($"{Classifier.FeaturesPart}.", StringComparison.Ordinal)).ToList();
        Assert.All(features, weight => Assert.Equal(string.Join(" x ", weight.Value.shape), shapes[weight.Key]));
        Assert.Equal(
            ["projector.0.bias", "projector.0.weight", "projector.2.bias", "projector.2.weight"],
            shapes.Keys.Except(features.Select(weight => weight.Key)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Seed_decides_the_initial_weights_to_the_bit()
    {
        using var one = TwoViewEncoder.Create(new(), Squares.Info, 16, 1);
        using var other = TwoViewEncoder.Create(new(), Squares.Info, 16, 2);
        using var again = TwoViewEncoder.Create(new(), Squares.Info, 16, 1);

        Assert.Equal(one.Bits(), again.Bits());
        Assert.NotEqual(one.Bits(), other.Bits());
    }

    [Fact]
    public void No_embedding_is_dead_from_the_start_and_batch_norms_are_left_as_they_are()
    {
        using var scope = NewDisposeScope();
        using var model = TwoViewEncoder.Create(new(), Squares.Info, 16, 0);
        using var residual = TwoViewEncoder.Create(new ModelOptions { Architecture = Architecture.ResNet18 }.FromScratch(Squares.Size), Squares.Info, 16, 0);
        manual_seed(1);

        var embeddings = model.Features.call(rand(50, 1, Squares.Size, Squares.Size).mul(2).sub(1));

        Assert.True(embeddings.gt(0).any(0).all().item<bool>());
        Assert.All(residual.Features.named_parameters().Where(weight => weight.name.EndsWith("bias", StringComparison.Ordinal)), bias => Assert.False(bias.parameter.any().item<bool>(), bias.name));
    }
}
