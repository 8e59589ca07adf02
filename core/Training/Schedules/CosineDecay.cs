namespace MedTransfer.Training.Schedules;

/// <summary>The step size falls along half a cosine (Loshchilov and Hutter 2017, without restarts), after a linear rise if one is asked for.</summary>
public sealed record CosineDecay : LearningRateSchedule
{
    /// <summary>Where it ends, as a share of the largest step size: 0 or more, below 1; default 0, reached just after the last step.</summary>
    public double Floor { get; init; }

    /// <summary>The share of the training in which the step size first rises: 0 or more, below 1; default 0.</summary>
    public double WarmUp { get; init; }

    /// <inheritdoc/>
    public override double At(double rate, long index, long steps)
    {
        var rising = Rising(WarmUp, steps);
        if (index < rising)
            return Risen(rate, WarmUp, index, steps);
        var done = (index - rising) / (steps - rising);
        return rate * (Floor + (1 - Floor) * (1 + Math.Cos(Math.PI * done)) / 2);
    }

    internal override CosineDecay Checked() =>
        Floor is not (>= 0 and < 1) ? throw FitOptions.OutOfRange("floor of the learning rate", Floor, "0 or above, and below 1")
        : !IsWarmUp(WarmUp) ? throw WarmUpOutOfRange(WarmUp)
        : this;
}
