using MedTransfer.Models;
using MedTransfer.Tasks;

namespace MedTransfer.Inference.Saliency;

/// <summary>Where a model looks: of each image how much each of its places speaks for a class or finding.</summary>
/// <param name="Method">What made them.</param>
/// <param name="Values">(n, S, S) in [0, 1], a map an image in file order: 1 at its highest place, all 0 where nothing speaks for the class.</param>
public sealed record SaliencyMaps(SaliencyMethod Method, float[,,] Values)
{
    /// <summary>By <see cref="HiResCam"/> where the model has maps and gradients, else by <see cref="Occlusion"/>, with their defaults.</summary>
    /// <param name="model">Its mode is left as evaluation.</param>
    /// <param name="task">What its logits mean.</param>
    /// <param name="output">The class or finding, 0 to K - 1.</param>
    /// <exception cref="MedTransferException">The model has no such output.</exception>
    /// <exception cref="OperationCanceledException">Asked for between two batches.</exception>
    public static SaliencyMaps Of(Classifier model, LearningTask task, ImageSet images, int output, CancellationToken cancellation = default) =>
        HiResCam.AppliesTo(model)
            ? new(SaliencyMethod.HiResCam, new HiResCam(model, task).Of(images, output, cancellation))
            : new(SaliencyMethod.Occlusion, new Occlusion(model, task).Of(images, output, cancellation));
}

/// <summary>How a map is made.</summary>
public enum SaliencyMethod
{
    /// <summary>See <see cref="Saliency.HiResCam"/>.</summary>
    HiResCam,

    /// <summary>See <see cref="Saliency.Occlusion"/>.</summary>
    Occlusion,
}
