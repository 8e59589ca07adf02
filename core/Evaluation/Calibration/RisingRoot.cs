namespace MedTransfer.Evaluation.Calibration;

/// <summary>The root of a function that rises, as the derivative of a convex one does: the place of its minimum.</summary>
internal static class RisingRoot
{
    private const double Tolerance = 1e-14;

    /// <summary>Bisection to a part in 1e14, absolute within -1 to 1: some fifty steps, whatever the function.</summary>
    /// <param name="rising">Below 0 somewhere, above 0 somewhere.</param>
    internal static double Of(Func<double, double> rising)
    {
        double low = -1, high = 1;
        while (rising(low) > 0) low *= 2;
        while (rising(high) < 0) high *= 2;
        while (high - low > Tolerance * Math.Max(1, Math.Max(-low, high)))
        {
            var middle = low + (high - low) / 2;
            if (rising(middle) < 0)
                low = middle;
            else
                high = middle;
        }

        return low + (high - low) / 2;
    }
}
