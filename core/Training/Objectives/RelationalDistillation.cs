using System.Text.Json.Serialization;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Transfer;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>
/// Tells labels while images keep to each other as a teacher sees them (Park, Kim, Lu and Cho, "Relational knowledge distillation", CVPR 2019): the task's loss, and
/// <see cref="RelationalDistance"/> of each batch's distances and angles. Of the teacher relations alone are taken over, no weight; it sees the training images once, as they are, also where
/// augmentation changes them for the student.
/// </summary>
public sealed record RelationalDistillation() : LabelObjective("rkd")
{
    /// <summary>What the loss of distances weighs beside the task's, 0 or above; default 0.2: the paper's 25 keeps a training of few steps from learning the labels.</summary>
    public double DistanceWeight { get; init; } = 0.2;

    /// <summary>What the loss of angles weighs, 0 or above; default 0.4, twice that of distances, as in the paper.</summary>
    public double AngleWeight { get; init; } = 0.4;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool SeesTeacher => true;

    /// <inheritdoc/>
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.Solver != Solver.Adam || plan.Phases[0].ToConvergence)
            throw Wrong("Relational distillation learns by steps on batches: train with Adam, by a plan whose head does not begin at its optimum");
        if (plan.TrainsHeadAlone)
            throw Wrong("Relational distillation moves embeddings: use a plan whose features train, some of them at least");
        foreach (var (name, value) in new[] { ("distances", DistanceWeight), ("angles", AngleWeight) })
        {
            if (value is not (>= 0 and <= float.MaxValue))
                throw Wrong(FormattableString.Invariant($"The weight of {name} in relational distillation is {value}, but must be 0 or above"));
        }

        if (DistanceWeight + AngleWeight == 0)
            throw Wrong("Relational distillation with both weights 0 distils nothing: give one of them a value");
    }

    /// <inheritdoc/>
    public override FitResult Fit(nn.Module model, Fitting fitting)
    {
        ArgumentNullException.ThrowIfNull(fitting);
        var teacher = fitting.Teacher ?? throw new ArgumentException("The teacher is missing", nameof(fitting));
        var data = fitting.Data.Target;
        using var train = On(fitting.Device, data.Train, data.Info);
        using var validation = On(fitting.Device, data.Validation, data.Info);
        using var seen = EmbeddingsOf(teacher, train.Images);
        using var learner = new ClassifierLearner((Classifier)model, train, validation)
        {
            Augmentation = fitting.Options.Augmentation,
            Balance = fitting.Options.Balance,
            Embedder = fitting.Options.ThroughFrozenLayers ? null : fitting.Embedder,
            Term = (embeddings, indices) => Term(embeddings, seen.index_select(0, indices)),
        };
        return fitting.Trainer.Fit(learner, fitting.OnEpoch, fitting.Cancellation);
    }

    // one image has no relations
    private Tensor Term(Tensor student, Tensor teacher)
    {
        if (student.shape[0] < 2)
            return student.sum().mul(Scalars.Kept(0));
        var (relations, seen) = (Relations.Of(student), Relations.Of(teacher));
        List<Tensor> terms = [];
        if (DistanceWeight > 0)
            terms.Add(RelationalDistance.OfDistances(relations, seen).mul(Scalars.Kept(DistanceWeight)));
        if (AngleWeight > 0)
            terms.Add(RelationalDistance.OfAngles(relations, seen).mul(Scalars.Kept(AngleWeight)));
        return terms.Aggregate((a, b) => a.add(b, Scalars.One)).to(student.dtype);
    }

    private static Tensor EmbeddingsOf(Classifier teacher, ImageSet images)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return new Predictor(teacher).Embeddings(images).DetachFromDisposeScope();
    }
}
