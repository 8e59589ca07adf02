using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Inference.Saliency;

/// <summary>
/// HiResCAM (Draelos and Carin 2020): where a layer's maps speak for a class or finding. Each value of the maps is multiplied by the score's gradient
/// at its place, and the positive part of the sum over the maps is kept. Grad-CAM (Selvaraju et al. 2017) takes the mean of the gradient over the
/// places instead, which is the same of a last layer that is averaged; behind other layers it forgets where the score looks. The score is the log-odds
/// of the class's probability (<see cref="LearningTask.LogOdds"/>), so that of two classes it counts what tells them apart, not what moves both logits.
/// </summary>
/// <remarks>
/// The last layer, as published, has 7 places a side of images of 224 pixels, but 1 to 3 of images of 28 or 64. So the map is the mean of two, each
/// divided by its highest value: of the last layer that has 7 places or more, and of the last that has 3 or more, where that is another. On phantoms
/// with pneumonia, of 28 pixels, the highest point lay in the opacity in 37, 54 and 62 % of the test images for three trainings of the CNN; by Grad-CAM
/// of the first of these layers in 3, 34 and 38 %, and for a random place in 14 %.
/// </remarks>
/// <param name="Model">The model; its mode is left as evaluation, its weights and their gradients as they are.</param>
/// <param name="Task">What its logits mean.</param>
public sealed record HiResCam(Classifier Model, LearningTask Task)
{
    /// <summary>Places a side that maps have at least where they are to show where something is, and where they are to show about where.</summary>
    private const int FineSide = 7, CoarseSide = 3;

    /// <summary>What a map of zeros is divided by: the least normal number.</summary>
    private const double Least = 1.17549435e-38;

    /// <summary>Whether such a model has maps and gradients.</summary>
    public static bool AppliesTo(Classifier model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Layers.MapLayers > 0;
    }

    /// <summary>A map an image, (n, S, S) in [0, 1]: enlarged bilinearly to the image's size and divided by its highest value; all 0 where nothing speaks for the class.</summary>
    /// <param name="output">The class or finding, 0 to K - 1.</param>
    /// <exception cref="MedTransferException">The model has no maps, or no such output.</exception>
    /// <exception cref="OperationCanceledException">Asked for between two batches.</exception>
    public float[,,] Of(ImageSet images, int output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        Outputs.Require(Model, output);
        if (!AppliesTo(Model))
            throw new MedTransferException("HiResCAM weighs the maps of a convolutional network by their gradients, and this model has none: use occlusion.") { IsUsage = true };
        var maps = new float[images.Count, images.Shape.Height, images.Shape.Width];
        var (done, layers) = (0, (IReadOnlyList<int>?)null);
        ForwardPass.ForEach(Model, Model.Layers, images, batch =>
        {
            cancellation.ThrowIfCancellationRequested();
            layers ??= LayersOf(Model.Layers, batch.narrow(0, 0, 1));
            var mean = stack(layers.Select(layer => Enlarged(Weighted(batch, layer, output), batch.shape[2..]))).mean([0]);
            mean.cpu().contiguous().data<float>().CopyTo(UnitRange.MapsFrom(maps, done));
            done += (int)batch.shape[0];
        });
        UnitRange.Scale(maps);
        return maps;
    }

    /// <summary>The layers whose maps of such an image count, one or two, as numbers of layers from the image on.</summary>
    /// <param name="image">(1, C, S, S).</param>
    internal static IReadOnlyList<int> LayersOf(FeatureLayers layers, Tensor image)
    {
        return [.. new[] { LastOf(FineSide), LastOf(CoarseSide) }.Distinct()];

        // of small images the first layer
        int LastOf(int side)
        {
            var layer = layers.MapLayers;
            while (layer > 1 && layers.MapsOf(image, layer).shape[2] < side)
                layer--;
            return layer;
        }
    }

    // (n, 1, s, s), not negative
    private Tensor Weighted(Tensor images, int layer, int output)
    {
        // nothing before the maps needs a gradient
        var maps = Model.Layers.MapsOf(images, layer).detach();
        maps.requires_grad = true;
        Tensor gradient;
        using (enable_grad())
        {
            var score = Task.LogOdds(Model.Logits(Model.Layers.FromMaps(maps, layer)), output).sum();
            gradient = autograd.grad([score], [maps])[0];   // unlike backward, leaves none on the weights
        }

        return gradient.mul(maps).sum(1, keepdim: true).relu();
    }

    // the highest value of each becomes 1
    private static Tensor Enlarged(Tensor maps, long[] size)
    {
        var large = nn.functional.interpolate(maps, size, mode: InterpolationMode.Bilinear, align_corners: false);
        return large.div(large.amax([1, 2, 3], keepdim: true).clamp_min(Scalars.Kept(Least)));
    }
}
