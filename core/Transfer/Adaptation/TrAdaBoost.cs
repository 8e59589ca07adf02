using MedTransfer.Numerics;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Transfer.Adaptation;

/// <summary>
/// TrAdaBoost (Dai, Yang, Xue and Yu, ICML 2007) of two classes: logistic regressions one after the other on the images of both domains. After each, target images that
/// it gets wrong weigh more, as in AdaBoost, and source images that it gets wrong weigh less, as these are the least like the target's. The second
/// half of the regressions decide together, those among them that err on less than half of the weighted target. They vote by log odds, where the paper's vote by class, each weighed by ln(1 / beta) as there:
/// the sum of linear functions is one, and has probabilities.
/// </summary>
internal static class TrAdaBoost
{
    private const double Tolerance = 1e-10;

    /// <summary>What came of it.</summary>
    /// <param name="Head">Weights of the columns, then the bias, of the log odds of class 1: float64 (D + 1).</param>
    /// <param name="SourceWeights">What each source image weighed in the last round, float64 (n_s), 1 where it weighed as much as at the start.</param>
    public sealed record Result(Tensor Head, Tensor SourceWeights);

    /// <param name="embeddings">Standardised, float64 (n_t + n_s, D), the target's first.</param>
    /// <param name="classes">float64 (n_t + n_s), 0 or 1.</param>
    /// <param name="targets">n_t, at least 1.</param>
    /// <param name="rounds">Regressions, at least 2.</param>
    /// <param name="inversePenalty">C of each: it minimises the weighted mean loss + |w|^2 / (4 C n_t), w the difference of the two classes' weights.</param>
    public static Result Fit(Tensor embeddings, Tensor classes, int targets, int rounds, double inversePenalty, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var (count, width) = (embeddings.shape[0], embeddings.shape[1]);
        var sources = count - targets;
        var coordinates = PrincipalCoordinates.Of(embeddings);
        var penalty = tensor(new[] { 1 / (2 * inversePenalty * targets) }, device: embeddings.device);
        var weights = ones(count, ScalarType.Float64, embeddings.device);
        var lessening = -Math.Log(1 + Math.Sqrt(2 * Math.Log(Math.Max(sources, 2)) / rounds));   // ln beta
        var head = zeros(width + 1, ScalarType.Float64, embeddings.device);
        var best = zeros(width + 1, ScalarType.Float64, embeddings.device);
        var (votes, least) = (0.0, double.PositiveInfinity);
        for (var round = 0; round < rounds; round++)
        {
            using var inner = NewDisposeScope();
            var shares = weights.div(weights.sum()).unsqueeze(1);
            var batch = new LogisticBatch(coordinates, classes.reshape(-1, 1, 1), shares);
            if (!batch.Solve(penalty, Tolerance, cancellation))
                throw new MedTransferException(FormattableString.Invariant($"Round {round + 1} of TrAdaBoost did not converge: use a stronger penalty (a smaller C)."));
            var found = batch.Minima().flatten();
            var odds = embeddings.mv(found.narrow(0, 0, width)).add_(found[width], Scalars.One);
            var wrong = odds.gt(Scalars.Kept(0)).to(ScalarType.Float64).sub_(classes).abs_();
            var ofTarget = weights.narrow(0, 0, targets);
            var error = (ofTarget * wrong.narrow(0, 0, targets)).sum().item<double>() / ofTarget.sum().item<double>();
            if (error < least)
            {
                best.copy_(found);
                least = error;
            }

            // ln(1 / beta_t): one that errs on half of the target or more has no vote, one that makes no error not infinitely many
            var strength = error >= 0.5 ? 0 : Math.Log(1 / Math.Max(error, 0.5 / targets) - 1);
            using TorchSharp.Scalar vote = strength;
            if (round >= (rounds - 1) / 2)
            {
                head.add_(found, vote);
                votes += strength;
            }

            if (round == rounds - 1)
                break;
            ofTarget.mul_(wrong.narrow(0, 0, targets).mul(vote).exp_());
            weights.narrow(0, targets, sources).mul_(wrong.narrow(0, targets, sources).mul(Scalars.Kept(lessening)).exp_());
        }

        // where none of those that decide has a vote, the one that did best decides
        using TorchSharp.Scalar all = votes;
        return new((votes > 0 ? head.div_(all) : best).MoveToOuterDisposeScope(), weights.narrow(0, targets, sources).clone().MoveToOuterDisposeScope());
    }
}
