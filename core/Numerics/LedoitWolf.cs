namespace MedTransfer.Numerics;

/// <summary>
/// How far a covariance of few points is shrunk towards equal variances (Ledoit and Wolf, "A well-conditioned estimator for large-dimensional covariance matrices",
/// J. Multivar. Anal. 2004).
/// </summary>
internal static class LedoitWolf
{
    /// <summary>
    /// The share of m I in (1 - share) S + share m I that is nearest to the true covariance, 0 to 1: how far S is expected to be from it, over how far S is from m I, m being the mean
    /// variance; 1 where S is m I.
    /// </summary>
    /// <param name="count">Points that S is of.</param>
    /// <param name="fourths">Sum over points of |z|^4, z being the point less the mean.</param>
    /// <param name="squares">|S|^2, the sum of squares of the entries of S = (sum z z^T) / count.</param>
    /// <param name="distance">|S - m I|^2.</param>
    internal static double Shrinkage(int count, double fourths, double squares, double distance)
    {
        var error = (fourths / count - squares) / count;
        return distance > 0 ? Math.Clamp(error / distance, 0, 1) : 1;
    }
}
