using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>Remembers the weights a training is to end with: the last epoch's, or a copy of the best candidate's.</summary>
internal sealed class KeptWeights(FitOptions options) : IDisposable
{
    private readonly BestScore? best = options switch
    {
        { EarlyStopping: { } stopping } => new(stopping.Metric, stopping.MinChange),
        { Keep: KeptEpoch.Best } => new(options.KeptBy),
        _ => null,
    };

    private readonly Dictionary<string, Tensor> copies = [];

    /// <summary>The epoch whose weights are to be kept, from 1; 0 where none has come.</summary>
    public int Epoch { get; private set; }

    /// <summary>The copies by the weights' names; empty where the last epoch is kept.</summary>
    public IReadOnlyDictionary<string, Tensor> Copies => copies;

    /// <summary>Whether the weights after this epoch are to be copied; to be asked of every epoch in turn.</summary>
    /// <param name="isLast">The last epoch is a candidate whatever its number.</param>
    public bool Wins(EpochRecord record, bool isLast)
    {
        var wins = best is null || (isLast || record.Epoch % options.CheckpointEvery == 0) && best.Improves(record);
        if (wins)
            Epoch = record.Epoch;
        return wins && best is not null;
    }

    /// <summary>Copies weights, in place of those copied before.</summary>
    public void Copy(IEnumerable<KeyValuePair<string, Tensor>> weights)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, value) in weights)
        {
            if (copies.TryGetValue(name, out var copy))
                copy.copy_(value);
            else
                copies[name] = value.detach().clone().DetachFromDisposeScope();
        }
    }

    /// <summary>Gives the model the kept weights.</summary>
    public void Restore(nn.Module model)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, value) in model.state_dict())
        {
            if (copies.TryGetValue(name, out var copy))
                value.copy_(copy);
        }
    }

    public void Dispose()
    {
        foreach (var copy in copies.Values)
            copy.Dispose();
        copies.Clear();
    }
}
