using MedTransfer.Data;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>A split ready for training or scoring: images and targets on the device, labels for the scores, and what they ask for.</summary>
/// <param name="Targets">The labels as the task's loss wants them.</param>
public sealed record LabelledImages(ImageSet Images, Tensor Targets, Labels Labels, LearningTask Task) : IDisposable
{
    /// <summary>Which images lie on one side wherever these are cut, a number each: a patient's, and those that are the same pixel by pixel; null where each stands for itself.</summary>
    public IReadOnlyList<long>? Groups { get; init; }

    /// <summary>Number of images.</summary>
    public int Count => Images.Count;

    /// <summary>Moves a split to the device.</summary>
    public static LabelledImages On(Device device, Split split, LearningTask task)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(task);
        return new(new ImageSet(split, device), task.Targets(split.Labels, device), split.Labels, task);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Targets.Dispose();
    }
}
