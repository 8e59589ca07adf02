namespace MedTransfer.Training;

/// <summary>Ends a training once the validation split has seen no better epoch for a while; the best epoch's weights come back in any case.</summary>
public sealed record EarlyStopping
{
    /// <summary>The metric that the epochs are compared by, of those that the objective reports (<see cref="Evaluation.Metric"/>); default the loss.</summary>
    public string Metric { get; init; } = Evaluation.Metric.Loss;

    /// <summary>The training ends after so many epochs in a row that were no better than the best, at least 1; default 5.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>An epoch is better if its score beats the best one by more than this, 0 or more, in the score's own unit; default 0.</summary>
    public double MinChange { get; init; }

    internal EarlyStopping Checked() =>
        Patience < 1 ? throw FitOptions.OutOfRange("patience", Patience, "at least 1")
        : MinChange is not (>= 0 and < double.PositiveInfinity) ? throw FitOptions.OutOfRange("least change of early stopping", MinChange, "0 or above")
        : this;
}

/// <summary>Counts the epochs since the best one.</summary>
internal sealed class Patience(EarlyStopping options)
{
    private readonly BestScore best = new(options.Metric, options.MinChange);
    private int waited;

    /// <summary>Whether the training is to end with this epoch; to be told of every epoch in turn.</summary>
    public bool RunsOut(EpochRecord record)
    {
        waited = best.Improves(record) ? 0 : waited + 1;
        return waited >= options.Patience;
    }
}
