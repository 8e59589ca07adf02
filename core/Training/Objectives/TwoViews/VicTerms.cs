using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.TwoViews;

/// <summary>
/// The three terms of VICReg (Bardes, Ponce and LeCun, ICLR 2022), each a scalar with a gradient, 0 at best, as the authors' code has them: it takes the mean over columns too of the first, which
/// the paper's formula sums, and the mean of both views of the second.
/// </summary>
internal static class VicTerms
{
    /// <summary>Keeps the root's gradient finite where a column does not vary.</summary>
    private const double Epsilon = 1e-4;

    /// <summary>The mean squared difference of two views: mean_ij (a_ij - b_ij)^2.</summary>
    /// <param name="first">(n, H).</param>
    /// <param name="second">(n, H), of the same images.</param>
    public static Tensor Invariance(Tensor first, Tensor second)
    {
        var difference = first.add(second, Scalars.Kept(-1));
        return difference.mul(difference).mean();
    }

    /// <summary>How far the columns' standard deviations are below 1: mean_j max(0, 1 - sqrt(var_j + 1e-4)), var with divisor n - 1.</summary>
    /// <param name="values">(n, H), n at least 2.</param>
    public static Tensor Variance(Tensor values)
    {
        var centred = Centred(values);
        var deviations = centred.mul(centred).sum([0L]).div(Scalars.Kept(values.shape[0] - 1)).add(Scalars.Kept(Epsilon), Scalars.One).sqrt();
        return deviations.neg().add(Scalars.One, Scalars.One).relu().mean();
    }

    /// <summary>The squared covariances of different columns: sum_{i != j} C_ij^2 / H, C with divisor n - 1.</summary>
    /// <param name="values">(n, H), n at least 2.</param>
    public static Tensor Covariance(Tensor values)
    {
        var centred = Centred(values);
        var covariances = centred.t().mm(centred).div(Scalars.Kept(values.shape[0] - 1));
        var squares = covariances.mul(covariances);
        return squares.sum().add(squares.diagonal().sum(), Scalars.Kept(-1)).div(Scalars.Kept(values.shape[1]));
    }

    private static Tensor Centred(Tensor values) => values.add(values.mean([0L], keepdim: true), Scalars.Kept(-1));
}
