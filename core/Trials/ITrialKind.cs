using MedTransfer.Training;
using MedTransfer.Trials.Artefacts;
using static TorchSharp.torch;

namespace MedTransfer.Trials;

/// <summary>What one kind of trial trains and measures; the run does the rest.</summary>
internal interface ITrialKind : IDisposable
{
    /// <summary>Initialised from the seed, on the CPU at first.</summary>
    nn.Module Model { get; }

    /// <summary>Trains the model, once it is on its device, on the train split; looks at the validation split besides.</summary>
    /// <param name="checkpoint">Where a training that was stopped goes on; null where none is kept.</param>
    FitResult Fit(Checkpoint? checkpoint, Action<EpochRecord> onEpoch, CancellationToken cancellation);

    /// <summary>Measures every split, once all is trained: here, and only here, the test split is read.</summary>
    TrialFindings Measure();
}

/// <summary>What a trained model is worth on each split, and what it said of the images.</summary>
internal sealed record TrialFindings(SplitMetrics Train, SplitMetrics Validation, SplitMetrics Test, TrialPredictions Predictions);
