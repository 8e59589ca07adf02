using MedTransfer.Data;
using MedTransfer.Data.Import.Pixels;
using MedTransfer.Inference.TrainedModels;
using MedTransfer.Models;
using MedTransfer.Tests.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Inference.TrainedModels;

/// <summary>A small untrained CNN as a model of forty grey images of 28 pixels.</summary>
internal static class TinyModel
{
    public static ModelDescription Description { get; } = new()
    {
        Network = new ModelOptions { Latent = 8 },
        Task = LabelTask.BinaryClass,
        Labels = ["healthy", "ill"],
        PositiveClass = 1,
        Channels = 1,
        Pixels = new PixelOptions { ImageSize = 28 },
        IsPreparationKnown = true,
        Temperature = .5,
        Thresholds = [.6],
        WantedSensitivity = .95,
        Procedure = new Dictionary<string, string> { ["ROC AUC"] = "0.900", ["ACC"] = "0.800" },
        LearnedFrom = new("squares", new string('a', 32), 40, IsPhantom: false, "no transfer", new string('b', 16))
        {
            Counts = new Dictionary<string, int> { ["healthy"] = 20, ["ill"] = 20 },
            PretrainedOn = [],
            IsSmoke = false,
        },
    };

    /// <summary>Forty images without labels; the caller disposes of them.</summary>
    public static Split Images(int count = 40, int first = 0) => Grey(Squares.Pixels(count, first: first));

    /// <summary>Images of bytes (N, S, S).</summary>
    public static Split Grey(byte[,,] pixels)
    {
        var flat = new byte[pixels.Length];
        Buffer.BlockCopy(pixels, 0, flat, 0, flat.Length);
        var images = tensor(flat, ScalarType.Byte).reshape(pixels.GetLength(0), 1, pixels.GetLength(1), pixels.GetLength(2));
        return new(images.DetachFromDisposeScope(), Labels.Empty(pixels.GetLength(0)), null);
    }

    /// <summary>The model; the caller disposes of it.</summary>
    public static TrainedModel Create(ModelDescription? description = null)
    {
        var described = description ?? Description;
        using var images = Images();
        var network = Classifier.Create(described.Network, described.Info, seed: 1);
        var answers = new TrainedModel(described, network, new([], [], null, new HashSet<UInt128>())).Answer(images);
        return new(described, network, TrainingImages.Of(images, null, answers.Embeddings));
    }
}
