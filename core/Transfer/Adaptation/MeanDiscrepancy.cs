using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Transfer.Adaptation;

/// <summary>
/// The squared maximum mean discrepancy of two sets of embeddings (Gretton et al., JMLR 13, 2012): mean k(a, a') + mean k(b, b') - 2 mean k(a, b),
/// each over all pairs, a point with itself among them, so that it is never below 0. The kernel is the mean of five Gaussians, as Long et al.
/// (ICML 2015) take several: exp(-|x - y|^2 / (s m)), m the median squared distance of two different points at hand, s = 1/4, 1/2, 1, 2, 4.
/// </summary>
internal static class MeanDiscrepancy
{
    private static readonly double[] Scales = [0.25, 0.5, 1, 2, 4];

    /// <summary>Points that are all the same have no distance to measure others by.</summary>
    private const double LeastDistance = 1e-12;

    /// <summary>A scalar with a gradient, 0 to 2.</summary>
    /// <param name="first">(n, D), n at least 1.</param>
    /// <param name="second">(m, D), m at least 1.</param>
    public static Tensor Of(Tensor first, Tensor second)
    {
        var count = first.shape[0];
        var points = cat([first, second]);
        var distances = SquaredDistances(points);
        var median = Median(distances.detach());
        var kernel = Scales.Select(scale => distances.div(median.mul(Scalars.Kept(-scale))).exp()).Aggregate((a, b) => a.add(b, Scalars.One)).div(Scalars.Kept(Scales.Length));
        var (upper, lower) = (kernel.narrow(0, 0, count), kernel.narrow(0, count, second.shape[0]));
        return upper.narrow(1, 0, count).mean()
            .add(lower.narrow(1, count, second.shape[0]).mean(), Scalars.One)
            .add(upper.narrow(1, count, second.shape[0]).mean(), Scalars.Kept(-2));
    }

    private static Tensor Median(Tensor distances)
    {
        var pairs = triu_indices(distances.shape[0], distances.shape[0], offset: 1, device: distances.device);
        return distances.index(TensorIndex.Tensor(pairs[0]), TensorIndex.Tensor(pairs[1])).median().clamp_min_(Scalars.Kept(LeastDistance));
    }

    private static Tensor SquaredDistances(Tensor points)
    {
        var lengths = points.mul(points).sum(1);
        return lengths.unsqueeze(1).add(lengths.unsqueeze(0), Scalars.One).add(points.mm(points.t()), Scalars.Kept(-2)).clamp_min(Scalars.Kept(0));
    }
}
