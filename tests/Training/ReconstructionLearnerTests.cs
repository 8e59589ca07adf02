using MedTransfer.Data;
using MedTransfer.Evaluation;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

[Collection(OneAtATime.Name)]
public sealed class ReconstructionLearnerTests
{
    private static readonly FitOptions Fit = new() { Epochs = 30, BatchSize = 8, LearningRate = 4e-3 };

    [Fact]
    public void Images_without_labels_are_learnt()
    {
        using var model = Autoencoder.Create(new() { Latent = 8 }, Squares.Info, 1);
        using var train = Unlabelled(64, 0);
        using var validation = Unlabelled(32, 1);

        var result = new Trainer(Fit, 1).Fit(new ReconstructionLearner(model, train, validation), cancellation: TestContext.Current.CancellationToken);

        // noise of 0 to 127 has a variance of (128 / 255)^2 / 12 = .0210 that nothing can draw; the mean image, which knows no squares, adds
        // (128 / 255)^2 / 4 * 64 / 784 = .0051
        Assert.InRange(result.History[^1].ValidationLoss!.Value, 0.0205, 0.0235);
        Assert.All(result.History, epoch => Assert.Null(epoch.Validation[Metric.Accuracy]));
    }

    [Fact]
    public void Loss_is_the_mean_squared_error_of_pixels_from_0_to_1()
    {
        using var scope = NewDisposeScope();
        using var model = Autoencoder.Create(new() { Latent = 8 }, Squares.Info, 1);
        using var images = Unlabelled(30, 0);
        var pixels = tensor(Squares.Pixels(30).Cast<byte>().Select(value => value / 255f).ToArray()).reshape(30, 1, 28, 28);
        var expected = (model.call(pixels.mul(2).sub(1)) - pixels).square().mean().item<float>();
        var learner = new ReconstructionLearner(model, images, images);

        Assert.Equal(expected, learner.Loss(arange(30, ScalarType.Int64)).Loss.item<float>(), 1e-6);
        Assert.Equal(expected, learner.Validate()!.Loss!.Value, 1e-6);
        Assert.Equal(expected, new Reconstructor(model).Pass(images).Loss, 1e-6);
    }

    [Fact]
    public void Augmentation_changes_what_is_learnt_and_not_what_is_validated()
    {
        using var scope = NewDisposeScope();
        using var model = Autoencoder.Create(new() { Latent = 8 }, Squares.Info, 1);
        using var images = Unlabelled(30, 0);
        var plain = new ReconstructionLearner(model, images, images);
        var augmented = plain with { Augmentation = new Augmentation { Brightness = 0.5 } };
        var all = arange(30, ScalarType.Int64);

        Assert.NotEqual(plain.Loss(all).Loss.item<float>(), augmented.Loss(all).Loss.item<float>());
        Assert.Equal(plain.Validate()!.Loss, augmented.Validate()!.Loss);
    }

    [Fact]
    public void Batches_follow_the_size_of_the_images_and_change_nothing()
    {
        using var scope = NewDisposeScope();
        var info = Squares.Info with { ImageSize = 224 };
        using var model = Autoencoder.Create(new() { Latent = 4 }, info, 1);
        manual_seed(2);
        var pixels = randint(256, [70, 1, 224, 224], ScalarType.Byte);   // 64 and 6
        using var split = new Split(pixels, Labels.Empty(70), null);
        using var images = new ImageSet(split, CPU);
        var reconstructor = new Reconstructor(model);

        var output = reconstructor.Pass(images, mostEmbeddings: 3, mostReconstructions: 70);
        var drawn = tensor(output.Reconstructions!.Cast<byte>().ToArray()).reshape(70, 1, 224, 224);

        var last = model.call(pixels.slice(0, 69, 70, 1).to(ScalarType.Float32).mul(2f / 255).sub(1));
        Assert.InRange((drawn.slice(0, 69, 70, 1).to(ScalarType.Float32) / 255 - last).abs().max().item<float>(), 0, 0.502 / 255);
        Assert.Equal((3, 4), (output.Embeddings!.GetLength(0), output.Embeddings.GetLength(1)));
        Assert.Equal(output.Loss, reconstructor.Loss(images), 1e-7);
    }

    private static ImageSet Unlabelled(int count, int first)
    {
        using var split = new Split(
            tensor(Squares.Pixels(count, first).Cast<byte>().ToArray()).reshape(count, 1, Squares.Size, Squares.Size), Labels.Empty(count), null);
        return new ImageSet(split, CPU);
    }
}
