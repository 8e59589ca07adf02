using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Models.Weights;

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

    /// <summary>Writes a model into an empty folder.</summary>
    /// <param name="images">Those that it learned from.</param>
    /// <param name="embeddings">Of them, (N, D).</param>
    /// <param name="network">Its network, in evaluation mode.</param>
    /// <param name="description">Without the digests of files, which are taken here.</param>
    public static ModelDescription Write(string folder, Classifier network, ModelDescription description, Split images, float[,] embeddings)
    {
        ArgumentNullException.ThrowIfNull(description);
        WeightFile.Save(network, Path.Combine(folder, WeightsFile));
        TrainingImages.Of(images, embeddings).Write(Path.Combine(folder, ImagesFile));
        if (description.Network.Onnx is { } encoder)
        {
            File.Copy(encoder.Path, Path.Combine(folder, EncoderFile));
            description = description with { Network = description.Network with { Onnx = encoder with { Path = EncoderFile } } };
        }

        var names = Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
        var whole = description with { Files = names.ToDictionary(name => name, name => WeightFile.DigestOf(Path.Combine(folder, name))) };
        whole.Write(Path.Combine(folder, DescriptionFile));
        return whole;
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
        var network = Classifier.Trained(options, description.Info, WeightFile.Load(Path.Combine(folder, WeightsFile)));
        network.eval();
        return new(description with { Network = options }, network, TrainingImages.Read(Path.Combine(folder, ImagesFile)));
    }

    private static void RequireUnchanged(string folder, ModelDescription description)
    {
        foreach (var needed in new[] { WeightsFile, ImagesFile }.Where(name => !description.Files.ContainsKey(name)))
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
