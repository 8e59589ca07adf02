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

    /// <summary>The images of an epoch in the order of their use, int64 (Count); by default each once, shuffled.</summary>
    /// <param name="draws">Where randomness comes from, on the CPU.</param>
    Tensor Order(Generator draws) => Shuffled(Count, draws);

    /// <summary>0 to <paramref name="count"/> - 1, shuffled: int64 (count).</summary>
    static Tensor Shuffled(int count, Generator draws) => randperm(count, dtype: ScalarType.Int64, generator: draws);

    /// <summary>Mean loss of these training images, int64 (n): a scalar tensor with a gradient. The model is in training mode.</summary>
    Tensor Loss(Tensor indices);

    /// <summary>How the model does on the validation images, without gradients.</summary>
    Validation Validate();
}
