using MedTransfer.Data;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>
/// Seeds of one epoch, made from the training's seed and the epoch alone: a training that goes on after a stop draws as if there had been
/// none, and no generator's state has to be kept.
/// </summary>
internal sealed record EpochDraws(long Seed, int Epoch)
{
    /// <summary>Seeds libtorch's own generator, from which dropout and the like draw, and draws the images of the epoch: int64 (n).</summary>
    public Tensor Begin(ILearner learner)
    {
        // seeds that follow each other give unrelated streams: without the inner mix seed 1 in epoch 2 would be seed 2 in epoch 1
        var draws = new SplitMix64(new SplitMix64((ulong)Seed).Next() + (ulong)Epoch);
        manual_seed((long)draws.Next());
        using var generator = new Generator(draws.Next());
        return learner.Order(generator);
    }
}
