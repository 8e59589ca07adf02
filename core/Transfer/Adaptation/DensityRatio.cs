using MedTransfer.Numerics;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Transfer.Adaptation;

/// <summary>
/// How much more often images like one of the source's occur in the target, told by a domain classifier (Bickel, Brückner and Scheffer, JMLR 10,
/// 2009): (n_s / n_t) p / (1 - p), p the probability that an image is the target's, by logistic regression on standardised embeddings. Each source image
/// is judged by a regression that has not seen it, one of five folds (of as many as there are images, where these are fewer), with the penalty of lowest held-out loss. The ratios are scaled to a mean of 1, and then
/// taken no higher than the square root of their number (Ionides, "Truncated importance sampling", 2008).
/// </summary>
internal static class DensityRatio
{
    private const int MostFolds = 5;

    private const double Tolerance = 1e-8;

    /// <summary>C that are tried, ascending.</summary>
    private static readonly double[] InversePenalties = [1e-4, 1e-3, 0.01, 0.1, 1, 10, 100];

    /// <summary>The ratio of each source image, float64 (n_s), their mean 1 but for what is cut off.</summary>
    /// <param name="source">Embeddings (n_s, D).</param>
    /// <param name="target">Embeddings (n_t, D).</param>
    /// <exception cref="MedTransferException">A domain has fewer than two images.</exception>
    public static Tensor Of(Tensor source, Tensor target, CancellationToken cancellation)
    {
        var (sources, targets) = (source.shape[0], target.shape[0]);
        if (Math.Min(sources, targets) < 2)
            throw new MedTransferException($"Source images can't be weighed by their likeness to the target's: there are {sources} and {targets}, but it takes 2 of each at least.");
        using var scope = NewDisposeScope();
        var logits = HeldOutLogits(new StandardColumns(cat([source, target])).Values, (int)sources, (int)targets, cancellation).narrow(0, 0, sources);
        // their scale cancels, and the largest must not become infinite
        var ratios = logits.add(logits.max(), Scalars.Kept(-1)).exp_();
        ratios.div_(ratios.mean());
        return ratios.clamp_max_(Scalars.Kept(Math.Sqrt(sources))).MoveToOuterDisposeScope();
    }

    /// <summary>Of how many images of equal weight the weighted ones are worth: (sum w)^2 / sum w^2 (Kish 1965).</summary>
    public static double EffectiveSize(Tensor weights)
    {
        using var scope = NewDisposeScope();
        return Math.Pow(weights.sum().item<double>(), 2) / weights.mul(weights).sum().item<double>();
    }

    // all folds at once, from the strongest penalty to the weakest
    private static Tensor HeldOutLogits(Tensor embeddings, int sources, int targets, CancellationToken cancellation)
    {
        var (count, folds) = (sources + targets, Math.Min(MostFolds, Math.Min(sources, targets)));
        // each takes its turn, of either, in the order of the file
        var fold = tensor([.. Enumerable.Range(0, sources).Concat(Enumerable.Range(0, targets)).Select(image => (long)(image % folds))], device: embeddings.device);
        var heldOut = nn.functional.one_hot(fold, folds).to(ScalarType.Float64);
        var learned = heldOut.neg().add_(Scalars.One, Scalars.One);
        learned.div_(learned.sum([0L], keepdim: true));
        var isTarget = cat([zeros(sources, ScalarType.Float64, embeddings.device), ones(targets, ScalarType.Float64, embeddings.device)]);
        var coordinates = PrincipalCoordinates.Of(embeddings);
        if (coordinates.Variances.shape[0] == 0)
            return isTarget.mul(Scalars.Kept(0));   // nothing tells them apart: the same for all
        var batch = new LogisticBatch(coordinates, isTarget.reshape(-1, 1, 1), learned);
        var (least, best) = (double.PositiveInfinity, zeros(count, ScalarType.Float64, embeddings.device));
        foreach (var inverse in InversePenalties)
        {
            if (!batch.Solve(tensor([.. Enumerable.Repeat(1 / (inverse * count), folds)], device: embeddings.device), Tolerance, cancellation))
                break;   // a penalty so weak that nothing holds the weights is none to choose
            var loss = batch.Losses().mul_(heldOut).sum().item<double>() / count;
            if (loss >= least)
                break;
            var minima = batch.Minima().squeeze(1);
            var width = embeddings.shape[1];
            var logits = embeddings.mm(minima.narrow(1, 0, width).t()).add_(minima.narrow(1, width, 1).t(), Scalars.One);
            (least, best) = (loss, logits.mul_(heldOut).sum([1L]));
        }

        return best;
    }
}
