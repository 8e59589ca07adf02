using System.Runtime.Intrinsics;
using MedTransfer.Numerics;
using MedTransfer.Reduction.NeighbourEmbedding.Repulsion;

namespace MedTransfer.Reduction.NeighbourEmbedding;

/// <summary>
/// t-SNE's objective for given affinities P: the Kullback-Leibler divergence of Q from P, q_ij = (1 + |y_i - y_j|^2)^-1 / Z over
/// all ordered pairs (van der Maaten and Hinton, JMLR 9, 2008). Exact; O(n^2) time, O(n) memory beside P.
/// </summary>
public sealed class TsneObjective
{
    private const int Parts = 16;

    private readonly SparseAffinities _affinities;
    private readonly Attraction _attraction;
    private readonly int? _threads;
    private readonly bool _usesGrid;
    private IRepulsion _repulsion;
    private int _dimensions = 2;

    /// <param name="maxThreads">Null for every core; never changes a result.</param>
    public TsneObjective(SparseAffinities affinities, int? maxThreads = null) : this(affinities, maxThreads, usesGrid: false) { }

    /// <param name="usesGrid">In the plane; in space forces are exact.</param>
    internal TsneObjective(SparseAffinities affinities, int? maxThreads, bool usesGrid)
    {
        ArgumentNullException.ThrowIfNull(affinities);
        (_affinities, _threads, _usesGrid) = (affinities, maxThreads, usesGrid);
        _attraction = new Attraction(affinities);
        _repulsion = Repulsion(GridRepulsion.UsualStep);
    }

    /// <summary>Told the gradient along each axis, without its factor 4, of the eight points from <c>first</c>.</summary>
    internal delegate void UseGradient(int first, ReadOnlySpan<Vector256<float>> gradient);

    /// <summary>KL(P || Q) in nats of the (n, 2) or (n, 3) map.</summary>
    public double KlDivergence(float[,] map)
    {
        var places = new Positions(map);
        Fit(places);
        return KlDivergence(places, Repulsion(GridRepulsion.FineStep).Compute(places, _threads));
    }

    /// <summary>
    /// (n, 2) or (n, 3): sum over j of (exaggeration p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2), a quarter of the derivative of the divergence.
    /// </summary>
    public float[,] Gradient(float[,] map, double exaggeration = 1)
    {
        var places = new Positions(map);
        var gradient = new float[places.Count, places.Dimensions];
        ForEachGradient(places, exaggeration, SumOfKernels(places), (first, eight) =>
        {
            for (var i = first; i < Math.Min(first + Positions.Lanes, places.Count); i++)
            {
                for (var axis = 0; axis < eight.Length; axis++) gradient[i, axis] = eight[axis].GetElement(i - first);
            }
        });
        return gradient;
    }

    /// <summary>Z at these places; leaves the repulsion for <see cref="ForEachGradient"/>.</summary>
    internal double SumOfKernels(Positions places, CancellationToken cancellation = default)
    {
        Fit(places);
        return _repulsion.Compute(places, _threads, cancellation);
    }

    internal void ForEachGradient(Positions places, double exaggeration, double z, UseGradient use)
    {
        var (pull, push) = (Vector256.Create((float)exaggeration), Vector256.Create((float)(1 / z)));
        FixedOrder.ForEachPart(Parts, _threads, part =>
        {
            Span<float> towards = stackalloc float[3 * Positions.Lanes];
            Span<Vector256<float>> gradient = stackalloc Vector256<float>[places.Dimensions];
            var (start, end) = FixedOrder.Range(places.Padded / Positions.Lanes, part, Parts);
            for (var first = start * Positions.Lanes; first < end * Positions.Lanes; first += Positions.Lanes)
            {
                Gather(places, first, towards);
                for (var axis = 0; axis < gradient.Length; axis++)
                {
                    gradient[axis] = pull * Vector256.Create<float>(towards.Slice(axis * Positions.Lanes, Positions.Lanes))
                        - push * _repulsion.ForceOn(first, axis);
                }
                use(first, gradient);
            }
        });
    }

    /// <summary>sum of p log p + sum of p log(1 + distance^2) + log Z</summary>
    internal double KlDivergence(Positions places, double z)
    {
        var sums = new (double Divergence, double Mass)[Parts];
        FixedOrder.ForEachPart(Parts, _threads, part =>
        {
            var (start, end) = FixedOrder.Range(places.Count, part, Parts);
            for (var i = start; i < end; i++) Add(ref sums[part], places, i);
        });
        return sums.Sum(sum => sum.Divergence) + Math.Log(z) * sums.Sum(sum => sum.Mass);
    }

    private IRepulsion Repulsion(double step)
    {
        var padded = new Positions(_affinities.Count, _dimensions).Padded;
        return _usesGrid && _dimensions == 2 ? new GridRepulsion(padded, step) : new ExactRepulsion(padded, _dimensions);
    }

    /// <summary>Maps of another number of columns take forces of as many.</summary>
    private void Fit(Positions places)
    {
        if (places.Dimensions == _dimensions) return;
        _dimensions = places.Dimensions;
        _repulsion = Repulsion(GridRepulsion.UsualStep);
    }

    /// <summary>Attraction on eight points by axis; phantoms have none.</summary>
    private void Gather(Positions places, int first, Span<float> towards)
    {
        towards.Clear();
        for (var lane = 0; lane < Math.Min(Positions.Lanes, places.Count - first); lane++)
        {
            var force = _attraction.ForceOn(first + lane, places);
            towards[lane] = force.ToScalar();
            towards[lane + Positions.Lanes] = force.GetElement(1);
            towards[lane + 2 * Positions.Lanes] = force.GetElement(2);
        }
    }

    private void Add(ref (double Divergence, double Mass) sum, Positions places, int i)
    {
        for (var e = _affinities.Starts[i]; e < _affinities.Starts[i + 1]; e++)
        {
            double p = _affinities.Values[e];
            if (p == 0) continue;
            var j = _affinities.Columns[e];
            double x = places.X[i] - places.X[j], y = places.Y[i] - places.Y[j], z = places.Z[i] - places.Z[j];
            sum.Divergence += p * Math.Log(p * (1 + x * x + y * y + z * z));
            sum.Mass += p;
        }
    }
}
