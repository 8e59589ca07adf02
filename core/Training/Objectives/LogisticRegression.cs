using System.Diagnostics;
using MedTransfer.Evaluation;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Numerics;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>
/// Trains a head alone to the one minimum of its loss, on embeddings computed once: penalised logistic regression, of several classes
/// multinomial. Minimises mean loss + |W|^2 / (2 C n) over the weights of the standardised embeddings (so that their scale does not matter) in
/// double precision, the bias free, from zero; the answer does not depend on a seed. By Newton's method along the principal axes of the embeddings.
/// </summary>
/// <param name="Options">Its inverse penalty C is used, or the choice of one; and its class balance.</param>
public sealed record LogisticRegression(FitOptions Options)
{
    /// <summary>What the penalised loss of a problem is above its minimum, as the gradient and the Hessian's diagonal tell: some times that.</summary>
    private const double Tolerance = 1e-13;

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
        var columns = new StandardColumns(embeddings);
        var coordinates = PrincipalCoordinates.Of(columns.Values);
        var chosen = Options.PenaltyChoice is { } choice ? new PenaltySearch(choice, Options.Balance).Choose(coordinates, train, model.Outputs, cancellation) : null;
        model.SetHead(columns.OfColumns(Solve(coordinates, train, model.Outputs, chosen?.InversePenalty ?? Options.InversePenalty, cancellation)));
        clock.Stop();

        var trainLoss = train.Task.Loss(model.Logits(embeddings), train.Targets).item<float>();
        var assessed = validation.Count == 0 ? null : predictor.Assess(validation);
        var record = new EpochRecord(1, null, trainLoss, assessed?.Loss, assessed?.Scores.Values ?? MetricValues.None);
        onEpoch?.Invoke(record);
        return new FitResult([record], record.Epoch, clock.Elapsed.TotalSeconds) { EpochSeconds = [clock.Elapsed.TotalSeconds], Penalty = chosen };
    }

    /// <summary>Weights (K, D) and biases of the standardised columns, float64 (K, D + 1).</summary>
    private Tensor Solve(PrincipalCoordinates coordinates, LabelledImages train, int outputs, double inversePenalty, CancellationToken cancellation)
    {
        var problems = HeadProblems.Of(train, outputs, Options.Balance);
        var batch = new LogisticBatch(coordinates, problems.Targets, problems.Learned);
        return batch.Solve(problems.Penalties.div(Scalars.Kept(inversePenalty)), Tolerance, cancellation)
            ? HeadProblems.HeadOf(batch.Minima(), train.Task)
            : throw new MedTransferException(FormattableString.Invariant($"The head did not converge at C = {inversePenalty}: use a stronger penalty (a smaller C)."));
    }
}
