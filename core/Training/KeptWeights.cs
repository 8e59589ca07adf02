using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>Remembers the weights a training is to end with: the last epoch's, or a copy of those with the highest validation AUC.</summary>
internal sealed class KeptWeights(KeptEpoch keep) : IDisposable
{
    private readonly Dictionary<string, Tensor> best = [];
    private double? bestAuc;
    private int epoch;

    public void Consider(nn.Module model, EpochRecord record)
    {
        if (keep == KeptEpoch.Last)
        {
            epoch = record.Epoch;
            return;
        }

        var auc = record.ValidationAuc ?? throw new MedTransferException(
            "The best epoch can't be told: no label of the validation split has both classes, so it has no AUC. Keep the last epoch instead.");
        if (bestAuc >= auc)
            return;
        (bestAuc, epoch) = (auc, record.Epoch);
        Forget();
        using var scope = NewDisposeScope();
        foreach (var (name, value) in model.state_dict())
            best[name] = value.detach().clone().DetachFromDisposeScope();
    }

    /// <summary>Gives the model the kept weights and returns their epoch.</summary>
    public int Restore(nn.Module model)
    {
        using var noGradient = no_grad();
        foreach (var (name, value) in model.state_dict())
        {
            if (best.TryGetValue(name, out var copy))
                value.copy_(copy);
        }

        return epoch;
    }

    public void Dispose() => Forget();

    private void Forget()
    {
        foreach (var copy in best.Values)
            copy.Dispose();
        best.Clear();
    }
}
