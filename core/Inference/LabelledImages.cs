using MedTransfer.Data;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>A split ready for training or scoring: images on the device, labels for the scores.</summary>
public sealed record LabelledImages(ImageSet Images, byte[,] Labels) : IDisposable
{
    /// <summary>Moves a split to the device.</summary>
    public static LabelledImages On(Device device, Split split, LabelLoss loss) => new(new ImageSet(split, loss, device), split.Labels.Values);

    /// <inheritdoc/>
    public void Dispose() => Images.Dispose();
}
