using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>
/// The layers of a model that map images (N, C, S, S) to embeddings (N, D), in order: what comes out of one layer can be kept and be given to
/// the next one later, so that layers which do not train need not be passed again.
/// </summary>
/// <param name="layers">Names of the layers that learn, each a module of that name; where there are none, the whole of it counts as one layer.</param>
internal abstract class FeatureLayers(string name, params IReadOnlyList<string> layers) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>The place after the last layer.</summary>
    public int Depth { get; } = Math.Max(1, layers.Count);

    /// <summary>Names of the layers that learn, from the image on.</summary>
    public IReadOnlyList<string> Names { get; } = layers;

    /// <summary>Weights and buffers of the first layers, by name; none of a model that learns no features.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> StateOf(int depth) =>
        state_dict().Where(tensor => Names.Take(depth).Any(layer => tensor.Key.StartsWith($"{layer}.", StringComparison.Ordinal)));

    /// <summary>Passes through the layers from one place to another: 0 is the image, <see cref="Depth"/> the embedding.</summary>
    public abstract Tensor Through(Tensor values, int from, int to);

    /// <inheritdoc/>
    public override Tensor forward(Tensor images) => Through(images, 0, Depth);
}
