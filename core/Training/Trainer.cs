using System.Diagnostics;
using MedTransfer.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>The one training loop: Adam over shuffled mini-batches, scores on the validation split after every epoch.</summary>
/// <param name="Loss">What the labels ask for.</param>
/// <param name="Options">How to train.</param>
/// <param name="Seed">Fixes the order of the images and every other draw: the same seed gives the same bits.</param>
public sealed record Trainer(LabelLoss Loss, FitOptions Options, long Seed)
{
    /// <summary>Trains the parameters that require gradients, and leaves the model with the kept epoch's weights.</summary>
    /// <param name="model">The model, on the device of the images.</param>
    /// <param name="onEpoch">Told of every epoch as it ends.</param>
    /// <exception cref="MedTransferException">The loss stopped being a number.</exception>
    /// <exception cref="OperationCanceledException">Asked for between two batches.</exception>
    public FitResult Fit(
        Classifier model, LabelledImages train, LabelledImages validation, Action<EpochRecord>? onEpoch = null, CancellationToken cancellation = default)
    {
        var trainable = model.parameters().Where(parameter => parameter.requires_grad).ToList();
        // only what trains: Adam would keep moving a parameter whose gradient is merely zero
        using var optimizer = optim.Adam(trainable, Options.LearningRate);
        using var order = new Generator((ulong)Seed);
        manual_seed(Seed);
        var history = new List<EpochRecord>();
        var clock = new Stopwatch();
        using var kept = new KeptWeights(Options.Keep);
        for (var epoch = 1; epoch <= Options.Epochs; epoch++)
        {
            clock.Start();
            var loss = OneEpoch(model, optimizer, train.Images, order, epoch, cancellation);
            clock.Stop();
            var record = Validated(model, validation, epoch, loss);
            history.Add(record);
            kept.Consider(model, record);
            onEpoch?.Invoke(record);
        }

        return new FitResult(history, kept.Restore(model), clock.Elapsed.TotalSeconds);
    }

    private double OneEpoch(Classifier model, Adam optimizer, ImageSet images, Generator order, int epoch, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        model.train();
        var permutation = randperm(images.Count, dtype: ScalarType.Int64, generator: order).to(images.Targets.device);
        var losses = new List<Tensor>();
        var sizes = new List<long>();
        for (long start = 0; start < images.Count; start += Options.BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using var batch = NewDisposeScope();
            var indices = permutation.slice(0, start, Math.Min(start + Options.BatchSize, images.Count), 1);
            optimizer.zero_grad();
            var loss = Loss.Of(model.forward(images.Images(indices)), images.Targets.index_select(0, indices));
            loss.backward();
            optimizer.step();
            losses.Add(loss.detach().MoveToOuterDisposeScope());
            sizes.Add(indices.shape[0]);
        }

        return MeanLoss(losses, sizes, epoch);
    }

    // read once an epoch: reading each batch's loss would make the device wait for the host
    private static double MeanLoss(List<Tensor> losses, List<long> sizes, int epoch)
    {
        var values = stack(losses).cpu().data<float>().ToArray();
        var broken = Array.FindIndex(values, value => !float.IsFinite(value));
        if (broken >= 0)
            throw new MedTransferException(FormattableString.Invariant(
                $"The training loss became {values[broken]} in epoch {epoch}, batch {broken + 1} of {values.Length}: lower the learning rate, or look for broken images."));
        return values.Zip(sizes, (value, size) => value * (double)size).Sum() / sizes.Sum();
    }

    private EpochRecord Validated(Classifier model, LabelledImages validation, int epoch, double trainLoss)
    {
        var assessed = new Predictor(model).Assess(validation, Loss);
        return new EpochRecord(epoch, Options.LearningRate, trainLoss, assessed.Loss, assessed.Scores.Accuracy, assessed.Scores.RocAuc);
    }
}
