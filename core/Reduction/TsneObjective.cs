using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction;

/// <summary>
/// t-SNE's objective for given affinities P: the Kullback-Leibler divergence of Q from P, q_ij = (1 + |y_i - y_j|^2)^-1 / Z over
/// all ordered pairs (van der Maaten and Hinton, JMLR 9, 2008). Exact; O(n^2) time, O(n) memory beside P.
/// </summary>
public sealed class TsneObjective
{
    private const int Parts = 16;

    private readonly SparseAffinities _affinities;
    private readonly Attraction _attraction;
    private readonly IRepulsion _repulsion;
    private readonly int? _threads;

    /// <param name="maxThreads">Null for every core; never changes a result.</param>
    public TsneObjective(SparseAffinities affinities, int? maxThreads = null) : this(affinities, maxThreads, grid: false) { }

    internal TsneObjective(SparseAffinities affinities, int? maxThreads, bool grid)
    {
        ArgumentNullException.ThrowIfNull(affinities);
        (_affinities, _threads) = (affinities, maxThreads);
        _attraction = new Attraction(affinities);
        _repulsion = grid ? new GridRepulsion(new Positions(affinities.Count).Padded) : new ExactRepulsion(new Positions(affinities.Count).Padded);
    }

    /// <summary>Told the gradient, without its factor 4, of the eight points from <c>first</c>.</summary>
    internal delegate void UseGradient(int first, Vector256<float> x, Vector256<float> y);

    /// <summary>KL(P || Q) in nats of the (n, 2) map.</summary>
    public double KlDivergence(float[,] map)
    {
        var places = new Positions(map);
        var repulsion = _repulsion is GridRepulsion ? new GridRepulsion(places.Padded, GridRepulsion.FineStep) : _repulsion;
        return KlDivergence(places, repulsion.Compute(places, _threads));
    }

    /// <summary>
    /// (n, 2): sum over j of (exaggeration p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2), a quarter of the derivative of the divergence.
    /// </summary>
    public float[,] Gradient(float[,] map, double exaggeration = 1)
    {
        var places = new Positions(map);
        var gradient = new float[places.Count, 2];
        ForEachGradient(places, exaggeration, SumOfKernels(places), (first, x, y) =>
        {
            for (var lane = 0; lane < Positions.Lanes && first + lane < places.Count; lane++)
                (gradient[first + lane, 0], gradient[first + lane, 1]) = (x.GetElement(lane), y.GetElement(lane));
        });
        return gradient;
    }

    /// <summary>Z at these places; leaves the repulsion for <see cref="ForEachGradient"/>.</summary>
    internal double SumOfKernels(Positions places, CancellationToken cancellation = default) =>
        _repulsion.Compute(places, _threads, cancellation);

    internal void ForEachGradient(Positions places, double exaggeration, double z, UseGradient use)
    {
        var (pull, push) = (Vector256.Create((float)exaggeration), Vector256.Create((float)(1 / z)));
        FixedOrder.ForEachPart(Parts, _threads, part =>
        {
            Span<float> towardsX = stackalloc float[Positions.Lanes], towardsY = stackalloc float[Positions.Lanes];
            var (start, end) = FixedOrder.Range(places.Padded / Positions.Lanes, part, Parts);
            for (var first = start * Positions.Lanes; first < end * Positions.Lanes; first += Positions.Lanes)
            {
                for (var lane = 0; lane < Positions.Lanes; lane++)
                    (towardsX[lane], towardsY[lane]) = first + lane < places.Count ? _attraction.ForceOn(first + lane, places) : default;
                var (awayX, awayY) = _repulsion.ForceOn(first);
                use(first, pull * Vector256.Create<float>(towardsX) - push * awayX, pull * Vector256.Create<float>(towardsY) - push * awayY);
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

    private void Add(ref (double Divergence, double Mass) sum, Positions places, int i)
    {
        for (var e = _affinities.Starts[i]; e < _affinities.Starts[i + 1]; e++)
        {
            double p = _affinities.Values[e];
            if (p == 0) continue;
            var j = _affinities.Columns[e];
            double x = places.X[i] - places.X[j], y = places.Y[i] - places.Y[j];
            sum.Divergence += p * Math.Log(p * (1 + x * x + y * y));
            sum.Mass += p;
        }
    }
}
