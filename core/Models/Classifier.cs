using MedTransfer.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>A network in two named parts: <c>features</c> maps images (N, C, S, S) to embeddings (N, D), <c>head</c> maps those to logits (N, K).</summary>
/// <remarks>Between the two, in training mode alone, lies dropout: it has no weights, so that parts transfer by name with and without it.</remarks>
public sealed class Classifier : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> features;
    private readonly Linear head;
    private readonly double dropout;

    private Classifier(nn.Module<Tensor, Tensor> features, int width, int outputs, double dropout = 0) : base(nameof(Classifier))
    {
        this.features = features;
        head = nn.Linear(width, outputs);
        this.dropout = dropout;
        EmbeddingWidth = width;
        RegisterComponents();
    }

    /// <summary>Name of the part that maps images to embeddings.</summary>
    public const string FeaturesPart = "features";

    /// <summary>Name of the part that maps embeddings to logits.</summary>
    public const string HeadPart = "head";

    /// <summary>Names of the layers in which such a model's features learn, from the image on; none where they learn nothing.</summary>
    public static IReadOnlyList<string> FeatureLayers(Architecture architecture) =>
        architecture == Architecture.ConvNet ? [.. ConvNetFeatures.Layers.Select(layer => $"{FeaturesPart}.{layer}")] : [];

    /// <summary>Maps images (N, C, S, S) in [-1, 1] to embeddings (N, D).</summary>
    public nn.Module<Tensor, Tensor> Features => features;

    /// <summary>Maps embeddings (N, D) to logits (N, K).</summary>
    public Linear Head => head;

    /// <summary>D, the number of values that describe an image.</summary>
    public int EmbeddingWidth { get; }

    /// <summary>K, the number of logits.</summary>
    public int Outputs => (int)head.weight.shape[0];

    /// <summary>A model for images and labels of that kind, with PyTorch's default initialisation drawn from <paramref name="seed"/>.</summary>
    public static Classifier Create(ModelOptions options, DatasetInfo data, long seed)
    {
        manual_seed(seed);
        var size = data.ImageSize;
        return options.Architecture switch
        {
            Architecture.ConvNet => new(new ConvNetFeatures(data.Channels, size, options.Latent), options.Latent, data.Outputs, options.Dropout),
            Architecture.PixelRegression => new(nn.Flatten(), data.Channels * size * size, data.Outputs),
            Architecture.MajorityClass => new(new NoFeatures(), 1, data.Outputs),
            Architecture.MeanBrightness => new(new MeanBrightness(), 1, data.Outputs),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Architecture, "no classifier"),
        };
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor images) => Logits(features.call(images));

    /// <summary>Maps embeddings (N, D) to logits (N, K), in training mode by way of dropout.</summary>
    internal Tensor Logits(Tensor embeddings) => head.call(Dropped(embeddings));

    // without dropout nothing is drawn
    private Tensor Dropped(Tensor embeddings) => dropout > 0 && training ? nn.functional.dropout(embeddings, dropout) : embeddings;
}
