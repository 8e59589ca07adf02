namespace MedTransfer.Training;

/// <summary>Counts the epochs since the best one.</summary>
internal sealed class Patience(EarlyStopping options)
{
    private readonly BestScore best = new(options.Score, options.MinChange);
    private int waited;

    /// <summary>Whether the training is to end with this epoch; to be told of every epoch in turn.</summary>
    public bool RunsOut(EpochRecord record)
    {
        waited = best.Improves(record) ? 0 : waited + 1;
        return waited >= options.Patience;
    }
}
