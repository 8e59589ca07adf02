using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tests.Models;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Training.Objectives.TwoViews;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training.Objectives.TwoViews;

[Collection(OneAtATime.Name)]
public sealed class LinearProbeTests
{
    [Theory]
    [InlineData(LabelTask.BinaryClass, 2)]
    [InlineData(LabelTask.MultiClass, 3)]
    [InlineData(LabelTask.MultiLabel, 2)]
    public void It_scores_as_a_head_that_is_trained_to_its_optimum(LabelTask task, int outputs)
    {
        using var data = Squares.Dataset(task, outputs);
        using var classifier = Classifier.Create(new() { Latent = 8 }, data.Info, 1);
        using var probe = new LinearProbe(data, CPU);
        var before = classifier.Bits();

        var auc = probe.RocAuc(classifier.Layers, TestContext.Current.CancellationToken);

        Assert.Equal(before, classifier.Bits());
        using var train = LabelledImages.On(CPU, data.Train, MedTransfer.Tasks.LearningTask.Of(data.Info));
        using var validation = LabelledImages.On(CPU, data.Validation, train.Task);
        var fit = new LogisticRegression(new FitOptions { InversePenalty = 0.1 }).Fit(classifier, train, validation, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(fit.History[0].Validation[MedTransfer.Evaluation.Metric.RocAuc]!.Value, auc!.Value, 1e-6);
    }

    [Fact]
    public void Where_nothing_can_be_told_apart_there_is_no_score()
    {
        using var data = Squares.Dataset(LabelTask.BinaryClass, 2);
        using var classifier = Classifier.Create(new() { Latent = 8 }, data.Info, 1);
        using var evens = new Dataset(data.Info, "", data.Train.Subset([.. Enumerable.Range(0, 30).Select(image => 2 * image)]), data.Validation.Share(), data.Test.Share());
        using var unwatched = new Dataset(data.Info, "", data.Train.Share(), data.Validation.Subset([]), data.Test.Share());
        using var ofOneClass = new LinearProbe(evens, CPU);
        using var ofNone = new LinearProbe(unwatched, CPU);

        Assert.Null(ofOneClass.RocAuc(classifier.Layers, TestContext.Current.CancellationToken));
        Assert.Null(ofNone.RocAuc(classifier.Layers, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Embeddings_that_have_collapsed_guess()
    {
        using var data = Squares.Dataset(LabelTask.BinaryClass, 2);
        using var classifier = Classifier.Create(new() { Latent = 8 }, data.Info, 1);
        using var probe = new LinearProbe(data, CPU);
        using (no_grad())
        {
            foreach (var weight in classifier.Features.parameters())
                weight.zero_();
        }

        Assert.Equal(0.5, probe.RocAuc(classifier.Layers, TestContext.Current.CancellationToken));
    }
}
