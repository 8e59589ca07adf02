using MedTransfer.Data;
using MedTransfer.Evaluation;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tests.Models;
using MedTransfer.Training;
using MedTransfer.Training.Objectives.Adaptation;
using MedTransfer.Transfer;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training.Objectives.Adaptation;

/// <summary>Trainings on squares whose source has them too, but inverted: bright where the target's images are dark.</summary>
[Collection(OneAtATime.Name)]
public sealed class DomainAdaptationTests : IDisposable
{
    private const int Images = 64;

    private readonly Dataset target = Squares.Dataset(LabelTask.BinaryClass, 2, Images);
    private readonly Dataset source = Changed(pixels => pixels.mul(-1).add(255));

    public void Dispose()
    {
        target.Dispose();
        source.Dispose();
    }

    public static TheoryData<DomainAdaptation> Kinds => [new CorrelationAlignment { Weight = 100 }, new DiscrepancyAlignment(), new AdversarialAlignment(), new ImportanceWeighting()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Same_seed_gives_the_same_bits_and_both_domains_are_learned(DomainAdaptation kind)
    {
        using var model = Trained(kind);
        using var again = Trained(kind);
        using var other = Trained(kind with { UsesTargetLabels = false });

        Assert.Equal(model.Bits(), again.Bits());
        Assert.NotEqual(model.Bits(), other.Bits());
        Assert.True(AucOf(model, target) > 0.95, $"{AucOf(model, target)}");
        Assert.True(AucOf(model, source) > 0.95, $"{AucOf(model, source)}");
    }

    // what each brings together, as it is measured itself: embeddings of both domains after training with it and without
    [Fact]
    public void Alignment_brings_the_domains_together()
    {
        using var scope = NewDisposeScope();
        using var plain = Trained(new CorrelationAlignment { Weight = 1e-9 });
        using var coral = Trained(new CorrelationAlignment { Weight = 100 });
        using var mmd = Trained(new DiscrepancyAlignment());

        Assert.True(Apart(coral, CovarianceDistance.Of) < 0.5 * Apart(plain, CovarianceDistance.Of), $"{Apart(coral, CovarianceDistance.Of)} of {Apart(plain, CovarianceDistance.Of)}");
        Assert.True(Apart(mmd, MeanDiscrepancy.Of) < 0.5 * Apart(plain, MeanDiscrepancy.Of), $"{Apart(mmd, MeanDiscrepancy.Of)} of {Apart(plain, MeanDiscrepancy.Of)}");
    }

    // without a reversed gradient the domain classifier learns to tell brighter images; against it, the features leave it little, and keep the labels
    [Fact]
    public void Domain_classifier_is_brought_near_chance_while_labels_are_learned()
    {
        using var scope = NewDisposeScope();
        using var brighter = Changed(pixels => pixels.mul(0.8).add(40));
        using var plain = Trained(new AdversarialAlignment { Weight = 1e-9 }, epochs: 60, brighter);
        using var adversarial = Trained(new AdversarialAlignment(), epochs: 60, brighter);

        Assert.InRange(DomainAccuracy(plain, brighter), 0.95, 1);
        Assert.InRange(DomainAccuracy(adversarial, brighter), 0, 0.75);
        Assert.True(AucOf(adversarial, target) > 0.95, $"{AucOf(adversarial, target)}");
    }

    // the history's label loss is plain training's as long as the term moves nothing, and is not among what the term adds
    [Fact]
    public void Term_of_alignment_stands_apart_from_the_loss_of_labels()
    {
        // one step each, so that nothing has moved yet: the term is worth its weight, and no part of the loss of labels
        var once = new FitOptions { Epochs = 1, BatchSize = 1000, LearningRate = 1e-3 };
        var plain = Assert.Single(History(new PooledTraining(), options: once));
        var light = Assert.Single(History(new DiscrepancyAlignment { Weight = 1 }, options: once));
        var heavy = Assert.Single(History(new DiscrepancyAlignment { Weight = 1000 }, options: once));

        Assert.Equal(0, plain.Training.Count);
        Assert.Equal([Metric.TermLoss], heavy.Training.Names);
        Assert.Equal([plain.TrainLoss, plain.TrainLoss], new[] { light.TrainLoss, heavy.TrainLoss }, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.InRange(light.Training[Metric.TermLoss]!.Value, 1e-4, 2);
        Assert.Equal(1000, heavy.Training[Metric.TermLoss]!.Value / light.Training[Metric.TermLoss]!.Value, tolerance: 0.01);
    }

    // of domains that differ by nothing it is chance, of inverted ones that nobody hides nearly 1
    [Fact]
    public void History_has_how_well_the_domains_are_told_apart()
    {
        using var same = Changed(pixels => pixels);
        double Last(AdversarialAlignment kind, Dataset other) => History(kind, other)[^1].Training[Metric.DomainAccuracy]!.Value;

        Assert.InRange(Last(new() { Weight = 1e-9 }, source), 0.95, 1);
        Assert.InRange(Last(new(), same), 0.3, 0.7);
    }

    private IReadOnlyList<EpochRecord> History(DomainAdaptation kind, Dataset? other = null, FitOptions? options = null)
    {
        options ??= new FitOptions { Epochs = 12, BatchSize = 16, LearningRate = 3e-3 };
        using var model = (Classifier)kind.Create(new() { Latent = 16 }, target.Info, seed: 1);
        return kind.Fit(model, new(new(target, other ?? source), new() { Latent = 16 }, TransferPlan.Scratch, options, 1, CPU)).History;
    }

    private double DomainAccuracy(Classifier model, Dataset other)
    {
        model.eval();
        var domain = model.Attached(AdversarialAlignment.DomainPart);
        double Share(Dataset data, bool isTarget) => domain.call(Embeddings(model, data)).gt(0).eq(isTarget).to(ScalarType.Float64).mean().item<double>();
        return (Share(target, true) + Share(other, false)) / 2;
    }

    private double Apart(Classifier model, Func<Tensor, Tensor, Tensor> distance)
    {
        model.eval();
        return distance(Embeddings(model, target), Embeddings(model, source)).item<float>();
    }

    private static Tensor Embeddings(Classifier model, Dataset data)
    {
        using var images = new ImageSet(data.Train, CPU);
        return model.Features.call(images.Images(0, images.Count)).detach();
    }

    private static double AucOf(Classifier model, Dataset data)
    {
        using var images = LabelledImages.On(CPU, data.Validation, Squares.Task);
        return new Predictor(model).Assess(images).Scores.Values[Metric.RocAuc]!.Value;
    }

    private Classifier Trained(DomainAdaptation kind, int epochs = 12, Dataset? other = null)
    {
        var plan = TransferPlan.Scratch;
        var options = new FitOptions { Epochs = epochs, BatchSize = 16, LearningRate = 3e-3 };
        var model = (Classifier)kind.Create(new() { Latent = 16 }, target.Info, seed: 1);
        kind.Fit(model, new(new(target, other ?? source), new() { Latent = 16 }, plan, options, 1, CPU));
        return model;
    }

    private static Dataset Changed(Func<Tensor, Tensor> change)
    {
        using var data = Squares.Dataset(LabelTask.BinaryClass, 2, Images);
        return new(data.Info, "", Of(data.Train), Of(data.Validation), Of(data.Test));

        Split Of(Split split)
        {
            using var scope = NewDisposeScope();
            return new(change(split.Source.Batch(0, split.Count).to(ScalarType.Float32)).to(ScalarType.Byte).DetachFromDisposeScope(), split.Labels, null);
        }
    }
}
