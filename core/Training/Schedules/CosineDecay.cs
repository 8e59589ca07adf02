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
        var rising = Math.Floor(WarmUp * steps);
        if (index < rising)
            return rate * (index + 1) / rising;   // the first step is not lost, the last one of the rise is whole
        var done = (index - rising) / (steps - rising);
        return rate * (Floor + (1 - Floor) * (1 + Math.Cos(Math.PI * done)) / 2);
    }

    internal override CosineDecay Checked() =>
        Floor is not (>= 0 and < 1) ? throw FitOptions.OutOfRange("floor of the learning rate", Floor, "0 or above, and below 1")
        : WarmUp is not (>= 0 and < 1) ? throw FitOptions.OutOfRange("warm-up of the learning rate", WarmUp, "0 or above, and below 1")
        : this;
}
