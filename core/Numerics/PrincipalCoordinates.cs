using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Numerics;

/// <summary>Rows of centred columns in coordinates whose columns are orthogonal: those along the principal axes, what has no variance left out.</summary>
/// <param name="Rows">(N, r), float64; r is at most the rank.</param>
/// <param name="Axes">(D, r): unit vectors; the rows times these are the coordinates.</param>
/// <param name="Variances">(r): the mean square of each column, ascending.</param>
internal sealed record PrincipalCoordinates(Tensor Rows, Tensor Axes, Tensor Variances)
{
    /// <summary>Below this share of the largest variance, one is rounding.</summary>
    private const double Negligible = 1e-10;

    /// <summary>By the eigenvectors of the covariance, or of the rows' products where there are fewer rows than columns.</summary>
    /// <param name="centred">(N, D), float64.</param>
    public static PrincipalCoordinates Of(Tensor centred)
    {
        long count = centred.shape[0], width = centred.shape[1];
        var ofRows = count < width;
        var (values, vectors) = linalg.eigh((ofRows ? centred.mm(centred.t()) : centred.t().mm(centred)).div_(Scalars.Kept(count)));
        var first = values.le(values.max().clamp_min_(Scalars.Kept(0)).mul(Scalars.Kept(Negligible))).sum().item<long>();
        var (variances, kept) = (values.slice(0, first, values.shape[0], 1), vectors.slice(1, first, values.shape[0], 1));
        if (!ofRows)
            return new(centred.mm(kept).contiguous(), kept, variances);
        var lengths = variances.mul(Scalars.Kept(count)).sqrt_();
        return new(kept.mul(lengths), centred.t().mm(kept).div_(lengths), variances);
    }
}
