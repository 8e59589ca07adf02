using System.Runtime.Intrinsics;
using MedTransfer.Numerics;

namespace MedTransfer.Reduction.NeighbourEmbedding.Repulsion;

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

/// <summary>
/// The repulsive forces over all pairs, exactly. Each pair is met once and pushes both its points; since parts of the work push the
/// same points, each part has a sum of its own, and these are added in the order of the parts.
/// </summary>
internal sealed class ExactRepulsion : IRepulsion
{
    /// <summary>Parts of the work: fixed, so that sums are the same on any number of threads; enough to keep 16 threads busy.</summary>
    private const int Parts = 16;

    private const int Lanes = Positions.Lanes;

    // [part][axis]
    private readonly float[][][] _forces;
    private readonly double[] _z = new double[Parts];

    internal ExactRepulsion(int padded, int dimensions) =>
        _forces = [.. Enumerable.Range(0, Parts).Select(_ => Enumerable.Range(0, dimensions).Select(_ => new float[padded]).ToArray())];

    public double Compute(Positions places, int? threads, CancellationToken cancellation = default)
    {
        FixedOrder.ForEachPart(Parts, threads, part => ComputePart(places, part), cancellation);
        // Each point, phantom or not, has met itself once, with q = 1.
        return _z.Sum() - places.Padded;
    }

    public Vector256<float> ForceOn(int first, int axis)
    {
        Vector256<float> force = default;
        foreach (var part in _forces) force += Vector256.Create(part[axis], first);
        return force;
    }

    /// <summary>
    /// Blocks of eight points go to the parts there and back (0 .. 15, 15 .. 0): a block meets only those after it, so early
    /// ones are more work.
    /// </summary>
    private void ComputePart(Positions places, int part)
    {
        var forces = _forces[part];
        foreach (var force in forces) Array.Clear(force);
        var z = 0.0;
        for (var round = 0; round * Parts * Lanes < places.Padded; round++)
        {
            var block = (round * Parts + (round % 2 == 0 ? part : Parts - 1 - part)) * Lanes;
            if (block >= places.Padded) continue;
            if (forces.Length == 2)
            {
                for (var row = block; row < block + Lanes; row += 2) z += PlanePairs.Push(places, row, block, forces[0], forces[1]);
            }
            else
            {
                for (var row = block; row < block + Lanes; row++) z += SpacePairs.Push(places, row, block, forces);
            }
        }
        _z[part] = z;
    }
}
