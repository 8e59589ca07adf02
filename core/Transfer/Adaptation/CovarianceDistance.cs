using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Transfer.Adaptation;

/// <summary>
/// How far the covariances of two sets of embeddings are apart (Sun and Saenko, "Deep CORAL", ECCV workshops 2016):
/// |C_a - C_b|^2 / (4 D^2), squared Frobenius norm, C with divisor n - 1.
/// </summary>
internal static class CovarianceDistance
{
    /// <summary>A scalar with a gradient, 0 where the covariances are the same.</summary>
    /// <param name="first">(n, D), n at least 2.</param>
    /// <param name="second">(m, D), m at least 2.</param>
    public static Tensor Of(Tensor first, Tensor second)
    {
        var width = first.shape[1];
        var difference = Covariance(first).add(Covariance(second), Scalars.Kept(-1));
        return difference.mul(difference).sum().div(Scalars.Kept(4.0 * width * width));
    }

    private static Tensor Covariance(Tensor values)
    {
        var centred = values.add(values.mean([0L], keepdim: true), Scalars.Kept(-1));
        return centred.t().mm(centred).div(Scalars.Kept(values.shape[0] - 1));
    }
}
