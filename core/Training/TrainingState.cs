using MedTransfer.Training.Checkpoints;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>Where a training stands between two steps: all that decides how it goes on.</summary>
/// <param name="phases">The phases of the training, the last without a number of epochs.</param>
internal sealed class TrainingState(nn.Module model, IReadOnlyList<Phase> phases, FitOptions options) : IDisposable
{
    private readonly List<EpochRecord> history = [];
    private readonly List<double> epochSeconds = [];
    private readonly int beforeLast = phases.SkipLast(1).Sum(phase => phase.Epochs!.Value);
    private readonly Patience? patience = options.EarlyStopping is { } stopping ? new(stopping) : null;
    private BegunEpoch? begun;

    public nn.Module Model => model;

    /// <summary>Of the phase that the training is in; null before it has begun.</summary>
    public FlatAdam? Optimizer { get; set; }

    /// <summary>Names of the weights and buffers that stay in the phase that the training is in.</summary>
    public IReadOnlySet<string> Frozen { get; set; } = new HashSet<string>();

    public IReadOnlyList<EpochRecord> History => history;

    public KeptWeights Kept { get; } = new(options);

    /// <summary>Wall time of the optimisation so far, also before a stop.</summary>
    public double Seconds { get; private set; }

    /// <summary>Wall time of the optimisation of each epoch since the beginning or the last stop; of an epoch that was stopped, of what was left.</summary>
    public IReadOnlyList<double> EpochSeconds => epochSeconds;

    /// <summary>Whether no epoch is to follow.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>The phase that the next epoch is in, from 0.</summary>
    public int Phase
    {
        get
        {
            var (phase, epochs) = (0, 0);
            while (phase < phases.Count - 1 && (epochs += phases[phase].Epochs!.Value) <= history.Count)
                phase++;
            return phase;
        }
    }

    /// <summary>Epochs of the phases before that one.</summary>
    public int EpochsBefore(int phase) => phases.Take(phase).Sum(before => before.Epochs!.Value);

    /// <summary>Whether steps of the phase are behind.</summary>
    public bool IsWithinPhase => begun is not null || history.Count > EpochsBefore(Phase);

    /// <summary>What is behind of the epoch that a stop cut in two, for the one that takes it up; null where that was done, or there is none.</summary>
    public BegunEpoch? TakeBegun()
    {
        var taken = begun;
        begun = null;
        return taken;
    }

    /// <summary>Takes in an epoch as it ended.</summary>
    public void Add(EpochRecord record, double seconds)
    {
        Seconds += seconds;
        epochSeconds.Add(seconds);
        if (Wins(record))
            Kept.Copy(model.state_dict());
    }

    /// <summary>Takes in the epochs before a stop, whose weights and copies are in place.</summary>
    public void Resume(IEnumerable<EpochRecord> before, double seconds, BegunEpoch? epoch)
    {
        (Seconds, begun) = (seconds, epoch);
        foreach (var record in before)
            Wins(record);
    }

    public void Dispose() => Kept.Dispose();

    private bool Wins(EpochRecord record)
    {
        history.Add(record);
        if (record.Epoch <= beforeLast)
            return false;   // the best epoch is looked for in the last phase
        IsFinished = patience?.RunsOut(record) == true || record.Epoch >= options.Epochs;
        return Kept.Wins(record, IsFinished);
    }
}
