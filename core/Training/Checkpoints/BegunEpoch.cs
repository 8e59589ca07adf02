using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Training.Checkpoints;

/// <summary>
/// What is behind of an epoch that was stopped between two steps. The order of its images is not among it, as seed and epoch tell it, nor is how much is left, as the losses tell how many batches are done.
/// </summary>
/// <param name="Losses">Of the batches that are done, one after the other: the loss, and what else a batch reports.</param>
/// <param name="Generator">State of the CPU's global generator, from which dropout, augmentation and views draw.</param>
internal sealed record BegunEpoch(SafeTensor Losses, SafeTensor Generator)
{
    /// <summary>The epoch as it was written; null where the training was between two.</summary>
    public static BegunEpoch? Of(IReadOnlyDictionary<string, SafeTensor> written) =>
        written.TryGetValue(CheckpointState.Losses, out var losses) && written.TryGetValue(CheckpointState.Generator, out var generator) ? new(losses, generator) : null;

    /// <summary>What is to be written of an epoch that runs, by name.</summary>
    public static Dictionary<string, Tensor> Behind(IReadOnlyList<Tensor> losses) => new()
    {
        [CheckpointState.Losses] = stack(losses),
        [CheckpointState.Generator] = get_rng_state(),
    };

    /// <summary>Brings learner and generator, which stand at the beginning of the epoch, to where it was stopped.</summary>
    /// <returns>Losses of the batches that are done.</returns>
    public IReadOnlyList<Tensor> Resume(ILearner learner)
    {
        using var drawn = Generator.ToTensor();
        set_rng_state(drawn);
        var losses = Losses.ToTensor().unbind(0);
        learner.Skip(losses.Length);
        return losses;
    }
}
