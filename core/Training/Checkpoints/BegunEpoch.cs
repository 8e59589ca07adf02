using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Training.Checkpoints;

/// <summary>
/// What is behind of an epoch that was stopped between two steps. The order of its images is not among it, as seed and epoch tell it, nor is how much is left, as the reports tell how many batches are done.
/// </summary>
/// <param name="Reported">By the batches that are done, a row each: the loss, and what else the history has.</param>
/// <param name="Generator">State of the CPU's global generator, from which dropout, augmentation and views draw.</param>
internal sealed record BegunEpoch(SafeTensor Reported, SafeTensor Generator)
{
    /// <summary>The epoch as it was written; null where the training was between two.</summary>
    public static BegunEpoch? Of(IReadOnlyDictionary<string, SafeTensor> written) =>
        written.TryGetValue(CheckpointState.Reported, out var reported) && written.TryGetValue(CheckpointState.Generator, out var generator) ? new(reported, generator) : null;

    /// <summary>What is to be written of an epoch that runs, by name.</summary>
    public static Dictionary<string, Tensor> Behind(IReadOnlyList<Tensor> reported) => new()
    {
        [CheckpointState.Reported] = stack(reported),
        [CheckpointState.Generator] = get_rng_state(),
    };

    /// <summary>Brings learner and generator, which stand at the beginning of the epoch, to where it was stopped.</summary>
    /// <returns>What the batches that are done reported.</returns>
    public IReadOnlyList<Tensor> Resume(ILearner learner)
    {
        using var drawn = Generator.ToTensor();
        set_rng_state(drawn);
        var reported = Reported.ToTensor().unbind(0);
        learner.Skip(reported.Length);
        return reported;
    }
}
