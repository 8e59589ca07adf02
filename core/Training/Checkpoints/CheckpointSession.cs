using System.Diagnostics;
using MedTransfer.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Training.Checkpoints;

/// <summary>The checkpoint of one training from its beginning, or from where it goes on, to its end.</summary>
internal sealed class CheckpointSession(CheckpointFolder folder, TimeSpan interval, MomentPrecision precision, CancellationToken lost = default) : IDisposable
{
    private readonly WritingThread writing = new();
    private readonly TensorCopies copies = new();
    private readonly Stopwatch standing = new();
    private readonly long beginning = Stopwatch.GetTimestamp();
    private long? copied;
    private IReadOnlySet<string>? frozen;
    private int kept;
    private CheckpointState? found;

    /// <summary>Wall time that the training stood still for it, in seconds.</summary>
    public double Seconds => standing.Elapsed.TotalSeconds;

    /// <summary>Copies that were taken.</summary>
    public int Copies { get; private set; }

    /// <summary>
    /// Puts weights, copies and history back as they were written; a state that is damaged, or of another model, is as good as none. The
    /// moments of the phase that was stopped follow with <see cref="Resume"/>, once its optimizer is there.
    /// </summary>
    public void Restore(TrainingState state)
    {
        if (folder.Read() is not { Frozen: { } still, Kept: { } best } read)
            return;
        var weights = state.Model.state_dict();
        if (!Fit(still.Concat(read.Trained), weights) || (best.Count > 0 && !Fit(still.Concat(best), weights)))
            return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Put(still, weights);
        if (best.Count > 0)
        {
            Put(best, weights);   // by way of the model, which says where and of what type they are
            state.Kept.Copy(weights);
        }

        Put(read.Trained, weights);
        state.Resume(read.Progress.History, read.Progress.Seconds, BegunEpoch.Of(read.Epoch));
        (found, frozen, kept) = (read, still.Keys.ToHashSet(), best.Count > 0 ? state.Kept.Epoch : 0);
    }

    /// <summary>Puts the moments back into the optimizer of a phase that was stopped; does nothing where none was.</summary>
    /// <exception cref="MedTransferException">They are of another phase or plan.</exception>
    public void Resume(FlatAdam optimizer)
    {
        if (found is null)
            return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (moments, read) = (MomentsOf(optimizer), StoredMoments.InFull(found.Moments));
        if (!Fit(read, moments))
            throw folder.OfAnotherPlan();
        Put(read, moments);
        optimizer.Steps = found.Progress.Steps;
        found = null;
    }

    /// <summary>Takes a copy of the state after an epoch, if it is time, and begins to write it.</summary>
    public void Save(TrainingState state) => SaveIfDue(state, state.Seconds, reported: null);

    /// <summary>The same between two steps of an epoch.</summary>
    /// <param name="seconds">Wall time of the optimisation of this epoch so far.</param>
    /// <param name="reported">By the batches behind.</param>
    public void Save(TrainingState state, double seconds, IReadOnlyList<Tensor> reported)
    {
        if (reported[0].device_type == DeviceType.CPU)
            SaveIfDue(state, state.Seconds + seconds, reported);
    }

    /// <summary>Takes a last copy of a training that is stopped between two steps, whether or not it is time, and waits until it is written; on a GPU only where an epoch has just ended.</summary>
    /// <param name="seconds">Wall time of the optimisation of this epoch so far.</param>
    /// <param name="reported">By the batches behind; none where the epoch has just begun.</param>
    public void Stop(TrainingState state, double seconds, IReadOnlyList<Tensor> reported)
    {
        try
        {
            if (reported.Count > 0 && reported[0].device_type == DeviceType.CPU)
                Copy(state, state.Seconds + seconds, reported);
            else if (reported.Count == 0 && state.IsWithinPhase)
                Copy(state, state.Seconds, reported: null);
            Complete();
        }
        catch (MedTransferException)
        {
            // it is being stopped, and the state before this one is there
        }
    }

    /// <summary>Waits until all is written.</summary>
    /// <exception cref="MedTransferException">The last writing failed.</exception>
    public void Complete() => writing.Wait();

    /// <inheritdoc/>
    public void Dispose() => writing.Dispose();

    private void SaveIfDue(TrainingState state, double seconds, IReadOnlyList<Tensor>? reported)
    {
        if (IsDue(isWithinEpoch: reported is not null))
            Copy(state, seconds, reported);
    }

    private void Copy(TrainingState state, double seconds, IReadOnlyList<Tensor>? reported)
    {
        if (lost.IsCancellationRequested)
            return;
        standing.Start();
        writing.Wait();   // what it writes lies where the next copy will
        copied = Stopwatch.GetTimestamp();
        var copy = CopyOf(state, seconds, reported);
        writing.Begin(() => folder.Write(precision == MomentPrecision.Exact ? copy : copy with { Moments = StoredMoments.InEightBits(copy.Moments) }));
        Copies++;
        standing.Stop();
    }

    private bool IsDue(bool isWithinEpoch) => copied is { } last
        ? Stopwatch.GetElapsedTime(last) >= interval
        : !isWithinEpoch || Stopwatch.GetElapsedTime(beginning) >= interval;

    private CheckpointState CopyOf(TrainingState state, double seconds, IReadOnlyList<Tensor>? reported)
    {
        using var scope = NewDisposeScope();
        var (weights, optimizer) = (state.Model.state_dict(), state.Optimizer!);
        var isAnotherPhase = frozen?.SetEquals(state.Frozen) != true;
        var isAnotherBest = isAnotherPhase || kept != state.Kept.Epoch;
        (frozen, kept) = (state.Frozen, state.Kept.Epoch);
        return new(
            isAnotherPhase ? Stored(weights.Where(weight => frozen.Contains(weight.Key))) : null,
            copies.Of(weights.Where(weight => !frozen.Contains(weight.Key))),
            isAnotherBest ? Stored(state.Kept.Copies.Where(weight => !frozen.Contains(weight.Key))) : null,
            copies.Of(MomentsOf(optimizer)),
            reported is null ? [] : Stored(BegunEpoch.Behind(reported)),
            new(optimizer.Steps, seconds, [.. state.History]));
    }

    private static Dictionary<string, Tensor> MomentsOf(FlatAdam optimizer) => new()
    {
        [CheckpointState.FirstMoment] = optimizer.FirstMoment,
        [CheckpointState.SecondMoment] = optimizer.SecondMoment,
    };

    private static Dictionary<string, SafeTensor> Stored(IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        tensors.ToDictionary(tensor => tensor.Key, tensor => tensor.Value.ToStored());

    private static bool Fit(IEnumerable<KeyValuePair<string, SafeTensor>> stored, Dictionary<string, Tensor> places)
    {
        var all = stored.ToList();
        return all.Count == places.Count && all.TrueForAll(tensor => places.TryGetValue(tensor.Key, out var place) && tensor.Value.Fits(place));
    }

    private static void Put(IReadOnlyDictionary<string, SafeTensor> stored, Dictionary<string, Tensor> places)
    {
        foreach (var (name, tensor) in stored)
            tensor.CopyTo(places[name]);
    }
}
