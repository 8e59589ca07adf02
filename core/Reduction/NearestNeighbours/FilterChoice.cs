namespace MedTransfer.Reduction.NearestNeighbours;

/// <summary>
/// Which columns the filter of a search for neighbours looks at: a few principal ones, where these alone rule most points out, or all
/// of them, where the points fill their space evenly. Tried on a sample; it decides on speed alone.
/// </summary>
internal static class FilterChoice
{
    private const int Few = 16;
    private const int More = 32;
    private const int SampleQueries = 16;
    private const int SamplePoints = 1024;

    /// <summary>Fewer points than this are compared in all columns before an axis is found.</summary>
    private const int FewPoints = 2048;

    /// <summary>A distance in full, of a point alone, takes the time of so many as much as one in a tile of many.</summary>
    private const double FullCost = 6;

    /// <summary>The columns in which boxes are drawn round points, and those in which single points are filtered.</summary>
    internal static (OrthogonalProjection Boxes, OrthogonalProjection Filter) Of(float[,] points, float unit, int k)
    {
        var (n, d) = (points.GetLength(0), points.GetLength(1));
        if (n < FewPoints || d <= Few + Few / 2)
        {
            var whole = OrthogonalProjection.OntoAll(points, unit);
            return (whole, whole);
        }
        var more = d > More + Few ? OrthogonalProjection.OntoPrincipal(points, unit, More) : null;
        var few = more?.OntoFirst(Few) ?? OrthogonalProjection.OntoPrincipal(points, unit, Few);
        var all = OrthogonalProjection.OntoAll(points, unit);

        var sample = new Sample(points, all, k);
        var (best, least) = (all, (double)d);
        foreach (var projection in new[] { few, more })
        {
            if (projection is null) continue;
            var cost = projection.Columns + FullCost * d * sample.ShareLeftBy(projection);
            if (cost < least) (best, least) = (projection, cost);
        }
        return (best == more ? more : few, best);
    }

    /// <summary>Every so-manieth point, some of them as queries.</summary>
    private sealed class Sample
    {
        private readonly float[,] _points;
        private readonly int[] _queries;
        private readonly double[] _limits;

        internal Sample(float[,] points, OrthogonalProjection all, int k)
        {
            var (n, d) = (points.GetLength(0), points.GetLength(1));
            var size = Math.Min(n, SamplePoints);
            _points = new float[size, d];
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < d; j++) _points[i, j] = points[(int)((long)i * n / size), j];
            }
            _queries = [.. Enumerable.Range(0, SampleQueries).Select(q => q * size / SampleQueries)];

            var nearest = Math.Clamp((int)((long)k * size / n), 1, size - 1);
            var distances = Distances(all);
            _limits = [.. distances.Select(row => row.Order().ElementAt(nearest))];
        }

        /// <summary>Share of the points that may be among the nearest as far as these columns tell.</summary>
        internal double ShareLeftBy(OrthogonalProjection projection) =>
            Distances(projection).Zip(_limits, (row, limit) => row.Count(distance => distance <= limit)).Sum()
                / ((double)SampleQueries * _points.GetLength(0));

        /// <summary>Squared, from each query to every point of the sample, itself included.</summary>
        private double[][] Distances(OrthogonalProjection projection)
        {
            var (coordinates, columns) = (projection.Apply(_points, 1), projection.Columns);
            return [.. _queries.Select(query =>
            {
                var row = new double[_points.GetLength(0)];
                for (var i = 0; i < row.Length; i++)
                    row[i] = SquaredDistance(coordinates.AsSpan(query * columns, columns), coordinates.AsSpan(i * columns, columns));
                return row;
            })];
        }

        private static double SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        {
            var sum = 0f;
            for (var j = 0; j < a.Length; j++) sum += (a[j] - b[j]) * (a[j] - b[j]);
            return sum;
        }
    }
}
