using MedTransfer.Data;
using MedTransfer.Evaluation;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tasks;
using MedTransfer.Tests.Models;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

[Collection(OneAtATime.Name)]
public sealed class FrozenLayersTests : IDisposable
{
    private static readonly FitOptions Five = new() { Epochs = 5, BatchSize = 16, LearningRate = 0.01, WeightDecay = 0.01, Keep = KeptEpoch.Best, KeptBy = Metric.Loss };

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Embedder embedder = new(store: null, "here");
    private readonly LabelledImages train = Squares.Train();
    private readonly LabelledImages validation = Squares.Validation();

    public void Dispose()
    {
        embedder.Dispose();
        train.Dispose();
        validation.Dispose();
        scope.Dispose();
    }

    [Theory]
    [InlineData(0, ClassBalance.None)]
    [InlineData(0.5, ClassBalance.None)]
    [InlineData(0, ClassBalance.Loss)]
    [InlineData(0.5, ClassBalance.Sampling)]
    public void Head_comes_out_as_through_the_frozen_layers(double dropout, ClassBalance balance)
    {
        using var through = Frozen(dropout);
        using var once = Frozen(dropout);
        var before = once.Features.Bits();

        var expected = Fit(new ClassifierLearner(through, train, validation) { Balance = balance });
        var fit = Fit(Once(once, train, validation, balance));

        Assert.Equal(expected.KeptEpoch, fit.KeptEpoch);
        Assert.All(expected.History.Zip(fit.History), pair =>
        {
            Assert.Equal(pair.First.TrainLoss, pair.Second.TrainLoss, 1e-5);
            Assert.Equal(pair.First.ValidationLoss!.Value, pair.Second.ValidationLoss!.Value, 1e-5);
            Assert.Equal(pair.First.Validation[Metric.RocAuc]!.Value, pair.Second.Validation[Metric.RocAuc]!.Value, 1e-9);
        });
        Assert.All(Weights(through).Zip(Weights(once)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Equal(before, once.Features.Bits());
        Assert.NotEqual(Frozen(dropout).Head.Bits(), once.Head.Bits());
    }

    [Fact]
    public void Findings_come_out_as_through_the_frozen_layers()
    {
        var findings = new byte[60, 2];
        for (var image = 0; image < 60; image++)
            (findings[image, 0], findings[image, 1]) = ((byte)(image % 2), (byte)(image % 3 == 0 ? 1 : 0));
        var loss = LearningTask.Of(LabelTask.MultiLabel);
        using var images = Squares.On(Squares.Pixels(60), findings, loss);
        using var through = Frozen(0, LabelTask.MultiLabel);
        using var once = Frozen(0, LabelTask.MultiLabel);

        Fit(new ClassifierLearner(through, images, images) { Balance = ClassBalance.Loss });
        Fit(Once(once, images, images, ClassBalance.Loss));

        Assert.All(Weights(through).Zip(Weights(once)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Same_seed_gives_the_same_bits()
    {
        string Trained()
        {
            using var model = Frozen(0.5);
            Fit(Once(model, train, validation));
            return model.Bits();
        }

        Assert.Equal(Trained(), Trained());
    }

    [Fact]
    public void Images_pass_the_features_once()
    {
        using var model = Frozen(0);
        using var learner = Once(model, train, validation);
        var passed = 0L;
        ((Conv2d)model.Features.named_children().Single(layer => layer.name == "conv2").module).register_forward_pre_hook((_, images) =>
        {
            passed += images.shape[0];
            return images;
        });

        Fit(learner);

        Assert.Equal(64 + 1 + 64 + 1, passed);   // in batches of 32, the last filled up, and one image each to see how large an embedding is
    }

    [Fact]
    public void Training_leaves_no_tensors_behind()
    {
        using var model = Frozen(0.5);
        var before = Tensor.TotalCount;
        var alive = new List<long>();

        using (var learner = Once(model, train, validation, ClassBalance.Loss))
            new Trainer(Five, 1) { Plan = TransferPlan.RandomFeatures }.Fit(learner, _ => alive.Add(Tensor.TotalCount), TestContext.Current.CancellationToken);

        Assert.InRange(alive[^1], 0, alive[1]);
        Assert.InRange(Tensor.TotalCount, 0, before + 4 + 2);   // the parameters' gradients are handles of their own, and the embedder keeps two embeddings
    }

    private static FitResult Fit(ILearner learner)
    {
        using var ends = (IDisposable)learner;
        return new Trainer(Five, 1) { Plan = TransferPlan.RandomFeatures }.Fit(learner, cancellation: TestContext.Current.CancellationToken);
    }

    private ClassifierLearner Once(Classifier model, LabelledImages learned, LabelledImages looked, ClassBalance balance = ClassBalance.None) =>
        new(model, learned, looked) { Balance = balance, Embedder = embedder };

    private static Classifier Frozen(double dropout, LabelTask task = LabelTask.BinaryClass)
    {
        var model = Classifier.Create(new() { Dropout = dropout }, Squares.Info with { Task = task }, 1);
        foreach (var parameter in model.Features.parameters())
            parameter.requires_grad = false;
        return model;
    }

    private static float[] Weights(Classifier model) =>
        [.. model.state_dict().OrderBy(weight => weight.Key, StringComparer.Ordinal).SelectMany(weight => weight.Value.detach().data<float>().ToArray())];
}
