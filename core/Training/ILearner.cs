using MedTransfer.Numerics;
using MedTransfer.Runtime;
using MedTransfer.Transfer;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>What the training loop sees of a model, its images and what it is to learn.</summary>
public interface ILearner
{
    /// <summary>The model: its parameters that require gradients are trained, its weights kept and restored.</summary>
    nn.Module Model { get; }

    /// <summary>Number of training images.</summary>
    int Count { get; }

    /// <summary>Where the images are.</summary>
    Device Device { get; }

    /// <summary>Told before the first epoch of a phase which layers are to train, as their weights say already.</summary>
    void Begin(Phase phase)
    {
    }

    /// <summary>The images of an epoch in the order of their use, int64 (Count), or of fewer where some sit it out; by default each once, shuffled.</summary>
    /// <param name="draws">Where randomness comes from, on the CPU.</param>
    Tensor Order(Generator draws) => Shuffled(Count, draws);

    /// <summary>0 to <paramref name="count"/> - 1, shuffled: int64 (count).</summary>
    static Tensor Shuffled(int count, Generator draws) => randperm(count, dtype: ScalarType.Int64, generator: draws);

    /// <summary>Told, where an epoch goes on that was stopped, after its order was drawn: what it draws for its batches besides goes on behind those that are done.</summary>
    void Skip(int batches)
    {
    }

    /// <summary>Told before each batch how much of the phase is behind.</summary>
    /// <param name="progress">0 at its first batch, to below 1.</param>
    void Advance(double progress)
    {
    }

    /// <summary>Mean loss of these training images, int64 (n). The model is in training mode.</summary>
    BatchLoss Loss(Tensor indices);

    /// <summary>How the model does on the validation images, without gradients; null where there are none, and nothing else to report.</summary>
    Validation? Validate();
}

/// <summary>What a batch is to be learned by.</summary>
/// <param name="Loss">Of what is learned: a float32 scalar with a gradient.</param>
public sealed record BatchLoss(Tensor Loss)
{
    /// <summary>What is minimised besides and the history has apart, a float32 scalar with a gradient, as an alignment of two sets; null for nothing.</summary>
    public Tensor? Term { get; init; }

    /// <summary>What the history has besides, by name: float32 scalars without a gradient, the same names in every batch.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> Reported { get; init; } = [];

    /// <summary>Their sum.</summary>
    internal Tensor Minimised => Term is null ? Loss : Loss.add(Term, Scalars.One);

    /// <summary>A loss and nothing besides.</summary>
    public static implicit operator BatchLoss(Tensor loss) => new(loss);
}

/// <summary>
/// Seeds of one epoch, made from the training's seed and the epoch alone: a training that goes on after a stop draws as if there had been
/// none, and between epochs no generator's state has to be kept.
/// </summary>
internal sealed record EpochDraws(long Seed, int Epoch)
{
    /// <summary>Seeds the device's own generator, from which dropout and the like draw, and draws the images of the epoch: int64 (n).</summary>
    public Tensor Begin(ILearner learner)
    {
        // seeds that follow each other give unrelated streams: without the inner mix seed 1 in epoch 2 would be seed 2 in epoch 1
        var draws = new SplitMix64(new SplitMix64((ulong)Seed).Next() + (ulong)Epoch);
        var seed = (long)draws.Next();
        manual_seed(seed);
        if (learner.Device.type == DeviceType.CUDA)
            cuda.manual_seed_all(seed);   // TorchSharp's manual_seed seeds the CPU's generator alone, unlike PyTorch's
        using var generator = new Generator(draws.Next());
        return learner.Order(generator);
    }
}
