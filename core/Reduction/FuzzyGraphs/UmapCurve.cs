namespace MedTransfer.Reduction.FuzzyGraphs;

/// <summary>1 / (1 + a d^(2 b)): how much two points at distance d of the map belong together, nearest to 1 up to the least distance and exp(-(d - least) / spread) beyond.</summary>
internal readonly record struct UmapCurve(double A, double B)
{
    /// <summary>Distances at which both are compared, to three times the spread.</summary>
    private const int Samples = 300;

    private const int MostSteps = 200;

    /// <summary>Least squares by Levenberg and Marquardt.</summary>
    internal static UmapCurve Of(double minDistance, double spread)
    {
        // at 0 all curves are 1
        var distances = Enumerable.Range(1, Samples - 1).Select(i => 3 * spread * i / (Samples - 1)).ToArray();
        var wanted = distances.Select(d => d < minDistance ? 1 : Math.Exp(-(d - minDistance) / spread)).ToArray();
        var (curve, damping) = (new UmapCurve(1, 1), 1e-3);
        var loss = curve.Loss(distances, wanted);
        for (var step = 0; step < MostSteps; step++)
        {
            var (aa, ab, bb, ra, rb) = curve.Normal(distances, wanted);
            var (damped, other) = (aa * (1 + damping), bb * (1 + damping));
            var determinant = damped * other - ab * ab;
            var next = new UmapCurve(curve.A + (other * ra - ab * rb) / determinant, curve.B + (damped * rb - ab * ra) / determinant);
            var nextLoss = next.A > 0 && next.B > 0 ? next.Loss(distances, wanted) : double.PositiveInfinity;
            if (!(nextLoss < loss))
            {
                if (damping > 1e12) break;
                damping *= 10;
                continue;
            }

            (curve, loss, damping) = (next, nextLoss, damping / 10);
        }

        return curve;
    }

    private double At(double distance) => 1 / (1 + A * Math.Pow(distance, 2 * B));

    private double Loss(double[] distances, double[] wanted)
    {
        var loss = 0.0;
        for (var i = 0; i < distances.Length; i++) loss += Math.Pow(wanted[i] - At(distances[i]), 2);
        return loss;
    }

    /// <summary>J^T J and J^T r, r being what is wanted less the curve.</summary>
    private (double AA, double AB, double BB, double RA, double RB) Normal(double[] distances, double[] wanted)
    {
        var (aa, ab, bb, ra, rb) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < distances.Length; i++)
        {
            var power = Math.Pow(distances[i], 2 * B);
            var value = At(distances[i]);
            var (byA, byB) = (-power * value * value, -2 * A * power * Math.Log(distances[i]) * value * value);
            var rest = wanted[i] - value;
            (aa, ab, bb, ra, rb) = (aa + byA * byA, ab + byA * byB, bb + byB * byB, ra + byA * rest, rb + byB * rest);
        }

        return (aa, ab, bb, ra, rb);
    }
}
