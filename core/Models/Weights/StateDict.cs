using MedTransfer.Data;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Models.Weights;

/// <summary>Which network a state dict, PyTorch's weights and buffers by name, is of: told from names and shapes, whatever wraps the names.</summary>
public static class StateDict
{
    /// <summary>Parts of names that only one kind of network has; the first that is found counts.</summary>
    private static readonly (string Part, string Kind)[] Kinds =
    [
        ("relative_position_bias_table", "a Swin transformer"),
        ("visual.transformer.", "CLIP"),
        ("word_embeddings", "a language model"),
        ("cls_token", "a vision transformer"),
        ("class_token", "a vision transformer"),
        ("patch_embed", "a vision transformer"),
        ("encoder_layer_0.", "a vision transformer"),
        ("denseblock1.", "a DenseNet"),
        ("layer_scale", "a ConvNeXt"),
        ("dwconv.", "a ConvNeXt"),
        ("conv_stem.", "an EfficientNet"),
        ("features.1.0.block.", "an EfficientNet"),
        ("features.1.conv.0.", "a MobileNet"),
        ("Mixed_5b.", "an Inception network"),
        ("embedder.convolution.", "a ResNet under the names of Hugging Face's transformers"),
        ("embedder.embedder.", "a ResNet under the names of Hugging Face's transformers"),
        ("layer1.0.conv1.", "a ResNet of another depth, width or stem, or of one that lacks arrays"),
        ("features.0.weight", "a VGG or AlexNet"),
        ("features.conv1.", "another network of ours"),
    ];

    /// <summary>The network of ours that has such features, with its options; null where none has.</summary>
    /// <param name="given">What a file has.</param>
    public static ModelOptions? ArchitectureOf(IReadOnlyDictionary<string, WeightShape> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        var prefixes = given.Keys.SelectMany(name => Enumerable.Range(0, name.Length).Where(i => i == 0 || name[i - 1] == '.').Select(i => name[..i])).Distinct();
        return prefixes.SelectMany(prefix => Architecture.All.Select(entry => entry.Recognise(name => given.GetValueOrDefault(prefix + name))))
            .FirstOrDefault(options => options is not null);
    }

    /// <summary>The network of ours whose features a file has, with its options; the header alone is read.</summary>
    /// <exception cref="MedTransferException">The file can't be read, or is of another network; the message says of which, where its names tell.</exception>
    public static ModelOptions ArchitectureOf(string path)
    {
        var given = WeightFile.Shapes(path);
        var known = Architecture.All.Where(entry => entry is { LearnsFeatures: true, ComesTrained: false }).Select(entry => entry.Title);
        return ArchitectureOf(given) ?? throw new MedTransferException(
            $"{path} has the weights of {KindOf(given.Keys) ?? "a network that is not known here"} ({(given.Count == 0 ? "none" : OneLine.FirstFew([.. given.Keys]))}): "
            + $"name a state dict of one of {string.Join(", ", known)}, under torchvision's names");
    }

    /// <summary>How the network of a file wants pixels: as a file of ours says, else [-1, 1] where it is one of ours or saw grey images, else as torchvision's.</summary>
    public static PixelScale PixelsOf(string path)
    {
        if (WeightFile.PixelsOf(path) is { } own)
            return own;
        var given = WeightFile.Shapes(path);
        var isOurs = given.Keys.Any(name => name.StartsWith(WeightPrefix.OfFeatures, StringComparison.Ordinal));
        return isOurs || !SeesColour(given) ? PixelScale.Symmetric : PixelScale.ImageNet;
    }

    /// <summary>Fails where weights can't be those of a network that works: a value that is no number, or is infinite, or a variance below 0.</summary>
    /// <exception cref="MedTransferException">The first array that is so is named; or the file can't be read.</exception>
    public static void RequireSound(string path)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, stored) in WeightFile.Load(path).OrderBy(weight => weight.Key, StringComparer.Ordinal))
        {
            using var inner = NewDisposeScope();
            var values = stored.ToTensor();
            if (!values.is_floating_point())
                continue;
            if (!values.isfinite().all().item<bool>())
                throw new MedTransferException($"{path} holds values in {name} that are no numbers, or infinite: no network works with them, so save it anew, from before its training went astray.");
            if (name.EndsWith("running_var", StringComparison.Ordinal) && values.lt(Scalars.Kept(0)).any().item<bool>())
                throw new MedTransferException($"{path} holds variances below 0 in {name}: the file was changed or is damaged, so save it anew.");
        }
    }

    // of the convolutions only the first may have three channels
    private static bool SeesColour(IReadOnlyDictionary<string, WeightShape> given) => given.Values.Any(weight => weight.Shape is [_, 3, _, _]);

    /// <summary>What network arrays of such names are of; null where they do not tell.</summary>
    internal static string? KindOf(IEnumerable<string> names) =>
        Kinds.Where(kind => names.Any(name => name.Contains(kind.Part, StringComparison.Ordinal))).Select(kind => kind.Kind).FirstOrDefault();
}
