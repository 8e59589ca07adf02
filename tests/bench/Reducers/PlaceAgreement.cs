namespace MedTransfer.Bench;

/// <summary>How far two maps of two columns are apart, over the largest place of the second, once both have mean 0.</summary>
internal static class PlaceAgreement
{
    /// <summary>The least over the columns' signs and order.</summary>
    internal static double BySigns(float[,] map, float[,] other)
    {
        var (a, b) = (Centred(map), Centred(other));
        var least = double.PositiveInfinity;
        foreach (var (x, y) in new[] { (1, 1), (1, -1), (-1, 1), (-1, -1) })
        {
            least = Math.Min(least, Difference(a, b, (i, k) => k == 0 ? x * a[i, 0] : y * a[i, 1]));
            least = Math.Min(least, Difference(a, b, (i, k) => k == 0 ? x * a[i, 1] : y * a[i, 0]));
        }

        return least;
    }

    /// <summary>Turned, or turned over, to where the squares of the differences are least.</summary>
    internal static double Turned(float[,] map, float[,] other)
    {
        var (a, b) = (Centred(map), Centred(other));
        var product = new double[2, 2];
        for (var i = 0; i < a.GetLength(0); i++)
        {
            for (var j = 0; j < 2; j++)
            {
                for (var k = 0; k < 2; k++) product[j, k] += a[i, j] * b[i, k];
            }
        }

        // of the plane the best rotation, and the best reflection, have closed forms
        var rotation = Math.Atan2(product[0, 1] - product[1, 0], product[0, 0] + product[1, 1]);
        var reflection = Math.Atan2(product[0, 1] + product[1, 0], product[0, 0] - product[1, 1]);
        var (c, s) = (Math.Cos(rotation), Math.Sin(rotation));
        var turned = Difference(a, b, (i, k) => k == 0 ? c * a[i, 0] - s * a[i, 1] : s * a[i, 0] + c * a[i, 1]);
        var (rc, rs) = (Math.Cos(reflection), Math.Sin(reflection));
        return Math.Min(turned, Difference(a, b, (i, k) => k == 0 ? rc * a[i, 0] + rs * a[i, 1] : rs * a[i, 0] - rc * a[i, 1]));
    }

    private static double Difference(double[,] a, double[,] b, Func<int, int, double> moved)
    {
        var (difference, largest) = (0.0, 0.0);
        for (var i = 0; i < a.GetLength(0); i++)
        {
            for (var k = 0; k < 2; k++)
            {
                difference = Math.Max(difference, Math.Abs(moved(i, k) - b[i, k]));
                largest = Math.Max(largest, Math.Abs(b[i, k]));
            }
        }

        return difference / largest;
    }

    private static double[,] Centred(float[,] map)
    {
        var (n, centred) = (map.GetLength(0), new double[map.GetLength(0), 2]);
        for (var k = 0; k < 2; k++)
        {
            var mean = 0.0;
            for (var i = 0; i < n; i++) mean += (double)map[i, k] / n;
            for (var i = 0; i < n; i++) centred[i, k] = map[i, k] - mean;
        }

        return centred;
    }
}
