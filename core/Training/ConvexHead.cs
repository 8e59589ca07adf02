using System.Diagnostics;
using MedTransfer.Models;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>
/// Trains a head alone to the one minimum of its loss, on embeddings computed once: regularised logistic regression.
/// Minimises mean loss + |W|^2 / (2 C n) over the weights of the standardised embeddings (so that their scale does not matter) in double
/// precision, the bias free, from zero; the answer does not depend on a seed.
/// </summary>
/// <param name="Loss">What the labels ask for.</param>
/// <param name="Options">Its inverse penalty C is used.</param>
public sealed record ConvexHead(LabelLoss Loss, FitOptions Options)
{
    /// <summary>No component of the gradient is larger at the end.</summary>
    private const double Tolerance = 1e-6;

    private const int MaxIterations = 5000;

    /// <summary>Solves for the head of <paramref name="model"/>; its features are read, never changed.</summary>
    /// <exception cref="MedTransferException">The solver did not reach the minimum.</exception>
    public FitResult Fit(
        Classifier model, LabelledImages train, LabelledImages validation, Action<EpochRecord>? onEpoch = null, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var predictor = new Predictor(model);
        using var features = predictor.Embeddings(train.Images).to(ScalarType.Float64);
        var (mean, deviation) = Standardise(features);
        using var weights = Options.Balance == ClassBalance.Loss
            ? tensor(new ClassShares(Loss.Task, train.Labels, model.Outputs).LossWeights(), device: features.device)
            : null;
        var minimum = Solve(features, Double(train.Images.Targets), weights, model.Outputs, cancellation);
        SetHead(model, minimum.Point, mean, deviation);
        clock.Stop();

        var assessed = predictor.Assess(validation, Loss);
        var trainLoss = predictor.Assess(train, Loss).Loss;
        var scores = assessed.Scores;
        var record = new EpochRecord(1, null, trainLoss, assessed.Loss, scores.Accuracy, scores.BalancedAccuracy, scores.RocAuc);
        onEpoch?.Invoke(record);
        return new FitResult([record], record.Epoch, clock.Elapsed.TotalSeconds) { EpochSeconds = [clock.Elapsed.TotalSeconds] };
    }

    private Lbfgs.Minimum Solve(Tensor features, Tensor targets, Tensor? weights, long outputs, CancellationToken cancellation)
    {
        long count = features.shape[0], width = features.shape[1];
        var penalty = 1 / (Options.InversePenalty * count);

        double Objective(ReadOnlySpan<double> point, Span<double> gradient)
        {
            using var gradients = enable_grad();
            using var scope = NewDisposeScope();
            var all = tensor(point.ToArray(), device: features.device).reshape(outputs, width + 1).requires_grad_(true);
            var weight = all.slice(1, 0, width, 1);
            var logits = features.mm(weight.t()) + all.select(1, width);
            var loss = Loss.Of(logits, targets, weights) + weight.square().sum() * (penalty / 2);
            loss.backward();
            all.grad!.cpu().data<double>().CopyTo(gradient);
            return loss.item<double>();
        }

        var minimum = Lbfgs.Minimise(Objective, new double[outputs * (width + 1)], Tolerance, MaxIterations, cancellation);
        return minimum.Converged ? minimum : throw new MedTransferException(
            $"The head did not converge in {minimum.Iterations} iterations: use a stronger penalty (a smaller C).");
    }

    private static Tensor Double(Tensor targets) => targets.is_floating_point() ? targets.to(ScalarType.Float64) : targets;

    // in place: every column to mean 0 and deviation 1; a constant one to 0
    private static (Tensor Mean, Tensor Deviation) Standardise(Tensor features)
    {
        var mean = features.mean([0]);
        features.sub_(mean);
        var deviation = features.square().mean([0]).sqrt();
        deviation.masked_fill_(deviation.eq(0), 1);
        features.div_(deviation);
        return (mean, deviation);
    }

    // the weights of the standardised columns, as weights of the columns themselves
    private static void SetHead(Classifier model, double[] solution, Tensor mean, Tensor deviation)
    {
        var head = model.Head;
        long outputs = head.weight.shape[0], width = head.weight.shape[1];
        var both = tensor(solution).reshape(outputs, width + 1).to(head.weight.device);
        var weight = both.slice(1, 0, width, 1) / deviation;
        head.weight.copy_(weight);
        head.bias!.copy_(both.select(1, width) - weight.mv(mean));
    }
}
