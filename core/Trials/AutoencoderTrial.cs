using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Numerics;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Trials.Artefacts;
using static TorchSharp.torch;

namespace MedTransfer.Trials;

/// <summary>Trains an autoencoder, without labels, and leaves the first test images as it draws them.</summary>
internal sealed class AutoencoderTrial(TrialSpec spec, Dataset data, Device device) : ITrialKind
{
    /// <summary>A sheet of 8 x 8.</summary>
    private const int MostReconstructions = 64;

    private readonly Autoencoder model = Autoencoder.Create(spec.Model, data.Info, spec.Seed);

    public nn.Module Model => model;

    public FitResult Fit(Checkpoint? checkpoint, Action<EpochRecord> onEpoch, CancellationToken cancellation)
    {
        using var train = On(data.Train);
        using var validation = On(data.Validation);
        var learner = new AutoencoderLearner(model, train, validation, spec.Fit.Augmentation);
        return new Trainer(spec.Fit, spec.Seed) { Checkpoint = checkpoint }.Fit(learner, onEpoch, cancellation);
    }

    public TrialFindings Measure()
    {
        using var train = On(data.Train);
        using var validation = On(data.Validation);
        using var test = On(data.Test);
        var reconstructor = new Reconstructor(model) { Threads = spec.Threads };
        return new TrialFindings(Measured(reconstructor, train), Measured(reconstructor, validation), Measured(reconstructor, test), new TrialPredictions(
            [
                .. Enum.GetValues<SplitName>().Select(name => new SplitPredictions(name, data[name].FileIndices, data[name].Labels.Values, new float[data[name].Count, 0])),
            ],
            Embeddings(reconstructor, train, TrialPredictions.MostTrainEmbeddings),
            Embeddings(reconstructor, test, null))
        {
            TestReconstructions = Reconstructions(reconstructor, test),
        });
    }

    public void Dispose() => model.Dispose();

    private ImageSet On(Split split) => new(split, null, device);

    private static SplitMetrics Measured(Reconstructor reconstructor, ImageSet images)
    {
        var fidelity = reconstructor.Assess(images);
        return new SplitMetrics(fidelity.Mse, null, fidelity);
    }

    private static float[,] Embeddings(Reconstructor reconstructor, ImageSet images, int? limit)
    {
        using var embeddings = reconstructor.Embeddings(images, limit);
        return embeddings.ToMatrix();
    }

    private static byte[,,,] Reconstructions(Reconstructor reconstructor, ImageSet images)
    {
        using var drawn = reconstructor.Reconstructions(images, MostReconstructions);
        return drawn.ToImages();
    }
}
