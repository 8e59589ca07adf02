namespace MedTransfer.Training.Schedules;

/// <summary>
/// The step size rises along half a cosine, then falls along another to next to nothing (Smith and Topin 2019), as PyTorch's OneCycleLR
/// has it with its defaults; Adam's momentum stays. A training of a single step takes it whole, where PyTorch takes next to none.
/// </summary>
public sealed record OneCycle : LearningRateSchedule
{
    /// <summary>The share of the training in which the step size rises, above 0 and below 1; default 0.3.</summary>
    public double Rise { get; init; } = 0.3;

    /// <summary>The first step size is the largest divided by this, at least 1; default 25.</summary>
    public double InitialDivisor { get; init; } = 25;

    /// <summary>The last step size is the first one divided by this, at least 1; default 10,000.</summary>
    public double FinalDivisor { get; init; } = 1e4;

    /// <inheritdoc/>
    public override double At(double rate, long index, long steps)
    {
        if (steps == 1)
            return rate;
        var initial = rate / InitialDivisor;
        double top = Rise * steps - 1, last = steps - 1;
        return index <= top
            ? Between(initial, rate, top > 0 ? index / top : 1)
            : Between(rate, initial / FinalDivisor, (index - top) / (last - top));
    }

    internal override OneCycle Checked() =>
        Rise is not (> 0 and < 1) ? throw FitOptions.OutOfRange("rise of the learning rate", Rise, "above 0 and below 1")
        : InitialDivisor is not (>= 1 and < double.PositiveInfinity) ? throw FitOptions.OutOfRange("initial divisor of the learning rate", InitialDivisor, "at least 1")
        : FinalDivisor is not (>= 1 and < double.PositiveInfinity) ? throw FitOptions.OutOfRange("final divisor of the learning rate", FinalDivisor, "at least 1")
        : this;

    private static double Between(double from, double to, double done) => to + (from - to) / 2 * (1 + Math.Cos(Math.PI * done));
}
