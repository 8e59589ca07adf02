using TorchSharp.Modules;

namespace MedTransfer.Models.Onnx.Export;

/// <summary>Layers of PyTorch's as operations of a graph, in evaluation mode: each adds its weights under the layer's name and returns the name of what comes out.</summary>
internal static class LayerNodes
{
    /// <summary>A convolution.</summary>
    public static string Convolution(this OnnxGraph graph, string values, string layer, Conv2d convolution)
    {
        var padding = convolution.padding!;
        List<string> inputs = [values, graph.Weight($"{layer}.weight", convolution.weight)];
        if (convolution.bias is { } bias)
            inputs.Add(graph.Weight($"{layer}.bias", bias));
        return graph.Node("Conv", inputs, OnnxAttribute.Of("kernel_shape", convolution.kernel_size), OnnxAttribute.Of("strides", convolution.stride), OnnxAttribute.Of("pads", padding.Concat(padding)));
    }

    /// <summary>A batch norm by the means and variances that it has learned.</summary>
    public static string BatchNorm(this OnnxGraph graph, string values, string layer, BatchNorm2d norm) => graph.Node(
        "BatchNormalization",
        [
            values, graph.Weight($"{layer}.weight", norm.weight), graph.Weight($"{layer}.bias", norm.bias!),
            graph.Weight($"{layer}.running_mean", norm.running_mean!), graph.Weight($"{layer}.running_var", norm.running_var!),
        ],
        OnnxAttribute.Of("epsilon", (float)norm.eps));

    /// <summary>A linear layer of rows.</summary>
    public static string Linear(this OnnxGraph graph, string values, string layer, Linear linear) =>
        graph.Node("Gemm", [values, graph.Weight($"{layer}.weight", linear.weight), graph.Weight($"{layer}.bias", linear.bias!)], OnnxAttribute.Of("transB", 1));

    /// <summary>What is above 0.</summary>
    public static string Relu(this OnnxGraph graph, string values) => graph.Node("Relu", [values]);

    /// <summary>The largest of a window, every <paramref name="stride"/> pixels.</summary>
    public static string MaxPool(this OnnxGraph graph, string values, int size, int stride, int padding = 0) => graph.Node(
        "MaxPool", [values], OnnxAttribute.Of("kernel_shape", [size, size]), OnnxAttribute.Of("strides", [stride, stride]), OnnxAttribute.Of("pads", [padding, padding, padding, padding]));

    /// <summary>The mean over all dimensions behind the second: (N, D).</summary>
    public static string MeanOverPlaces(this OnnxGraph graph, string values) => graph.Flat(graph.Node("GlobalAveragePool", [values]));

    /// <summary>A row an image.</summary>
    public static string Flat(this OnnxGraph graph, string values) => graph.Node("Flatten", [values], OnnxAttribute.Of("axis", 1));

    /// <summary>Images whose rows and columns are sums of those that were, by a matrix of weights: new side x old side.</summary>
    public static GraphImages Resampled(this OnnxGraph graph, GraphImages images, string name, float[,] weights)
    {
        var side = weights.GetLength(0);
        var rows = graph.Floats(name, [side, images.Side], [.. weights.Cast<float>()]);
        var columns = graph.Node("Transpose", [rows], OnnxAttribute.Of("perm", [1, 0]));
        return images with { Name = graph.Node("MatMul", [rows, graph.Node("MatMul", [images.Name, columns])]), Side = side };
    }
}
