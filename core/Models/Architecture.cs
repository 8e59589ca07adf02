using System.Text.Json;
using System.Text.Json.Serialization;
using MedTransfer.Data;
using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>
/// A network and everything that depends on which it is. Each is an entry of <see cref="All"/>, made beside its layers: specs, plans, recipes
/// and results ask the entry.
/// </summary>
[JsonConverter(typeof(ByName))]
public sealed class Architecture
{
    internal Architecture(Func<ModelOptions, DatasetInfo, FeatureLayers> features) => Features = features;

    /// <summary>The study's small CNN.</summary>
    public static Architecture ConvNet { get; } = ConvNetFeatures.Entry();

    /// <summary>ResNet-18 (He et al. 2016), under torchvision's names.</summary>
    public static Architecture ResNet18 { get; } = BasicBlock.Entry();

    /// <summary>ResNet-50 (He et al. 2016), under torchvision's names.</summary>
    public static Architecture ResNet50 { get; } = Bottleneck.Entry();

    /// <summary>The encoder of an ONNX file, frozen.</summary>
    public static Architecture OnnxEncoder { get; } = Onnx.OnnxEncoder.Entry();

    /// <summary>No features of its own: a linear model on the pixels. A control.</summary>
    public static Architecture PixelRegression { get; } = AveragedPixels.Entry();

    /// <summary>Nothing of the image: the head's bias alone, which learns how frequent each class is. A control.</summary>
    public static Architecture MajorityClass { get; } = NoFeatures.Entry();

    /// <summary>One feature, the mean of an image's pixels: is brightness alone enough? A control.</summary>
    public static Architecture MeanBrightness { get; } = Models.MeanBrightness.Entry();

    /// <summary>Every network that a trial can train.</summary>
    public static IReadOnlyList<Architecture> All { get; } = [ConvNet, ResNet18, ResNet50, OnnxEncoder, PixelRegression, MajorityClass, MeanBrightness];

    /// <summary>As specs name it: <c>convNet</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What people call it: <c>CNN</c>.</summary>
    public required string Title { get; init; }

    /// <summary>What it sees and learns, a clause without a full stop.</summary>
    public required string Description { get; init; }

    /// <summary>Whether it is there to show what the others are worth.</summary>
    public bool IsControl { get; init; }

    /// <summary>Whether its features come from a file of their own, and never train here.</summary>
    public bool ComesTrained { get; init; }

    /// <summary>The layers of its features that learn, from the image on, by stage; none where they learn nothing.</summary>
    public Func<ModelOptions, IReadOnlyList<Stage>> StagesOf { get; init; } = _ => [];

    /// <summary>Whether its features normalise by means and variances that they learn from batches.</summary>
    public bool HasBatchNorm { get; init; }

    /// <summary>
    /// Millions of multiplications and additions that an image of 28 pixels a side takes on its way to an embedding; with twice the side
    /// four times as many. What trainings are scheduled by, and the time that is left is told from; no result depends on it.
    /// </summary>
    public double MultiplyAdds { get; init; } = 0.01;

    /// <summary>Pixels a side that an image needs at least.</summary>
    public int LeastImageSize { get; init; } = 1;

    /// <summary>D, the number of values that describe an image.</summary>
    public required Func<ModelOptions, DatasetInfo, int> EmbeddingWidth { get; init; }

    /// <summary>Fails where it can't see such images with these options, beyond what its least size says; null where it always can.</summary>
    internal Action<ModelOptions, DatasetInfo>? RequireFit { get; init; }

    /// <summary>Makes the features: images (N, C, S, S) to embeddings (N, D).</summary>
    internal Func<ModelOptions, DatasetInfo, FeatureLayers> Features { get; }

    /// <summary>Makes what draws images (N, C, S, S) in (0, 1) from embeddings (N, D); null where it has no such part.</summary>
    internal Func<ModelOptions, DatasetInfo, nn.Module<Tensor, Tensor>>? Decoder { get; init; }

    /// <summary>The options of a network whose features' arrays are these, asked for by name (<c>conv1.weight</c>; null where there is none); null where it has no such.</summary>
    internal Func<Func<string, WeightShape?>, ModelOptions?> Recognise { get; init; } = _ => null;

    /// <summary>Whether its embeddings are learned: those of a control are an image's pixels, or less.</summary>
    public bool LearnsFeatures => StagesOf(Usual).Count > 0;

    /// <summary>Whether it can draw images again: an autoencoder then is its features and a decoder.</summary>
    public bool HasDecoder => Decoder is not null;

    /// <summary>Names of the layers of its usual options as parts of a model, <c>features.conv1</c>.</summary>
    public IReadOnlyList<string> FeatureLayerNames => Usual.FeatureLayerNames;

    /// <summary>The entry of that name; null where there is none.</summary>
    public static Architecture? TryFind(string name) => All.FirstOrDefault(entry => entry.Name == name);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private ModelOptions Usual => new() { Architecture = this };

    private sealed class ByName : JsonConverter<Architecture>
    {
        public override Architecture Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var name = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("an architecture is a name");
            return TryFind(name) ?? throw new JsonException($"there is no architecture '{name}': it is one of {string.Join(", ", All)}");
        }

        public override void Write(Utf8JsonWriter writer, Architecture value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
    }
}
