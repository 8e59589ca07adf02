using System.Text.Json.Serialization;
using MedTransfer.Models.Onnx;

namespace MedTransfer.Models;

/// <summary>What model to build. Image size, channels and outputs come from the data.</summary>
public sealed record ModelOptions
{
    private const int LargestOfCifar = 32;

    /// <summary>Which model; default the study's CNN.</summary>
    public Architecture Architecture { get; init; } = Architecture.ConvNet;

    /// <summary>Width of the CNN's latent layer, 1 to 65,536; default 64. The controls ignore it.</summary>
    public int Latent { get; init; } = 64;

    /// <summary>
    /// Share p of the CNN's embedding that each image loses at every step of training, at least 0 and below 1; default 0 (Srivastava et al.
    /// 2014). Zeroed at random, the rest scaled by 1 / (1 - p), on the way from features to head, so that embeddings are what they are without
    /// it; never when a model predicts. The controls, autoencoders and logistic regression, which takes embeddings as they are, ignore it.
    /// </summary>
    public double Dropout { get; init; }

    /// <summary>Blocks of a residual network's four stages; null, the default, as its name says (of ResNet-18 two each).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StageBlocks? Blocks { get; init; }

    /// <summary>How a residual network begins; default as for large images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ResNetStem Stem { get; init; }

    /// <summary>The file of an ONNX encoder; null, the default, for other networks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OnnxOptions? Onnx { get; init; }

    /// <summary>What the network is given of an image; null, the default, for all of it, scaled to [-1, 1]. The controls ignore it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelInput? Input { get; init; }

    /// <summary><see cref="Input"/>, or the default.</summary>
    [JsonIgnore]
    public ModelInput SeenAs => Input ?? new();

    /// <summary>The layers of the features that learn, from the image on, by stage; none where they learn nothing.</summary>
    [JsonIgnore]
    public IReadOnlyList<Stage> Stages => Architecture.StagesOf(this);

    /// <summary>Names of those layers as parts of a model, <c>features.conv1</c>.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> FeatureLayerNames => [.. Stages.SelectMany(stage => stage.Layers).Select(layer => $"{Classifier.FeaturesPart}.{layer}")];

    /// <summary>The same network, given images otherwise.</summary>
    public ModelOptions Seeing(ModelInput? input) => this with { Input = input };

    /// <summary>
    /// The same residual network to train from scratch on images of so many pixels a side: scaled to [-1, 1], grey where they are grey, with CIFAR's
    /// stem up to 32 pixels.
    /// </summary>
    public ModelOptions FromScratch(int imageSize) => this with
    {
        Input = new() { ImageSize = Input?.ImageSize },
        Stem = imageSize > LargestOfCifar ? ResNetStem.Standard : ResNetStem.Cifar,
    };

    /// <summary>The options, if every one lies in its range.</summary>
    /// <exception cref="MedTransferException">One does not; the message names it.</exception>
    public ModelOptions Checked()
    {
        Input?.Checked();
        return Latent is not (>= 1 and <= 65_536) ? throw OutOfRange($"The latent width is {Latent}, but must be 1 to 65,536.")
            : Dropout is not (>= 0 and < 1) ? throw OutOfRange($"The dropout is {Dropout}, but must be at least 0 and below 1.")
            : Blocks is { } blocks && (blocks.First < 1 || blocks.Second < 1 || blocks.Third < 1 || blocks.Fourth < 1) ? throw OutOfRange($"The blocks of the stages are {blocks}, but must be at least 1 each.")
            : Architecture.ComesTrained != Onnx is not null ? throw OutOfRange($"The {Architecture.Title} {(Onnx is null ? "has no file: name the ONNX file of an encoder" : "has no use for an ONNX file: leave it out")}.")
            : this;
    }

    private static MedTransferException OutOfRange(FormattableString message) => new(FormattableString.Invariant(message)) { IsUsage = true };
}
