using MedTransfer.Models.Onnx.Export;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>Layers of a network's features that belong together, and what the field calls them.</summary>
/// <param name="Name">As a command line names it: <c>layer3</c>.</param>
/// <param name="Layers">From the image on, each a module of that name: <c>layer3.0</c>, <c>layer3.1</c>.</param>
public sealed record Stage(string Name, params IReadOnlyList<string> Layers);

/// <summary>
/// The layers of a model that map images (N, C, S, S) in [-1, 1] to embeddings (N, D), in order: what comes out of one layer can be kept and be
/// given to the next one later, so that layers which do not train need not be passed again.
/// </summary>
/// <param name="input">What they see of an image.</param>
/// <param name="layers">Names of the layers that learn, each a module of that name; where there are none, the whole of it counts as one layer.</param>
internal abstract class FeatureLayers(string name, ModelInput input, params IReadOnlyList<string> layers) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>Enough images to keep a processor busy, and few enough that several workers' feature maps take little memory.</summary>
    private const int MostImages = 128;

    /// <summary>16 images of 224 pixels a side: 16 feature maps of so many pixels take 50 MB.</summary>
    private const long MostPixels = 16 * 224 * 224;

    /// <summary>Pixels a side up to which eight images are not much.</summary>
    private const int LargestOfEight = 256;

    /// <summary>What they see of an image.</summary>
    public ModelInput Seen { get; } = input;

    /// <summary>The place after the last layer.</summary>
    public int Depth { get; } = Math.Max(1, layers.Count);

    /// <summary>Names of the layers that learn, from the image on.</summary>
    public IReadOnlyList<string> Names { get; } = layers;

    /// <summary>Weights and buffers of the first layers, by name; none of a model that learns no features.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> StateOf(int depth) =>
        state_dict().Where(tensor => Names.Take(depth).Any(layer => tensor.Key.StartsWith($"{layer}.", StringComparison.Ordinal)));

    /// <summary>Images of so many pixels a side that pass at a time where nothing trains.</summary>
    public int BatchSize(int imageSize)
    {
        long side = Seen.ImageSize ?? imageSize;
        return (int)Math.Clamp(MostPixels / (side * side), 1, MostImages);
    }

    /// <summary>
    /// Images of so many pixels a side that pass at a time where each image's values are kept by themselves: few, as the last batch is filled up,
    /// and 8 at least of images that are not large, as libtorch takes other ways, with other last bits, for the very smallest batches of small maps.
    /// </summary>
    public virtual int SmallBatchSize(int imageSize) => Math.Max((Seen.ImageSize ?? imageSize) <= LargestOfEight ? 8 : 1, BatchSize(imageSize) / 4);

    /// <summary>
    /// How many of the first layers make maps (N, M, s, s), whose places are places of the image, and have a gradient; 0, the default, where none does.
    /// </summary>
    public virtual int MapLayers => 0;

    /// <summary>Passes through the layers from one place to another: 0 is the image, <see cref="Depth"/> the embedding.</summary>
    public Tensor Through(Tensor values, int from, int to)
    {
        if (to == from)
            return values;
        var passed = Pass(from == 0 ? Seen.Of(values) : values, from, to);
        return to == Depth ? Embedding(passed) : passed;
    }

    /// <summary>The maps (N, M, s, s) that the first layers make of images.</summary>
    /// <param name="layers">1 to <see cref="MapLayers"/>.</param>
    public Tensor MapsOf(Tensor images, int layers) => Pass(Seen.Of(images), 0, layers);

    /// <summary>What <see cref="MapsOf"/> makes of images, to embeddings (N, D).</summary>
    public Tensor FromMaps(Tensor maps, int layers) => layers == Depth ? Embedding(maps) : Through(maps, layers, Depth);

    /// <summary>Whether images of so many pixels a side pass side by side where the layers are part of an ONNX file; else one at a time.</summary>
    public virtual bool TakesBatches(int imageSize) => true;

    /// <summary>
    /// Gives the last layer before the embedding biases of 1: PyTorch's default leaves half of the CNN's latent units below zero for every image, and what is
    /// learnt from embeddings alone would never wake them, as behind their ReLU there is no gradient.
    /// </summary>
    public void Awaken()
    {
        using var noGradient = no_grad();
        nn.init.ones_(named_parameters().Last(parameter => parameter.name.EndsWith("bias", StringComparison.Ordinal)).parameter);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor images) => Through(images, 0, Depth);

    /// <summary>Adds all of it to a graph as it passes images in evaluation mode, and returns the name of the embeddings (N, D).</summary>
    /// <param name="images">In [-1, 1].</param>
    public string AddTo(OnnxGraph graph, GraphImages images) => AddLayers(graph, Seen.AddTo(graph, images));

    /// <summary>The same of images as the layers see them, by one layer at least, before the last one's output becomes the embedding.</summary>
    protected abstract Tensor Pass(Tensor values, int from, int to);

    /// <summary>The embedding (N, D) that the last layer's output is, or that is pooled of it.</summary>
    protected virtual Tensor Embedding(Tensor values) => values;

    /// <summary>Adds the layers to a graph, of images as they see them.</summary>
    protected abstract string AddLayers(OnnxGraph graph, GraphImages images);

    /// <summary>The name that a layer's weights have in a file.</summary>
    protected static string InFile(string layer) => $"{Classifier.FeaturesPart}.{layer}";
}
