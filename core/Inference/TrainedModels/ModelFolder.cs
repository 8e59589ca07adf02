using System.Text.Json;
using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Models.Onnx.Export;
using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Inference.TrainedModels;

/// <summary>
/// The folder that a model is: <c>model.json</c>, its weights, what is known of the images that it learned from, the same as one ONNX file, and the encoder that it stands on, where
/// that is a file. Each of these is known by its digest in <c>model.json</c>, and a changed one is refused.
/// </summary>
public static class ModelFolder
{
    /// <summary>Name of the description.</summary>
    public const string DescriptionFile = "model.json";

    /// <summary>Name of the weights, under the names that trials have.</summary>
    public const string WeightsFile = "model.safetensors";

    /// <summary>Name of the ONNX file.</summary>
    public const string OnnxFile = "model.onnx";

    /// <summary>Name of what is known of the images.</summary>
    public const string ImagesFile = "training-images.safetensors";

    /// <summary>Name of the encoder's ONNX file, where the network is one.</summary>
    public const string EncoderFile = "encoder.onnx";

    /// <summary>Images that the ONNX file is tried on at most.</summary>
    private const int MostTried = 64;

    /// <summary>By which a probability of the ONNX file may differ from the network's own: its sums are added up in another order.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>Writes a model into an empty folder.</summary>
    /// <param name="model">What is said of files in its description is said anew.</param>
    /// <param name="images">Those that it learned from.</param>
    /// <returns>The description as it was written.</returns>
    /// <exception cref="MedTransferException">A file can't be written.</exception>
    public static ModelDescription Write(string folder, TrainedModel model, Split images)
    {
        ArgumentNullException.ThrowIfNull(model);
        WeightFile.Save(model.Network, Path.Combine(folder, WeightsFile));
        model.Known.Write(Path.Combine(folder, ImagesFile));
        var (graph, obstacle) = Export(Path.Combine(folder, OnnxFile), model, images);
        var description = model.Description with { Onnx = graph, OnnxObstacle = obstacle };
        if (description.Network.Onnx is { } encoder)
        {
            File.Copy(encoder.Path, Path.Combine(folder, EncoderFile));
            description = description with { Network = description.Network with { Onnx = encoder with { Path = EncoderFile } } };
        }

        var names = Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
        description = description with { Files = names.ToDictionary(name => name, name => WeightFile.DigestOf(Path.Combine(folder, name))) };
        description.Write(Path.Combine(folder, DescriptionFile));
        return description;
    }

    /// <summary>Reads a model; the caller disposes of it.</summary>
    /// <exception cref="MedTransferException">The folder is no model, of another version, or lacks a file or has a changed one; the message says which.</exception>
    public static TrainedModel Open(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (File.Exists(folder))
            throw new MedTransferException($"{folder}: is a file, but a model is a folder with {DescriptionFile}: name the folder.");
        if (!Directory.Exists(folder))
            throw new MedTransferException($"{folder}: is not there: make a model with transfer.fsx, or name its folder with --model.");
        var path = Path.Combine(folder, DescriptionFile);
        if (!File.Exists(path))
            throw new MedTransferException($"{folder}: is no model, as it has no {DescriptionFile}: name a folder that transfer.fsx left, reports/transfer/model for one.");
        var description = ModelDescription.Read(path);
        RequireUnchanged(folder, description);
        var options = description.Network.Onnx is { } encoder
            ? description.Network with { Onnx = encoder with { Path = Path.GetFullPath(Path.Combine(folder, EncoderFile)) } }
            : description.Network;
        var network = NetworkOf(options, description, Path.Combine(folder, WeightsFile));
        return new(description with { Network = options }, network, TrainingImages.Read(Path.Combine(folder, ImagesFile)));
    }

    // tried on some of the images: what differs from the network by more than rounding is not left to anybody
    private static (ExportedGraph? Graph, string? Obstacle) Export(string path, TrainedModel model, Split images)
    {
        var description = model.Description;
        var metadata = new Dictionary<string, string>
        {
            ["labels"] = JsonSerializer.Serialize(description.Labels),
            ["use"] = "for research only, no medical device",
        };
        var temperature = description.Task == LabelTask.MultiLabel ? 1 : description.Temperature ?? 1;
        try
        {
            OnnxExport.Write(model.Network, description.Info, description.Pixels.Fit, temperature, metadata, path);
            var graph = Tried(path, model, images);
            // of a low temperature probabilities are steeper in what is rounded
            return graph.LargestDifference <= Tolerance * Math.Max(1, 1 / temperature) ? (graph, null)
                : throw new MedTransferException(FormattableString.Invariant($"the ONNX file gives other probabilities than the network, by up to {graph.LargestDifference:G2}"));
        }
        catch (MedTransferException e)
        {
            // a model without it can be used all the same; where files are is not for others to know
            File.Delete(path);
            var message = e.Message.Replace(path, OnnxFile, StringComparison.Ordinal);
            return (null, description.Network.Onnx is { } encoder ? message.Replace(encoder.Path, Path.GetFileName(encoder.Path), StringComparison.Ordinal) : message);
        }
    }

    private static ExportedGraph Tried(string path, TrainedModel model, Split images)
    {
        var step = Math.Max(1, images.Count / MostTried);
        using var tried = images.Subset([.. Enumerable.Range(0, images.Count).Where(image => image % step == 0).Take(MostTried)]);
        using var exported = ExportedModel.Open(path);
        using var scope = NewDisposeScope();
        var (_, height, width) = tried.Source.Shape;
        var theirs = exported.Probabilities(tried.Source.Batch(0, tried.Count).permute(0, 2, 3, 1).contiguous().data<byte>().ToArray(), height, width);
        var difference = model.Answer(tried).Probabilities.Cast<float>().Zip(theirs.Cast<float>(), (own, other) => Math.Abs((double)own - other)).Max();
        return new(exported.Opset, difference, tried.Count);
    }

    private static Classifier NetworkOf(ModelOptions options, ModelDescription description, string path)
    {
        var weights = WeightFile.Load(path);
        try
        {
            var network = Classifier.Trained(options, description.Info, weights);
            return network.state_dict().Count == weights.Count ? network : throw new MedTransferException("there are weights which it has no place for");
        }
        catch (MedTransferException e)
        {
            throw new MedTransferException($"{path}: does not fit the network that {DescriptionFile} describes ({e.Message.TrimEnd('.')}): one of both was changed, so copy the folder again, or make the model anew with transfer.fsx.", e);
        }
    }

    private static void RequireUnchanged(string folder, ModelDescription description)
    {
        string[] all = [WeightsFile, ImagesFile, .. description.Network.Onnx is null ? Array.Empty<string>() : [EncoderFile]];
        foreach (var needed in all.Where(name => !description.Files.ContainsKey(name)))
            throw new MedTransferException($"{Path.Combine(folder, DescriptionFile)}: does not name {needed}: it was changed, so copy the folder again, or make the model anew with transfer.fsx.");
        foreach (var (name, digest) in description.Files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            // nothing outside of the folder is part of the model
            var path = Path.Combine(folder, Path.GetFileName(name));
            if (!File.Exists(path))
                throw new MedTransferException($"{path}: is missing: copy the whole folder, or make the model anew with transfer.fsx.");
            if (WeightFile.DigestOf(path) != digest)
                throw new MedTransferException($"{path}: was changed since the model was made (its SHA-256 is another than {DescriptionFile} says): copy it again, or make the model anew with transfer.fsx.");
        }
    }
}
