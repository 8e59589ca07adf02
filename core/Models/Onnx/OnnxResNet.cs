using MedTransfer.Models.Weights;

namespace MedTransfer.Models.Onnx;

/// <summary>
/// The weights of a residual network of basic blocks under torchvision's names, from a graph whose nodes come in this order: the stem, then each
/// block's projection, where there is one, its first and its second convolution, each followed by its batch norm.
/// </summary>
internal static class OnnxResNet
{
    /// <summary>Weights by name, each below <c>features.</c>; colours are taken in the order red, green, blue, whose reverse the graph takes.</summary>
    /// <exception cref="MedTransferException">The graph is another network.</exception>
    public static IReadOnlyDictionary<string, SafeTensor> Weights(OnnxFile file, StageBlocks blocks)
    {
        var convolutions = file.Model.Nodes.Where(node => node.Operator == "Conv").ToList();
        var norms = file.Model.Nodes.Where(node => node.Operator == "BatchNormalization").ToList();
        var names = Names(blocks).ToList();
        if (convolutions.Count != names.Count || norms.Count != names.Count)
            throw new MedTransferException($"{file.Path}: has {convolutions.Count} convolutions and {norms.Count} batch norms, not {names.Count} of each: it is another network.");
        var weights = new Dictionary<string, SafeTensor>();
        for (var i = 0; i < names.Count; i++)
        {
            var (convolution, norm) = names[i];
            var kernel = Weight(convolutions[i], 1);
            Add($"{convolution}.weight", i == 0 ? ChannelsReversed(kernel) : kernel);
            Add($"{norm}.weight", Weight(norms[i], 1));
            Add($"{norm}.bias", Weight(norms[i], 2));
            Add($"{norm}.running_mean", Weight(norms[i], 3));
            Add($"{norm}.running_var", Weight(norms[i], 4));
            Add($"{norm}.num_batches_tracked", new(SafeTensorType.I64, [], new byte[sizeof(long)]));
        }

        return weights;

        void Add(string name, SafeTensor weight) => weights.Add($"{Classifier.FeaturesPart}.{name}", weight);

        SafeTensor Weight(OnnxNode node, int input) =>
            (node.Inputs.Count > input ? file.Model.Initialisers.GetValueOrDefault(node.Inputs[input])?.AsWeight() : null)
            ?? throw new MedTransferException($"{file.Path}: an operation {node.Operator} lacks a float32 weight: it is another network.");
    }

    private static IEnumerable<(string Convolution, string Norm)> Names(StageBlocks blocks)
    {
        yield return ("conv1", "bn1");
        for (var stage = 0; stage < blocks.Counts.Count; stage++)
        {
            for (var block = 0; block < blocks.Counts[stage]; block++)
            {
                var name = $"layer{stage + 1}.{block}";
                if (stage > 0 && block == 0)
                    yield return ($"{name}.downsample.0", $"{name}.downsample.1");
                yield return ($"{name}.conv1", $"{name}.bn1");
                yield return ($"{name}.conv2", $"{name}.bn2");
            }
        }
    }

    private static SafeTensor ChannelsReversed(SafeTensor kernel)
    {
        var (outputs, channels) = ((int)kernel.Shape[0], (int)kernel.Shape[1]);
        var plane = kernel.Data.Length / (outputs * channels);
        var turned = new byte[kernel.Data.Length];
        for (var i = 0; i < outputs * channels; i++)
        {
            var (output, channel) = Math.DivRem(i, channels);
            kernel.Data.Slice((output * channels + channels - 1 - channel) * plane, plane).CopyTo(turned.AsMemory(i * plane));
        }

        return new(kernel.Type, kernel.Shape, turned);
    }
}
