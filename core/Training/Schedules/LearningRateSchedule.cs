using System.Text.Json.Serialization;

namespace MedTransfer.Training.Schedules;

/// <summary>How Adam's step size changes while it trains: a pure function of the step, so that it has no state to keep.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
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
}
