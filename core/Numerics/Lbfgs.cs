namespace MedTransfer.Numerics;

/// <summary>Value of an objective at <paramref name="point"/>; its gradient is written to <paramref name="gradient"/>.</summary>
internal delegate double ValueAndGradient(ReadOnlySpan<double> point, Span<double> gradient);

/// <summary>
/// L-BFGS for smooth convex objectives: two-loop recursion over the last ten steps, backtracking line search with Armijo's
/// condition (Nocedal and Wright 2006, algorithms 7.4 and 3.1).
/// </summary>
internal static class Lbfgs
{
    private const int Memory = 10;
    private const double SufficientDecrease = 1e-4;

    /// <summary>Where minimisation ended.</summary>
    /// <param name="Converged">Whether every component of the gradient is below the tolerance.</param>
    public readonly record struct Minimum(double[] Point, double Value, int Iterations, bool Converged);

    public static Minimum Minimise(ValueAndGradient objective, double[] start, double tolerance, int maxIterations, CancellationToken cancellation)
    {
        var (point, gradient) = ((double[])start.Clone(), new double[start.Length]);
        var value = objective(point, gradient);
        var steps = new List<Step>(Memory);
        for (var iteration = 0; iteration < maxIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (gradient.All(component => Math.Abs(component) <= tolerance))
                return new(point, value, iteration, true);
            var direction = Direction(gradient, steps);
            if (LineSearch(objective, point, value, gradient, direction, first: steps.Count == 0) is not { } next)
            {
                if (steps.Count == 0)
                    return new(point, value, iteration, false);
                steps.Clear();   // the remembered curvature misleads: once more from steepest descent
                continue;
            }

            Remember(steps, point, gradient, next);
            (point, value, gradient) = (next.Point, next.Value, next.Gradient);
        }

        return new(point, value, maxIterations, false);
    }

    private sealed record Evaluated(double[] Point, double Value, double[] Gradient);

    private sealed record Step(double[] Moved, double[] Changed, double Curvature);

    private static double[] Direction(double[] gradient, List<Step> steps)
    {
        var q = Array.ConvertAll(gradient, component => -component);
        var weights = new double[steps.Count];
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            weights[i] = Dot(steps[i].Moved, q) / steps[i].Curvature;
            AddScaled(q, -weights[i], steps[i].Changed);
        }

        if (steps.Count > 0)
            Scale(q, steps[^1].Curvature / Dot(steps[^1].Changed, steps[^1].Changed));
        for (var i = 0; i < steps.Count; i++)
            AddScaled(q, weights[i] - Dot(steps[i].Changed, q) / steps[i].Curvature, steps[i].Moved);
        return q;
    }

    private static Evaluated? LineSearch(ValueAndGradient objective, double[] point, double value, double[] gradient, double[] direction, bool first)
    {
        var slope = Dot(gradient, direction);
        var length = first ? 1 / Math.Max(1, Math.Sqrt(Dot(direction, direction))) : 1;
        for (var halving = 0; halving < 50; halving++, length /= 2)
        {
            var candidate = new Evaluated((double[])point.Clone(), 0, new double[point.Length]);
            AddScaled(candidate.Point, length, direction);
            var reached = objective(candidate.Point, candidate.Gradient);
            if (reached <= value + SufficientDecrease * length * slope)
                return candidate with { Value = reached };
        }

        return null;
    }

    private static void Remember(List<Step> steps, double[] point, double[] gradient, Evaluated next)
    {
        var moved = Difference(next.Point, point);
        var changed = Difference(next.Gradient, gradient);
        var curvature = Dot(moved, changed);
        if (curvature <= 1e-14 * Dot(changed, changed))
            return;   // rounding has eaten the curvature
        if (steps.Count == Memory)
            steps.RemoveAt(0);
        steps.Add(new Step(moved, changed, curvature));
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void AddScaled(double[] target, double factor, double[] source)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] += factor * source[i];
    }

    private static void Scale(double[] values, double factor)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] *= factor;
    }

    private static double[] Difference(double[] a, double[] b)
    {
        var difference = new double[a.Length];
        for (var i = 0; i < a.Length; i++)
            difference[i] = a[i] - b[i];
        return difference;
    }
}
