using System.Text.Json.Serialization;
using MedTransfer.Data;
using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Classification;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Numerics;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.TwoViews;

/// <summary>
/// Learns without labels from two views of each image, drawn at random, each its own: their projections shall agree, and those of different images shall not. Each
/// image passes the network twice a step. Where the data has labels, a linear model on the embeddings is scored after each epoch (<see cref="LinearProbe"/>): that is told, and nothing else; labels
/// play no part in the weights, nor in which epoch's are kept.
/// </summary>
public abstract record TwoViewLearning : Objective
{
    private protected TwoViewLearning(string name, string title) : base(name) => Title = title;

    /// <summary>What the field calls it.</summary>
    [JsonIgnore]
    public string Title { get; }

    /// <summary>
    /// How views are drawn; default shift .1, rotation 10, scale .15, brightness .1 and contrast .2, about twice as strongly as training images of a classifier are changed, as views that are nearly alike
    /// have little to teach. No more strongly, as radiographs differ in less than photographs do: on 7,848 of 28 pixels, with twice that brightness and contrast, encoders were worth .02 to .07 less test
    /// ROC AUC to a frozen head on a few hundred images of another set of them, and with four times that less than random ones.
    /// </summary>
    public Augmentation Views { get; init; } = new() { Shift = 0.1, Rotation = 10, Scale = 0.15, Brightness = 0.1, Contrast = 0.2 };

    /// <summary>H, units of either layer of the projector, 1 to 65,536; default 128.</summary>
    public int ProjectionWidth { get; init; } = 128;

    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override int Passes => 2;

    /// <inheritdoc/>
    public sealed override string TitleOf(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        return architecture.Title;
    }

    /// <inheritdoc/>
    /// <remarks>Those of the embeddings' spread and, of data with labels, that of the probe.</remarks>
    public sealed override IReadOnlyList<string> MetricsOn(DatasetInfo data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Task is null ? [Metric.EffectiveRank, Metric.EmbeddingDeviation] : [Metric.EffectiveRank, Metric.EmbeddingDeviation, Metric.ProbeRocAuc];
    }

    /// <inheritdoc/>
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(fit);
        if (!model.Architecture.LearnsFeatures || model.Architecture.ComesTrained)
            throw Wrong($"The {model.Architecture.Title} learns no features here: train one of {string.Join(", ", Architecture.All.Where(entry => entry.LearnsFeatures && !entry.ComesTrained))} by {Title}");
        if (fit.Solver != Solver.Adam)
            throw Wrong($"Logistic regression trains a classifier's head: train by {Title} with Adam");
        if (fit.ChosenBy.Any(metric => metric != Metric.Loss))
            throw Wrong($"{Title} predicts nothing, and no label may choose its epochs: stop and keep by the loss");
        if (fit.Balance != ClassBalance.None)
            throw Wrong($"{Title} learns without labels, so that it has no classes to balance: leave the balance out");
        if (!plan.TrainsAll)
            throw Wrong($"{Title} trains all of its parts: use a plan in which nothing stays");
        if (fit.Augmentation is not null)
            throw Wrong($"{Title} draws views of its own: leave the augmentation of the training out, and set the views");
        if (fit.BatchSize < 2)
            throw Wrong($"{Title} tells the images of a batch apart: give it a batch size of 2 or more");
        Views.Checked();
        if (ProjectionWidth is not (>= 1 and <= 65_536))
            throw Wrong($"The projection of {Title} has {ProjectionWidth} units, but must have 1 to 65,536");
    }

    internal sealed override void RequireLearnable(Dataset drawn, string path)
    {
        if (drawn.Train.Count < 2)
            throw new MedTransferException($"{path}: {Title} tells images apart, and there is {drawn.Train.Count} to train on: give it 2 or more.");
    }

    /// <inheritdoc/>
    public sealed override nn.Module Create(ModelOptions model, DatasetInfo data, long seed) => TwoViewEncoder.Create(model, data, ProjectionWidth, seed);

    /// <inheritdoc/>
    public sealed override FitResult Fit(nn.Module model, Fitting fitting)
    {
        ArgumentNullException.ThrowIfNull(fitting);
        using var learner = new TwoViewLearner(PairsOf(model), fitting.Data.Target, fitting.Options.BatchSize, fitting.Device) { Cancellation = fitting.Cancellation };
        return (fitting.Trainer with { Plan = PlanOf(fitting.Plan) }).Fit(learner, fitting.OnEpoch, fitting.Cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>The loss is that of the validation after an epoch: of views that are the same every time.</remarks>
    public sealed override SplitOutput Measure(nn.Module model, Split split, Measuring measuring)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(measuring);
        using var scope = NewDisposeScope();
        using var images = new ImageSet(split, measuring.Device);
        var pairs = PairsOf(model);
        var loss = pairs.MeanLoss(images, measuring.Options.BatchSize);
        using var shown = split.First(Math.Max(measuring.MostEmbeddings, EmbeddingSpread.MostImages), measuring.Device);
        var embeddings = ForwardPass.Map(pairs.Encoder.Layers, shown, pairs.Encoder.Layers.call);
        var values = EmbeddingSpread.ValuesOf(EmbeddingSpread.Of(First(embeddings, EmbeddingSpread.MostImages)));
        var kept = measuring.MostEmbeddings == 0 ? null : First(embeddings, measuring.MostEmbeddings).ToMatrix();
        return new(loss, new Scores { Images = split.Count, Values = new(values) }, new float[split.Count, 0], kept);
    }

    /// <summary>The loss of projections (n, H) of two views of the same images in the same order, n at least 2: a scalar with a gradient.</summary>
    private protected abstract Tensor LossOf(Tensor first, Tensor second);

    internal sealed override TransferPlan PlanOf(TransferPlan plan) => plan.WithHeadAs(TwoViewEncoder.ProjectorPart);

    private ViewPairs PairsOf(nn.Module model) => new((TwoViewEncoder)model, Views, LossOf);

    private static Tensor First(Tensor values, int most) => values.narrow(0, 0, Math.Min(most, values.shape[0]));
}
