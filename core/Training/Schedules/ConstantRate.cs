namespace MedTransfer.Training.Schedules;

/// <summary>The step size stays, once it has risen: that of a training without a schedule, but for its warm-up.</summary>
public sealed record ConstantRate : LearningRateSchedule
{
    /// <summary>The share of the training in which the step size first rises, linearly: 0 or more, below 1; default 0.</summary>
    public double WarmUp { get; init; }

    /// <inheritdoc/>
    public override double At(double rate, long index, long steps) => Risen(rate, WarmUp, index, steps);

    internal override ConstantRate Checked() => IsWarmUp(WarmUp) ? this : throw WarmUpOutOfRange(WarmUp);
}
