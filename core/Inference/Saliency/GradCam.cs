using MedTransfer.Models;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Inference.Saliency;

/// <summary>
/// Grad-CAM (Selvaraju et al. 2017): where the maps of a layer lie that speak for a class or finding. Each of the layer's maps is weighted by the mean
/// over its places of the score's gradient; the positive part of their sum is the map. The score is the log-odds of the class's probability
/// (<see cref="LearningTask.LogOdds"/>), so that of two classes it counts what tells them apart, not what moves both logits.
/// </summary>
/// <param name="Model">The model; its mode is left as evaluation, its weights and their gradients as they are.</param>
/// <param name="Task">What its logits mean.</param>
public sealed record GradCam(Classifier Model, LearningTask Task)
{
    /// <summary>
    /// Places a side that a layer's maps have at least. The last layer, as published, has 7 of images of 224 pixels, but of 28 or 64 pixels 1 to 3.
    /// </summary>
    public const int LeastSide = 7;

    /// <summary>Whether such a model has maps and gradients.</summary>
    public static bool AppliesTo(Classifier model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Layers.MapLayers > 0;
    }

    /// <summary>A map an image, (n, S, S) in [0, 1]: enlarged bilinearly to the image's size and divided by its highest value; all 0 where nothing speaks for the class.</summary>
    /// <param name="output">The class or finding, 0 to K - 1.</param>
    /// <exception cref="MedTransferException">The model has no maps, or no such output.</exception>
    public float[,,] Of(ImageSet images, int output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        Outputs.Require(Model, output);
        if (!AppliesTo(Model))
            throw new MedTransferException("Grad-CAM weighs the maps of a convolutional network by their gradients, and this model has none: use occlusion.") { IsUsage = true };
        var maps = new float[images.Count, images.Shape.Height, images.Shape.Width];
        var (done, layer) = (0, (int?)null);
        ForwardPass.ForEach(Model, Model.Layers, images, batch =>
        {
            cancellation.ThrowIfCancellationRequested();
            layer ??= LayerOf(Model.Layers, batch.narrow(0, 0, 1));
            var enlarged = nn.functional.interpolate(Weighted(batch, layer.Value, output), batch.shape[2..], mode: InterpolationMode.Bilinear, align_corners: false);
            enlarged.cpu().contiguous().data<float>().CopyTo(UnitRange.MapsFrom(maps, done));
            done += (int)batch.shape[0];
        });
        UnitRange.Scale(maps);
        return maps;
    }

    /// <summary>The last layer whose maps of such an image have enough places, as a number of layers from the image on; of small images the first one.</summary>
    /// <param name="image">(1, C, S, S).</param>
    internal static int LayerOf(FeatureLayers layers, Tensor image)
    {
        var layer = layers.MapLayers;
        while (layer > 1 && layers.MapsOf(image, layer).shape[2] < LeastSide)
            layer--;
        return layer;
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

        return gradient.mean([2, 3], keepdim: true).mul(maps).sum(1, keepdim: true).relu();
    }
}
