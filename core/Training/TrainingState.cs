using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>Where a training stands after an epoch: all that decides how it goes on.</summary>
internal sealed class TrainingState(nn.Module model, FlatAdam optimizer, FitOptions options) : IDisposable
{
    private readonly List<EpochRecord> history = [];
    private readonly List<double> epochSeconds = [];
    private readonly Patience? patience = options.EarlyStopping is { } stopping ? new(stopping) : null;

    public nn.Module Model => model;

    public FlatAdam Optimizer => optimizer;

    public IReadOnlyList<EpochRecord> History => history;

    public KeptWeights Kept { get; } = new(options);

    /// <summary>Wall time of the optimisation so far, also before a stop.</summary>
    public double Seconds { get; private set; }

    /// <summary>Wall time of the optimisation of each epoch since the beginning or the last stop.</summary>
    public IReadOnlyList<double> EpochSeconds => epochSeconds;

    /// <summary>Whether no epoch is to follow.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Takes in an epoch as it ended.</summary>
    public void Add(EpochRecord record, double seconds)
    {
        Seconds += seconds;
        epochSeconds.Add(seconds);
        if (Wins(record))
            Kept.Copy(model.state_dict());
    }

    /// <summary>Takes in the epochs before a stop, whose weights, copies and moments are in place.</summary>
    public void Resume(IEnumerable<EpochRecord> before, double seconds)
    {
        Seconds = seconds;
        foreach (var record in before)
            Wins(record);
    }

    public void Dispose() => Kept.Dispose();

    private bool Wins(EpochRecord record)
    {
        history.Add(record);
        IsFinished = patience?.RunsOut(record) == true || record.Epoch >= options.Epochs;
        return Kept.Wins(record, IsFinished);
    }
}
