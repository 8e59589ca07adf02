using MedTransfer.Data;
using MedTransfer.Models;
using static TorchSharp.torch;

namespace MedTransfer.Trials;

/// <summary>What a network that has learned nothing makes of images: how far its architecture alone goes.</summary>
public static class RandomFeatures
{
    /// <summary>The embeddings of a split by <see cref="Classifier"/> as it is initialised with this seed, a row an image, with the class of each: of train, 10,000 images at most.</summary>
    /// <param name="whole">The dataset that <paramref name="data"/> names, before its sample is drawn.</param>
    /// <param name="data">Which of its images.</param>
    public static LabelledEmbeddings Of(Dataset whole, DataReference data, SplitName split, long seed)
    {
        ArgumentNullException.ThrowIfNull(whole);
        using var model = Classifier.Create(new ModelOptions(), whole.Info, seed);
        model.eval();
        using var noGradient = no_grad();
        return RawPixels.Of(whole, data, split, model.Features.call);
    }
}
