using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction;

/// <summary>
/// The repulsive forces of t-SNE over all pairs: sum over j of q_ij^2 (y_i - y_j) with q_ij = 1 / (1 + |y_i - y_j|^2), and Z, the
/// sum of q over all ordered pairs.
/// </summary>
internal interface IRepulsion
{
    /// <summary>Z; leaves the forces for <see cref="ForceOn"/>.</summary>
    double Compute(Positions places, int? threads, CancellationToken cancellation = default);

    /// <summary>Forces along an axis on the eight points from <paramref name="first"/>, not yet divided by Z.</summary>
    Vector256<float> ForceOn(int first, int axis);
}
