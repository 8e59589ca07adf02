using System.Text.Json.Serialization;

namespace MedTransfer.Training.Schedules;

/// <summary>
/// The step size falls by a factor at fixed moments, never before the first step; the defaults are those of MedMNIST's own trainings (Yang et al. 2023).
/// </summary>
public sealed record StepDecay : LearningRateSchedule
{
    /// <summary>When it falls: shares of the training, above 0 and below 1, rising; default a half and three quarters.</summary>
    public IReadOnlyList<double> Milestones { get; init; } = [0.5, 0.75];

    /// <summary>What the step size is multiplied by at each, above 0 and at most 1; default 0.1.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>The share of the training in which the step size first rises, linearly: 0 or more, below 1; default 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double WarmUp { get; init; }

    /// <inheritdoc/>
    public override double At(double rate, long index, long steps)
    {
        rate = Risen(rate, WarmUp, index, steps);
        foreach (var milestone in Milestones)
        {
            if (index >= Math.Max(1, Math.Round(milestone * steps)))
                rate *= Factor;
        }

        return rate;
    }

    internal override StepDecay Checked()
    {
        var before = 0.0;
        foreach (var milestone in Milestones)
        {
            if (!(milestone > before && milestone < 1))
                throw FitOptions.OutOfRange("milestone of the learning rate", milestone, "above 0 and the one before it, and below 1");
            before = milestone;
        }

        return Factor is not (> 0 and <= 1) ? throw FitOptions.OutOfRange("factor of the learning rate", Factor, "above 0 and at most 1")
            : IsWarmUp(WarmUp) ? this : throw WarmUpOutOfRange(WarmUp);
    }
}
