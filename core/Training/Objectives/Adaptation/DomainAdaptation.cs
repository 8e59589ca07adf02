using System.Text.Json.Serialization;
using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Transfer;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.Adaptation;

/// <summary>
/// Learns by steps on a batch of the target's images and a full one of the source's: the sum of the task's loss on either, where its labels are used, and of a
/// term that a kind of adaptation adds. An epoch is one over the target's images; the source's come in an order of their own, again and again where they are fewer.
/// </summary>
public abstract record DomainAdaptation : SourceObjective
{
    private protected DomainAdaptation(string name, string title) : base(name, title)
    {
    }

    /// <summary>
    /// Whether labels of the target's training images are learned from; default yes. Where they are not, adaptation is unsupervised, and no epoch can be chosen by the
    /// target's validation labels either: the last is kept.
    /// </summary>
    public bool UsesTargetLabels { get; init; } = true;

    /// <summary>Whether labels of the source's images are learned from, which must be the target's: see <see cref="SourceObjective.WhyLabelsDiffer"/>; default yes.</summary>
    public bool UsesSourceLabels { get; init; } = true;

    /// <inheritdoc/>
    /// <remarks>With each image of the target one of the source.</remarks>
    [JsonIgnore]
    public sealed override int Passes => 2;

    private protected override bool LearnsFromSourceLabels => UsesSourceLabels;

    /// <summary>What is minimised beside the losses, given the embeddings of both domains' batches; null for nothing.</summary>
    private protected virtual Alignment? AlignmentOf(Classifier model) => null;

    /// <summary>What each source image is drawn in proportion to, (n_s), on the CPU; null, the default, for each as often.</summary>
    private protected virtual Tensor? DrawWeights(Classifier model, ImageSet source, ImageSet target, CancellationToken cancellation) => null;

    /// <inheritdoc/>
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        base.Check(model, plan, fit);
        if (fit.Solver != Solver.Adam)
            throw Wrong($"{Title} learns by steps on batches of two sets: train with Adam");
        if (!UsesTargetLabels && !UsesSourceLabels)
            throw Wrong($"{Title} has no labels to learn from: let it use the target's or the source's");
        if (fit.Balance == ClassBalance.Sampling)
            throw Wrong($"{Title} draws images of two sets, which are not balanced by sampling: balance classes by the loss, or not");
        if (!UsesTargetLabels && fit.ChosenBy.Any())
            throw Wrong($"{Title} without labels of the target can't choose an epoch by them: keep the last epoch");
    }

    internal override void RequireLearnable(Dataset drawn, string path)
    {
        if (UsesTargetLabels)
            base.RequireLearnable(drawn, path);
    }

    /// <inheritdoc/>
    public sealed override FitResult Fit(nn.Module model, Fitting fitting)
    {
        ArgumentNullException.ThrowIfNull(fitting);
        var classifier = (Classifier)model;
        var (data, options) = (fitting.Data.Target, fitting.Options);
        var given = fitting.Data.Source ?? throw new ArgumentException("The source's images are missing", nameof(fitting));
        using var train = On(fitting.Device, data.Train, data.Info);
        using var validation = On(fitting.Device, data.Validation, data.Info);
        using var images = new ImageSet(given.Train, fitting.Device);
        using var labelled = UsesSourceLabels ? On(fitting.Device, given.Train, given.Info) : null;
        using var drawWeights = DrawWeights(classifier, images, train.Images, fitting.Cancellation);
        using var learner = new TwoDomainLearner(classifier, train, validation, images)
        {
            Source = labelled,
            UsesTargetLabels = UsesTargetLabels,
            Alignment = AlignmentOf(classifier),
            DrawWeights = drawWeights,
            Augmentation = options.Augmentation,
            Balance = options.Balance,
            BatchSize = options.BatchSize,
        };
        var fit = (fitting.Trainer with { Plan = PlanOf(fitting.Plan) }).Fit(learner, fitting.OnEpoch, fitting.Cancellation);
        return drawWeights is null ? fit : fit with { EffectiveSource = DensityRatio.EffectiveSize(drawWeights) };
    }
}

/// <summary>How far the domains of a batch are apart.</summary>
/// <param name="target">Embeddings (n, D) of the target's images.</param>
/// <param name="source">Embeddings (m, D) of the source's.</param>
/// <param name="progress">0 to 1, of the phase.</param>
internal delegate Aligned Alignment(Tensor target, Tensor source, double progress);

/// <summary>What an alignment says of a batch.</summary>
/// <param name="Term">A float32 scalar with a gradient, to be minimised.</param>
/// <param name="DomainAccuracy">Balanced accuracy of a domain classifier, a float32 scalar, .5 by chance; null where there is none.</param>
internal sealed record Aligned(Tensor Term, Tensor? DomainAccuracy = null);
