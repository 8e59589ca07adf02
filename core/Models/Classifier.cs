using MedTransfer.Data;
using MedTransfer.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>A network in two named parts: <c>features</c> maps images (N, C, S, S) to embeddings (N, D), <c>head</c> maps those to logits (N, K).</summary>
/// <remarks>Between the two, in training mode alone, lies dropout: it has no weights, so that parts transfer by name with and without it.</remarks>
public sealed class Classifier : nn.Module<Tensor, Tensor>
{
    private readonly FeatureLayers features;
    private readonly Linear head;
    private readonly double dropout;

    private Classifier(FeatureLayers features, int width, int outputs, double dropout) : base(nameof(Classifier))
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

    /// <summary>Maps images (N, C, S, S) to embeddings (N, D).</summary>
    public nn.Module<Tensor, Tensor> Features => features;

    /// <summary>Maps embeddings (N, D) to logits (N, K).</summary>
    public Linear Head => head;

    /// <summary>D, the number of values that describe an image.</summary>
    public int EmbeddingWidth { get; }

    /// <summary>K, the number of logits.</summary>
    public int Outputs => (int)head.weight.shape[0];

    /// <summary>Gives the head these weights (K, D) and biases (K), of any type of floats.</summary>
    internal void SetHead((Tensor Weights, Tensor Biases) linear)
    {
        using var noGradient = no_grad();
        head.weight.copy_(linear.Weights);
        head.bias!.copy_(linear.Biases);
    }

    /// <summary>Adds a part that trains beside features and head, and that no image passes when the model predicts.</summary>
    internal void Attach(string part, nn.Module<Tensor, Tensor> module) => register_module(part, module);

    /// <summary>The part that was added under that name.</summary>
    internal nn.Module<Tensor, Tensor> Attached(string part) => (nn.Module<Tensor, Tensor>)named_children().Single(child => child.name == part).module;

    /// <summary>The features, layer by layer.</summary>
    internal FeatureLayers Layers => features;

    /// <summary>A model for images and labels of that kind, with PyTorch's default initialisation drawn from <paramref name="seed"/>.</summary>
    public static Classifier Create(ModelOptions options, DatasetInfo data, long seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(data);
        manual_seed(seed);
        var architecture = options.Architecture;
        var dropout = architecture.LearnsFeatures ? options.Dropout : 0;
        return new(architecture.Features(options, data), architecture.EmbeddingWidth(options, data), data.Outputs, dropout);
    }

    /// <summary>A model with these weights, in evaluation mode, which trains no further.</summary>
    /// <param name="weights">By name, of features and head.</param>
    /// <exception cref="MedTransferException">They do not fit.</exception>
    public static Classifier Trained(ModelOptions options, DatasetInfo data, IReadOnlyDictionary<string, SafeTensor> weights)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(weights);
        var model = Create(options, data, seed: 0);
        using var noGradient = no_grad();
        foreach (var (name, own) in model.state_dict())
        {
            if (weights.GetValueOrDefault(name) is not { } stored || !stored.Fits(own))
                throw new MedTransferException($"The weights have no {name} of shape ({string.Join(", ", own.shape)}): {data.Name} is not what they were trained on.");
            stored.CopyTo(own);
        }

        foreach (var parameter in model.parameters())
            parameter.requires_grad = false;
        model.eval();
        return model;
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor images) => LogitsFrom(images, layer: 0);

    /// <summary>Maps what comes out of the first layers of the features, of none of them the images, to logits (N, K).</summary>
    internal Tensor LogitsFrom(Tensor values, int layer) => Logits(features.Through(values, layer, features.Depth));

    /// <summary>Maps embeddings (N, D) to logits (N, K), in training mode by way of dropout.</summary>
    internal Tensor Logits(Tensor embeddings) => head.call(Dropped(embeddings));

    // without dropout nothing is drawn
    private Tensor Dropped(Tensor embeddings) => dropout > 0 && training ? nn.functional.dropout(embeddings, dropout) : embeddings;
}
