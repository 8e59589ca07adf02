using MedTransfer.Data;
using MedTransfer.Data.Import.Pixels;
using MedTransfer.Runtime;

namespace MedTransfer.Models.Onnx.Export;

/// <summary>A trained classifier as one ONNX file, which takes raw images and needs nothing else: what it takes is resized, scaled and passed through the network in it.</summary>
public static class OnnxExport
{
    /// <summary>The file's one input: uint8 (N, H, W, C), images of any size, of the data's channels (1 grey, 3 red, green and blue), 0 black to 255 white.</summary>
    public const string Input = "images";

    /// <summary>The file's one output: float32 (N, K), a probability for each class or finding.</summary>
    public const string Output = "probabilities";

    /// <summary>
    /// Writes the file, whole or not at all: ONNX's own operators of version 18 and float32 weights, or the versions of the encoder that the model
    /// holds. N is free, but 1 where an encoder takes one image at a time. The same model makes the same bytes.
    /// </summary>
    /// <param name="data">What the model was trained on: its image size, channels and task.</param>
    /// <param name="fit">What becomes of images that are not square: what the import made of them.</param>
    /// <param name="temperature">What logits are divided by, above 0; 1 leaves them as they are.</param>
    /// <param name="metadata">Texts by name that the file carries, such as the names of the classes.</param>
    /// <exception cref="MedTransferException">The data has no labels, the encoder can't be part of another model, or the file can't be written.</exception>
    public static void Write(Classifier model, DatasetInfo data, Fit fit, double temperature, IReadOnlyDictionary<string, string> metadata, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(metadata);
        if (!(double.IsFinite(temperature) && temperature > 0)) throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "above 0");
        if (model.Outputs != data.Outputs) throw new ArgumentException($"the model has {model.Outputs} outputs, the data {data.Outputs}", nameof(data));
        if (data.Task is null)
            throw new MedTransferException($"{data.Name} has no labels, so that a model of it has no probabilities: name a labelled set.");
        var file = Graph(model, data, fit, temperature).ToModel(metadata);
        if (file.Length > int.MaxValue)
            throw new MedTransferException($"{path}: the model takes {file.Length >> 20} MB, but an ONNX file has 2 GB at most: export a smaller network.");
        WholeFile.Write(path, file.WriteTo);
    }

    private static OnnxGraph Graph(Classifier model, DatasetInfo data, Fit fit, double temperature)
    {
        var graph = new OnnxGraph();
        var batch = model.Layers.TakesBatches(data.ImageSize) ? OnnxDimension.Free("N") : OnnxDimension.Of(1);
        graph.Input(Input, OnnxGraph.UInt8, batch, OnnxDimension.Free("H"), OnnxDimension.Free("W"), OnnxDimension.Of(data.Channels));
        var embeddings = model.Layers.AddTo(graph, ImageFront.Add(graph, Input, data, fit));
        var logits = graph.Linear(embeddings, Classifier.HeadPart, model.Head);
        var calibrated = graph.Node("Div", [logits, graph.Floats("temperature", [], [(float)temperature])]);
        if (data.Task == LabelTask.MultiLabel)
            graph.Named(Output, "Sigmoid", [calibrated]);
        else
            graph.Named(Output, "Softmax", [calibrated], OnnxAttribute.Of("axis", 1));
        graph.Output(Output, OnnxGraph.Float32, batch, OnnxDimension.Of(data.Outputs));
        return graph;
    }
}
