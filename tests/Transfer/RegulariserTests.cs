using MedTransfer.Models;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Transfer;

[Collection(OneAtATime.Name)]
public sealed class RegulariserTests
{
    // features moved by 2 in each of n weights, head weights of 3: alpha / 2 4 n + beta / 2 9 m
    [Fact]
    public void Penalty_is_that_of_the_formula()
    {
        using var scope = NewDisposeScope();
        using var model = Classifier.Create(new() { Latent = 2 }, Squares.Info, 1);
        using var penalty = new L2StartingPoint { Alpha = 0.5, Beta = 0.25 }.Of(model, Architecture.ConvNet.FeatureLayerNames);
        using (no_grad())
        {
            foreach (var value in model.Features.parameters())
                value.add_(2);
            foreach (var value in model.Head.parameters())
                value.fill_(3);
        }

        var features = model.Features.parameters().Sum(value => value.numel());
        var expected = 0.25 * 4 * features + 0.125 * 9 * (2 * 2 + 2);
        Assert.Equal(expected, penalty.Value().item<float>(), expected * 1e-5);
    }

    [Fact]
    public void Weights_that_do_not_train_add_nothing()
    {
        using var scope = NewDisposeScope();
        using var model = Classifier.Create(new() { Latent = 2 }, Squares.Info, 1);
        using var penalty = new L2StartingPoint { Beta = 2 }.Of(model, Architecture.ConvNet.FeatureLayerNames);
        using (no_grad())
        {
            foreach (var value in model.parameters())
                value.fill_(1);
        }

        foreach (var value in model.Features.parameters())
            value.requires_grad = false;

        Assert.Equal(2 * 2 + 2, penalty.Value().item<float>(), 1e-5);
    }

    // a layer that did not fit starts at random: nothing is to be remembered of that
    [Fact]
    public void Layer_that_was_not_transferred_is_held_to_zero_as_the_head_is()
    {
        using var scope = NewDisposeScope();
        using var model = Classifier.Create(new() { Latent = 2 }, Squares.Info, 1);
        using var penalty = new L2StartingPoint { Alpha = 1000, Beta = 2 }.Of(model, [.. Architecture.ConvNet.FeatureLayerNames.SkipLast(1)]);
        using (no_grad())
        {
            model.state_dict()["features.latent.weight"].fill_(1);
            model.state_dict()["features.latent.bias"].fill_(0);
            foreach (var value in model.Head.parameters())
                value.fill_(0);
        }

        Assert.Equal(2 * 576, penalty.Value().item<float>(), 1e-3);
    }

    [Fact]
    public void Strong_penalty_holds_the_features_to_where_they_were_and_does_not_show_in_the_loss()
    {
        var (free, freeLoss) = Moved(null);
        var (held, heldLoss) = Moved(new L2StartingPoint { Alpha = 100, Beta = 0 });

        Assert.True(held < free / 4, $"{held} of {free}");
        Assert.InRange(heldLoss, freeLoss / 2, 2 * freeLoss);   // of the first epoch
    }

    private static (double Distance, double Loss) Moved(Regulariser? regulariser)
    {
        using var train = Squares.Train();
        using var model = Classifier.Create(new() { Latent = 8 }, Squares.Info, 1);
        using var scope = NewDisposeScope();
        var before = model.Features.parameters().Select(value => value.detach().clone()).ToList();
        using var learner = new ClassifierLearner(model, train, train);
        var plan = TransferPlan.FineTuned(new TrialOrigin("elsewhere")) with { Regulariser = regulariser };
        var fit = new Trainer(new() { Epochs = 5, BatchSize = 16, LearningRate = 0.003 }, 1) { Plan = plan, Transferred = Architecture.ConvNet.FeatureLayerNames }.Fit(learner, cancellation: TestContext.Current.CancellationToken);
        using var noGradient = no_grad();
        return (Math.Sqrt(model.Features.parameters().Zip(before, (now, then) => (now - then).square().sum().item<float>()).Sum()), fit.History[0].TrainLoss);
    }
}
