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

    /// <summary>Mean loss of these training images, int64 (n): a scalar tensor with a gradient. The model is in training mode.</summary>
    Tensor Loss(Tensor indices);

    /// <summary>How the model does on the validation images, without gradients.</summary>
    Validation Validate();
}
