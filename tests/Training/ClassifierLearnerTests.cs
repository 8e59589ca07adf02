using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tasks;
using MedTransfer.Tests.Models;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

[Collection(OneAtATime.Name)]
public sealed class ClassifierLearnerTests : IDisposable
{
    private const int Images = 60;

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Classifier model = Classifier.Create(new(), Squares.Info, 1);
    private readonly LabelledImages rare = Squares.On(Squares.Pixels(Images), Rare(), Squares.Task);

    public void Dispose()
    {
        rare.Dispose();
        model.Dispose();
        scope.Dispose();
    }

    public static TheoryData<double, Augmentation?, ClassBalance> Randomness => new()
    {
        { 0.5, null, ClassBalance.None },
        { 0, new(), ClassBalance.None },
        { 0, null, ClassBalance.Sampling },
        { 0.5, new() { Flip = true }, ClassBalance.Sampling },
    };

    [Theory]
    [MemberData(nameof(Randomness))]
    public void Same_seed_gives_the_same_bits_and_another_seed_does_not(double dropout, Augmentation? augmentation, ClassBalance balance)
    {
        string Trained(long seed) => Bits(dropout, augmentation, balance, seed);

        Assert.Equal(Trained(1), Trained(1));
        Assert.NotEqual(Trained(1), Trained(2));
        Assert.NotEqual(Trained(1), Bits(0, null, ClassBalance.None, 1));
    }

    [Fact]
    public void Augmentation_leaves_stored_images_labels_and_validation_as_they_are()
    {
        var (images, targets) = (Values(rare.Images.Images(0, Images)), rare.Targets.data<long>().ToArray());
        using var learner = new ClassifierLearner(model, rare, rare) { Augmentation = new() };
        using var plain = new ClassifierLearner(model, rare, rare);

        Assert.NotEqual(plain.Loss(arange(Images)).Loss.item<float>(), learner.Loss(arange(Images)).Loss.item<float>());
        Assert.Equal(plain.Validate(), learner.Validate());
        Assert.Equal(images, Values(rare.Images.Images(0, Images)));
        Assert.Equal(targets, rare.Targets.data<long>().ToArray());
    }

    [Fact]
    public void Unbalanced_order_holds_every_image_once()
    {
        using var learner = new ClassifierLearner(model, rare, rare);

        var order = learner.Order(new Generator(1)).data<long>().ToArray();

        Assert.NotEqual(Enumerable.Range(0, Images).Select(index => (long)index), order);
        Assert.Equal(Enumerable.Range(0, Images).Select(index => (long)index), order.Order());
    }

    // 2 of 60 images are of class 1: 10 epochs of 60 draws hold 300 of each, give or take 12 (one standard deviation).
    [Fact]
    public void Sampling_draws_both_classes_equally_often_and_within_a_class_every_image()
    {
        var order = Sampled(rare, Squares.Task);

        var drawn = order.CountBy(index => index).ToDictionary();
        Assert.InRange(drawn[1] + drawn[3], 250, 350);
        Assert.InRange(drawn[1], 110, 190);
        Assert.InRange(drawn.Count, 59, 60);
    }

    [Fact]
    public void Sampling_draws_images_with_any_finding_as_often_as_those_without()
    {
        var loss = LearningTask.Of(LabelTask.MultiLabel);
        using var images = Squares.On(Squares.Pixels(Images), Findings(), loss);

        var order = Sampled(images, loss);

        Assert.InRange(order.Count(index => index is 5 or 7 or 8), 250, 350);
    }

    [Fact]
    public void Balanced_loss_gives_every_class_the_same_share()
    {
        using var learner = new ClassifierLearner(model, rare, rare) { Balance = ClassBalance.Loss };
        using var plain = new ClassifierLearner(model, rare, rare);
        var ofRare = plain.Loss(tensor(new long[] { 1, 3 })).Loss.item<float>();
        var ofOthers = plain.Loss(arange(Images)[rare.Targets.eq(0)]).Loss.item<float>();

        Assert.Equal((ofRare + ofOthers) / 2, learner.Loss(arange(Images)).Loss.item<float>(), 1e-5f);
        Assert.Equal(plain.Validate(), learner.Validate());
    }

    // Findings a, b and c are present in 2, 1 and 0 of 60 images: where present they weigh 58 / 2, 59 / 1 and (nowhere) 1.
    [Fact]
    public void Balanced_loss_of_findings_weighs_presence_as_much_as_absence()
    {
        var loss = LearningTask.Of(LabelTask.MultiLabel);
        using var images = Squares.On(Squares.Pixels(Images), Findings(), loss);
        using var several = Classifier.Create(new(), Squares.Info with { Task = LabelTask.MultiLabel, LabelNames = ["a", "b", "c"] }, 1);
        using var learner = new ClassifierLearner(several, images, images) { Balance = ClassBalance.Loss };
        var targets = images.Targets;
        var logits = several.call(images.Images.Images(0, Images));
        var each = nn.functional.softplus(-logits) * targets * tensor(new float[] { 29, 59, 1 }) + nn.functional.softplus(logits) * (1 - targets);

        Assert.Equal(each.mean().item<float>(), learner.Loss(arange(Images)).Loss.item<float>(), 1e-5f);
    }

    [Fact]
    public void Balanced_loss_without_images_of_a_class_is_a_number()
    {
        using var one = Squares.On(Squares.Pixels(Images), new byte[Images, 1], Squares.Task);
        using var learner = new ClassifierLearner(model, one, one) { Balance = ClassBalance.Loss };

        Assert.True(float.IsFinite(learner.Loss(arange(Images)).Loss.item<float>()));
        Assert.Equal(Images, learner.Order(new Generator(1)).shape[0]);
    }

    [Fact]
    public void Training_with_everything_leaves_no_tensors_behind()
    {
        var alive = new List<long>();
        using (var learner = new ClassifierLearner(model, rare, rare) { Augmentation = new(), Balance = ClassBalance.Loss })
            new Trainer(new() { Epochs = 5, BatchSize = 16 }, 1).Fit(learner, _ => alive.Add(Tensor.TotalCount), TestContext.Current.CancellationToken);

        Assert.InRange(alive[^1], 0, alive[1]);
    }

    private static List<long> Sampled(LabelledImages images, LearningTask loss)
    {
        using var several = Classifier.Create(new(), Squares.Info, 1);
        using var learner = new ClassifierLearner(several, images, images) { Balance = ClassBalance.Sampling };
        using var draws = new Generator(1);
        return [.. Enumerable.Range(0, 10).SelectMany(_ => learner.Order(draws).data<long>().ToArray())];
    }

    private string Bits(double dropout, Augmentation? augmentation, ClassBalance balance, long seed)
    {
        using var trained = Classifier.Create(new() { Dropout = dropout }, Squares.Info, 1);
        using var learner = new ClassifierLearner(trained, rare, rare) { Augmentation = augmentation, Balance = balance };
        new Trainer(new() { Epochs = 2, BatchSize = 16 }, seed).Fit(learner, cancellation: TestContext.Current.CancellationToken);
        return trained.Bits();
    }

    private static byte[,] Rare()
    {
        var labels = new byte[Images, 1];
        labels[1, 0] = labels[3, 0] = 1;
        return labels;
    }

    private static byte[,] Findings()
    {
        var labels = new byte[Images, 3];
        labels[5, 0] = labels[7, 0] = labels[8, 1] = 1;
        return labels;
    }

    private static float[] Values(Tensor tensor) => tensor.detach().data<float>().ToArray();
}
