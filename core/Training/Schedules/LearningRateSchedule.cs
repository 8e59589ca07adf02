using System.Text.Json.Serialization;

namespace MedTransfer.Training.Schedules;

/// <summary>How Adam's step size changes while it trains: a pure function of the step, so that it has no state to keep.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConstantRate), "constant")]
[JsonDerivedType(typeof(StepDecay), "step")]
[JsonDerivedType(typeof(CosineDecay), "cosine")]
[JsonDerivedType(typeof(OneCycle), "oneCycle")]
public abstract record LearningRateSchedule
{
    private protected LearningRateSchedule()
    {
    }

    /// <summary>The step size of a step.</summary>
    /// <param name="rate">The largest step size, above 0.</param>
    /// <param name="index">Of the step, from 0.</param>
    /// <param name="steps">Steps of all the epochs that were asked for, above <paramref name="index"/>.</param>
    public abstract double At(double rate, long index, long steps);

    internal abstract LearningRateSchedule Checked();

    /// <summary>The step size in a linear rise over that share of the steps, and whole from then on: the first step is not lost, the last one of the rise is whole.</summary>
    private protected static double Risen(double rate, double warmUp, long index, long steps) =>
        Rising(warmUp, steps) is var rising && index < rising ? rate * (index + 1) / rising : rate;

    /// <summary>Whole steps of such a rise.</summary>
    private protected static double Rising(double warmUp, long steps) => Math.Floor(warmUp * steps);

    private protected static bool IsWarmUp(double share) => share is >= 0 and < 1;

    private protected static MedTransferException WarmUpOutOfRange(double share) =>
        FitOptions.OutOfRange("warm-up of the learning rate", share, "0 or above, and below 1");
}
