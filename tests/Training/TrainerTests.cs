using MedTransfer.Data;
using MedTransfer.Evaluation;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tasks;
using MedTransfer.Tests.Models;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Training.Schedules;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

[Collection(OneAtATime.Name)]
public sealed class TrainerTests : IDisposable
{
    private static readonly FitOptions Short = new() { Epochs = 3, BatchSize = 16 };

    private readonly Classifier model = Classifier.Create(new(), Squares.Info, 1);
    private readonly LabelledImages train = Squares.Train();
    private readonly LabelledImages validation = Squares.Validation();

    public void Dispose()
    {
        model.Dispose();
        train.Dispose();
        validation.Dispose();
    }

    [Fact]
    public void Same_seed_gives_the_same_bits_and_another_seed_does_not()
    {
        var (one, again, other) = (Trained(Short, 1), Trained(Short, 1), Trained(Short, 2));

        Assert.Equal(one.Bits, again.Bits);
        Assert.Equal(one.Fit.History, again.Fit.History);
        Assert.NotEqual(one.Bits, other.Bits);
    }

    [Fact]
    public void Random_draws_of_others_do_not_matter()
    {
        var one = Trained(Short, 1);
        using var again = Classifier.Create(new(), Squares.Info, 1);
        using var draw = rand(7);

        new Trainer(Short, 1).Fit(new ClassifierLearner(again, train, validation), _ => rand(5).Dispose(), TestContext.Current.CancellationToken);

        Assert.Equal(one.Bits, again.Bits());
    }

    [Fact]
    public void Separable_images_are_learnt()
    {
        var fit = Fit(new() { Epochs = 8, BatchSize = 10 });

        Assert.True(fit.History[^1].TrainLoss < fit.History[0].TrainLoss / 2, $"{fit.History[0]} to {fit.History[^1]}");
        Assert.Equal(1, new Predictor(model).Assess(train).Scores.Accuracy);
        Assert.Equal(1, fit.History[^1].Validation[Metric.Accuracy]);
        Assert.Equal(8, fit.KeptEpoch);
    }

    [Fact]
    public void Findings_are_learnt()
    {
        var findings = new byte[60, 3];
        for (var image = 1; image < 60; image += 2)
            findings[image, image % 3] = findings[image, 2] = 1;
        var pixels = Squares.Pixels(60);
        for (var image = 0; image < 60; image++)
        {
            for (var row = 0; row < 6; row++)
                pixels[image, row, 2 + 8 * (image % 3)] = pixels[image, row, 3 + 8 * (image % 3)] = 255;
        }

        var loss = LearningTask.Of(LabelTask.MultiLabel);
        using var several = Classifier.Create(new(), Squares.Info with { Task = LabelTask.MultiLabel, LabelNames = ["a", "b", "any"] }, 1);
        using var images = Squares.On(pixels, findings, loss);

        var fit = new Trainer(new() { Epochs = 20, BatchSize = 10, LearningRate = 3e-3 }, 1)
            .Fit(new ClassifierLearner(several, images, images), cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(1, fit.History[^1].Validation[Metric.Accuracy]);
        Assert.Equal(1, fit.History[^1].Validation[Metric.RocAuc]);
    }

    // With steps too small to move a weight, the epoch's mean loss is the loss of all images, whatever the order: of each exactly once.
    [Theory]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(1000)]
    public void Epoch_uses_every_image_once(int batchSize)
    {
        var before = new Predictor(model).Assess(train).Loss;

        var fit = Fit(new() { Epochs = 2, BatchSize = batchSize, LearningRate = 1e-15 });

        Assert.All(fit.History, epoch => Assert.Equal(before, epoch.TrainLoss, 1e-6));
    }

    [Fact]
    public void Frozen_weights_keep_their_bits_while_the_head_moves()
    {
        var (features, head) = (model.Features.Bits(), model.Head.Bits());
        foreach (var parameter in model.Features.parameters())
            parameter.requires_grad = false;

        Fit(Short);

        Assert.Equal(features, model.Features.Bits());
        Assert.NotEqual(head, model.Head.Bits());
    }

    // The labels of this validation split mean nothing, so that its AUC goes up and down.
    [Fact]
    public void Best_epoch_is_the_first_of_the_highest_validation_auc_and_its_weights_come_back()
    {
        using var meaningless = Squares.On(Squares.Pixels(40, first: 1), Meaningless(40), Squares.Task);
        var options = Short with { Epochs = 6, Keep = KeptEpoch.Best };

        var fit = Fit(options, on: meaningless);

        var aucs = fit.History.Select(epoch => epoch.Validation[Metric.RocAuc]!.Value).ToList();
        Assert.Equal(1 + aucs.IndexOf(aucs.Max()), fit.KeptEpoch);
        Assert.InRange(aucs.Distinct().Count(), 3, 6);   // else the test says little
        Assert.Equal(6, fit.History.Count);
        Assert.Equal(aucs.Max(), new Predictor(model).Assess(meaningless).Scores.RocAuc);
        Assert.Equal(Trained(Short with { Epochs = fit.KeptEpoch }, 1).Bits, model.Bits());
    }

    [Fact]
    public void Best_epoch_without_an_auc_is_an_error()
    {
        using var oneClass = Squares.On(Squares.Pixels(4), new byte[4, 1], Squares.Task);

        var error = Assert.Throws<MedTransferException>(
            () => Fit(Short with { Keep = KeptEpoch.Best }, on: oneClass));

        Assert.Contains("validation split", error.Message, StringComparison.Ordinal);
    }

    // 60 images in batches of 16 are 4 steps an epoch: OneCycleLR(o, max_lr=.001, total_steps=12, cycle_momentum=False) of torch 1.13.0,
    // its rates 4, 8 and 12
    [Fact]
    public void Schedule_sets_the_rate_of_each_step_and_the_last_of_an_epoch_is_recorded()
    {
        var fit = Fit(Short with { Schedule = new OneCycle() });

        Assert.All(fit.History.Zip([0.0009944154, 0.0004626371, 4e-9]), pair => Assert.Equal(pair.Second, pair.First.LearningRate!.Value, 1e-9));
        Assert.NotEqual(Trained(Short, 1).Bits, model.Bits());
    }

    [Fact]
    public void Weight_decay_makes_weights_smaller()
    {
        double Size() => model.parameters().Sum(parameter => parameter.square().sum().item<float>());
        var before = Size();

        Fit(Short with { LearningRate = 1e-6, WeightDecay = 1e5 });   // each of 12 steps takes a tenth

        Assert.Equal(before * Math.Pow(0.9, 24), Size(), before * 1e-3);
    }

    [Fact]
    public void Model_of_which_nothing_trains_is_an_error()
    {
        foreach (var parameter in model.parameters())
            parameter.requires_grad = false;

        Assert.Contains("no weights that train", Assert.Throws<MedTransferException>(() => Fit(Short)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loss_that_is_no_number_stops_with_its_epoch_and_batch()
    {
        var error = Assert.Throws<MedTransferException>(
            () => Fit(Short with { LearningRate = 1e30 }));

        Assert.Contains("epoch 1, batch 2 of 4", error.Message, StringComparison.Ordinal);
        Assert.Contains("learning rate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_break_in_the_last_batch_are_an_error_too()
    {
        var error = Assert.Throws<MedTransferException>(
            () => Fit(Short with { BatchSize = 60, LearningRate = 1e30 }));

        Assert.Contains("learning rate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_stops_after_the_epoch_it_was_asked_in()
    {
        using var stop = new CancellationTokenSource();
        var told = new List<int>();

        Assert.Throws<OperationCanceledException>(() => new Trainer(Short, 1).Fit(
            new ClassifierLearner(model, train, validation),
            epoch =>
            {
                told.Add(epoch.Epoch);
                if (epoch.Epoch == 2)
                    stop.Cancel();
            },
            stop.Token));

        Assert.Equal([1, 2], told);
    }

    [Fact]
    public void Epochs_leave_no_tensors_behind()
    {
        var alive = new List<long>();

        Fit(Short with { Epochs = 6, Keep = KeptEpoch.Best }, onEpoch: _ => alive.Add(Tensor.TotalCount));

        Assert.InRange(alive[^1], 0, alive[1]);
    }

    [Fact]
    public void Batches_leave_little_more_than_their_losses_until_the_epoch_ends()
    {
        using var many = Squares.On(Squares.Pixels(600), Squares.Labels(600), Squares.Task);
        var (alive, peak) = (Tensor.TotalCount, Tensor.PeakCount);

        new Trainer(new() { Epochs = 1, BatchSize = 2 }, 1)
            .Fit(new ClassifierLearner(model, many, validation), cancellation: TestContext.Current.CancellationToken);

        Assert.InRange(Tensor.PeakCount, 0, Math.Max(peak, alive + 1500));   // 300 batches; each makes some forty tensors
    }

    [Fact]
    public void Score_of_many_images_is_that_of_all_batches_in_file_order()
    {
        using var many = Squares.On(Squares.Pixels(600, first: 2), Squares.Labels(600), Squares.Task);
        using var last = Squares.On(Slice(Squares.Pixels(600, first: 2), 512, 600), Squares.Labels(88), Squares.Task);

        var all = new Predictor(model).Assess(many).Probabilities;
        var tail = new Predictor(model).Assess(last).Probabilities;

        Assert.Equal(600, all.GetLength(0));
        for (var image = 0; image < 88; image++)
            Assert.Equal(tail[image, 1], all[512 + image, 1], 1e-6f);
    }

    [Fact]
    public void Embeddings_come_for_the_first_images()
    {
        var first = new Predictor(model).Pass(train, 10).Embeddings!;
        using var all = new Predictor(model).Embeddings(train.Images);

        Assert.Equal((10, 64), (first.GetLength(0), first.GetLength(1)));
        Assert.Equal([60, 64], all.shape);
        Assert.Equal(all[..10].data<float>().ToArray(), first.Cast<float>());
        Assert.Null(new Predictor(model).Pass(train, 0).Embeddings);
    }

    [Fact]
    public void Images_become_floats_from_minus_one_to_one_and_the_split_outlives_them()
    {
        using var split = new Split(tensor(new byte[] { 0, 51, 204, 255 }).reshape(1, 1, 2, 2), Labels.Of(new byte[1, 1]), null);
        using (var images = new ImageSet(split, CPU))
        using (var floats = images.Images(0, 1))
        {
            Assert.Equal(ScalarType.Float32, floats.dtype);
            Assert.All(floats.data<float>().ToArray().Zip([-1, -0.6f, 0.6f, 1]), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        }

        Assert.Equal([0, 51, 204, 255], split.Images.data<byte>().ToArray());
    }

    private FitResult Fit(FitOptions options, LabelledImages? on = null, Action<EpochRecord>? onEpoch = null) =>
        new Trainer(options, 1).Fit(new ClassifierLearner(model, train, on ?? validation), onEpoch, TestContext.Current.CancellationToken);

    private (FitResult Fit, string Bits) Trained(FitOptions options, long seed)
    {
        using var trained = Classifier.Create(new(), Squares.Info, 1);
        var fit = new Trainer(options, seed).Fit(new ClassifierLearner(trained, train, validation), cancellation: TestContext.Current.CancellationToken);
        return (fit, trained.Bits());
    }

    private static byte[,] Meaningless(int count)
    {
        var labels = new byte[count, 1];
        for (var image = 0; image < count; image++)
            labels[image, 0] = (byte)(image / 2 % 2);   // as often with a square as without
        return labels;
    }

    private static byte[,,] Slice(byte[,,] pixels, int start, int end)
    {
        var part = new byte[end - start, Squares.Size, Squares.Size];
        Buffer.BlockCopy(pixels, start * Squares.Size * Squares.Size, part, 0, part.Length);
        return part;
    }
}
