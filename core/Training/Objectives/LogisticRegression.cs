using System.Diagnostics;
using MedTransfer.Evaluation;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Numerics;
using MedTransfer.Runtime;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>
/// Trains a head alone to the one minimum of its loss, on embeddings computed once: penalised logistic regression, of several classes
/// multinomial. Minimises mean loss + |W|^2 / (2 C n) over the weights of the standardised embeddings (so that their scale does not matter) in
/// double precision, the bias free, from zero; the answer does not depend on a seed. By Newton steps for two classes and for findings, else by
/// L-BFGS.
/// </summary>
/// <param name="Options">Its inverse penalty C is used, or the choice of one; and its class balance.</param>
public sealed record LogisticRegression(FitOptions Options)
{
    /// <summary>No component of the gradient is larger at the end.</summary>
    private const double Tolerance = 1e-6;

    private const int MaxIterations = 5000;

    /// <summary>Columns up to which Newton steps are the quicker way: each solves as many equations.</summary>
    private const int WidestForNewton = 3000;

    /// <summary>Keeps the embeddings; null to compute them here.</summary>
    public Embedder? Embedder { get; init; }

    /// <summary>Solves for the head of <paramref name="model"/>; its features are read, never changed.</summary>
    /// <exception cref="MedTransferException">The solver did not reach the minimum.</exception>
    public FitResult Fit(
        Classifier model, LabelledImages train, LabelledImages validation, Action<EpochRecord>? onEpoch = null, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var predictor = new Predictor(model) { Embedder = Embedder, Depth = model.Layers.Names.Count };
        var embeddings = predictor.Embeddings(train.Images);
        using var features = embeddings.to(ScalarType.Float64, copy: true);
        var (mean, deviation) = Standardise(features);
        using var weights = Options.Balance == ClassBalance.Loss
            ? tensor(train.Task.LossWeights(train.Labels, model.Outputs), device: features.device)
            : null;
        var chosen = Options.PenaltyChoice is { } choice ? new PenaltySearch(choice, Options.Balance).Choose(features, train, model.Outputs, cancellation) : null;
        var inversePenalty = chosen?.InversePenalty ?? Options.InversePenalty;
        SetHead(model, Solve(features, train, weights, model.Outputs, inversePenalty, cancellation), mean, deviation);
        clock.Stop();

        var trainLoss = train.Task.Loss(model.Logits(embeddings), train.Targets).item<float>();
        var assessed = validation.Count == 0 ? null : predictor.Assess(validation);
        var record = new EpochRecord(1, null, trainLoss, assessed?.Loss, assessed?.Scores.Values ?? MetricValues.None);
        onEpoch?.Invoke(record);
        return new FitResult([record], record.Epoch, clock.Elapsed.TotalSeconds) { EpochSeconds = [clock.Elapsed.TotalSeconds], Penalty = chosen };
    }

    /// <summary>Weights (K, D) and biases of the standardised columns, float64 (K, D + 1).</summary>
    private static Tensor Solve(Tensor features, LabelledImages train, Tensor? weights, int outputs, double inversePenalty, CancellationToken cancellation)
    {
        long count = features.shape[0], width = features.shape[1];
        if (count < width)
        {
            // the minimum lies in the span of the rows: with X' = QR its coordinates there are those of a problem as wide as there are rows
            var (basis, triangle) = linalg.qr(features.t());
            var inside = Solve(triangle.t().contiguous(), train, weights, outputs, inversePenalty, cancellation);
            return cat([inside.slice(1, 0, count, 1).mm(basis.t()), inside.slice(1, count, count + 1, 1)], 1);
        }

        var penalty = 1 / (inversePenalty * count);
        return train.Task switch
        {
            FindingsTask when width <= WidestForNewton => OfFindings(features, train.Targets, weights, penalty, cancellation),
            ClassTask when width <= WidestForNewton && outputs == 2 => OfTwoClasses(features, train.Targets, weights, penalty, cancellation),
            var task => ByLbfgs(task, features, Double(train.Targets), weights, outputs, penalty, cancellation),
        };
    }

    // the softmax of two classes is the logistic of the difference of their logits; the penalty shares that difference equally
    private static Tensor OfTwoClasses(Tensor features, Tensor targets, Tensor? weights, double penalty, CancellationToken cancellation)
    {
        var ofImages = weights is null ? ones([targets.shape[0]], ScalarType.Float64, targets.device) : weights.index_select(0, targets);
        var half = Newton(features, targets.to(ScalarType.Float64), ofImages, penalty / 2, cancellation).div_(Scalars.Kept(2));
        return stack([-half, half]);
    }

    // the mean over what is known of findings is a problem of its own for each of them
    private static Tensor OfFindings(Tensor features, Tensor targets, Tensor? weights, double penalty, CancellationToken cancellation)
    {
        var known = FindingsTask.Known(targets).to(ScalarType.Float64);
        var present = targets.to(ScalarType.Float64).clamp_min_(Scalars.Kept(0));
        var all = known.sum().item<double>();
        var heads = new List<Tensor>();
        for (var finding = 0; finding < present.shape[1]; finding++)
        {
            var column = present.select(1, finding);
            var ofImages = weights is null ? ones_like(column) : column.mul(weights.select(0, finding).sub(Scalars.Kept(1))).add_(Scalars.One, Scalars.One);
            ofImages.mul_(known.select(1, finding));
            var sum = ofImages.sum().item<double>();
            // weights do not count in the divisor of the mean, so that they are a stronger loss beside the same penalty
            heads.Add(sum > 0 ? Newton(features, column, ofImages, penalty * all / sum, cancellation) : zeros([features.shape[1] + 1], ScalarType.Float64, features.device));
        }

        return stack(heads);
    }

    private static Tensor Newton(Tensor features, Tensor positive, Tensor weights, double lambda, CancellationToken cancellation)
    {
        var minimum = new LogisticNewton(features, lambda).Solve(positive, weights / weights.sum(), Tolerance, MaxIterations, cancellation);
        return minimum.Converged ? minimum.Point : throw NotConverged(minimum.Steps);
    }

    private static Tensor ByLbfgs(LearningTask task, Tensor features, Tensor targets, Tensor? weights, long outputs, double penalty, CancellationToken cancellation)
    {
        var width = features.shape[1];

        double Objective(ReadOnlySpan<double> point, Span<double> gradient)
        {
            using var gradients = enable_grad();
            using var scope = NewDisposeScope();
            var all = tensor(point.ToArray(), device: features.device).reshape(outputs, width + 1).requires_grad_(true);
            var weight = all.slice(1, 0, width, 1);
            var logits = features.mm(weight.t()).add(all.select(1, width), Scalars.One);
            var loss = task.Loss(logits, targets, weights).add(weight.mul(weight).sum().mul(Scalars.Kept(penalty / 2)), Scalars.One);
            loss.backward();
            all.grad!.cpu().data<double>().CopyTo(gradient);
            return loss.item<double>();
        }

        var minimum = Lbfgs.Minimise(Objective, new double[outputs * (width + 1)], Tolerance, MaxIterations, cancellation);
        return minimum.Converged ? tensor(minimum.Point, device: features.device).reshape(outputs, width + 1) : throw NotConverged(minimum.Iterations);
    }

    private static MedTransferException NotConverged(int iterations) =>
        new($"The head did not converge in {iterations} iterations: use a stronger penalty (a smaller C).");

    private static Tensor Double(Tensor targets) => targets.is_floating_point() ? targets.to(ScalarType.Float64) : targets;

    // in place: every column to mean 0 and deviation 1; a constant one to 0
    private static (Tensor Mean, Tensor Deviation) Standardise(Tensor features)
    {
        var mean = features.mean([0]);
        features.sub_(mean);
        var deviation = features.mul(features).mean([0]).sqrt();
        deviation.masked_fill_(deviation.eq(Scalars.Kept(0)), Scalars.Kept(1));
        features.div_(deviation);
        return (mean, deviation);
    }

    // the weights of the standardised columns, as weights of the columns themselves
    private static void SetHead(Classifier model, Tensor both, Tensor mean, Tensor deviation)
    {
        var head = model.Head;
        var width = head.weight.shape[1];
        var weight = both.slice(1, 0, width, 1) / deviation;
        head.weight.copy_(weight);
        head.bias!.copy_(both.select(1, width) - weight.mv(mean));
    }
}
