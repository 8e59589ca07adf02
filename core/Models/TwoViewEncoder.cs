using MedTransfer.Data;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>
/// A network in two named parts that learns from views of images: <c>features</c>, the same as the classifier's, maps images (N, C, S, S) to embeddings (N, D),
/// <c>projector</c> maps those to projections (N, H) by two linear layers with ReLU between them. Losses are of projections; embeddings are what is of use afterwards.
/// </summary>
public sealed class TwoViewEncoder : nn.Module<Tensor, Tensor>
{
    private readonly FeatureLayers features;
    private readonly nn.Module<Tensor, Tensor> projector;

    private TwoViewEncoder(FeatureLayers features, nn.Module<Tensor, Tensor> projector) : base(nameof(TwoViewEncoder))
    {
        (this.features, this.projector) = (features, projector);
        RegisterComponents();
    }

    /// <summary>Name of the part that maps embeddings to projections.</summary>
    public const string ProjectorPart = "projector";

    /// <summary>Maps images (N, C, S, S) in [-1, 1] to embeddings (N, D).</summary>
    public nn.Module<Tensor, Tensor> Features => features;

    /// <summary>The features, layer by layer.</summary>
    internal FeatureLayers Layers => features;

    /// <summary>Maps embeddings (N, D) to projections (N, H).</summary>
    public nn.Module<Tensor, Tensor> Projector => projector;

    /// <summary>
    /// A model for images of that kind, drawn from <paramref name="seed"/>: PyTorch's default initialisation, but that no unit of an embedding is dead
    /// from the start where no batch norm sees to that, see <see cref="FeatureLayers.Awaken"/>.
    /// </summary>
    /// <param name="width">H, at least 1.</param>
    public static TwoViewEncoder Create(ModelOptions options, DatasetInfo data, int width, long seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(data);
        manual_seed(seed);
        var architecture = options.Architecture;
        var features = architecture.Features(options, data);
        var projector = nn.Sequential(nn.Linear(architecture.EmbeddingWidth(options, data), width), nn.ReLU(), nn.Linear(width, width));
        if (!architecture.HasBatchNorm)
            features.Awaken();
        return new(features, projector);
    }

    /// <summary>Projections (N, H) of images (N, C, S, S) in [-1, 1].</summary>
    public override Tensor forward(Tensor images) => projector.call(features.call(images));
}
