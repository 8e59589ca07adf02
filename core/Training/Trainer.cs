using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>The one training loop: Adam over shuffled mini-batches, scores on the validation split after every epoch.</summary>
/// <param name="Options">How to train.</param>
/// <param name="Seed">Fixes the order of the images and every other draw: the same seed gives the same bits.</param>
public sealed record Trainer(FitOptions Options, long Seed)
{
    /// <summary>Trains the parameters that require gradients, and leaves the model with the kept epoch's weights.</summary>
    /// <param name="learner">The model, on the device of its images, and its task.</param>
    /// <param name="onEpoch">Told of every epoch as it ends.</param>
    /// <exception cref="MedTransferException">The loss stopped being a number.</exception>
    /// <exception cref="OperationCanceledException">Asked for between two batches.</exception>
    public FitResult Fit(ILearner learner, Action<EpochRecord>? onEpoch = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(learner);
        var model = learner.Model;
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
            var loss = OneEpoch(learner, optimizer, order, epoch, cancellation);
            clock.Stop();
            var record = Validated(learner, epoch, loss);
            history.Add(record);
            kept.Consider(model, record);
            onEpoch?.Invoke(record);
        }

        return new FitResult(history, kept.Restore(model), clock.Elapsed.TotalSeconds);
    }

    private double OneEpoch(ILearner learner, Adam optimizer, Generator order, int epoch, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        learner.Model.train();
        var images = learner.Order(order).to(learner.Device);
        var losses = new List<Tensor>();
        var sizes = new List<long>();
        for (long start = 0; start < learner.Count; start += Options.BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using var batch = NewDisposeScope();
            var indices = images.slice(0, start, Math.Min(start + Options.BatchSize, learner.Count), 1);
            optimizer.zero_grad();
            var loss = learner.Loss(indices);
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

    private EpochRecord Validated(ILearner learner, int epoch, double trainLoss)
    {
        var validation = learner.Validate();
        return new EpochRecord(epoch, Options.LearningRate, trainLoss, validation.Loss, validation.Scores?.Accuracy, validation.Scores?.RocAuc);
    }
}
