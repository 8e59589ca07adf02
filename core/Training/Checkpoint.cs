using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>
/// The state of a training in a folder of its own while it runs, in one safetensors file that appears whole: weights, Adam's moments, the
/// copy of the best epoch's weights, and the history, from which patience and the best score follow. What is random is drawn anew in every
/// epoch from the seed and the epoch, so that no generator's state is needed.
/// </summary>
/// <param name="folder">Made when it is needed; belongs to one training of one spec.</param>
public sealed class Checkpoint(string folder)
{
    private readonly string path = Path.Combine(folder, "state.safetensors");
    private DateTime? saved;
    private CheckpointState? found;

    /// <summary>The state is written after the first epoch, and after each that ends so long after the last writing; default 15 seconds.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Removes the folder and what is in it.</summary>
    public void Delete()
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A checkpoint that stays behind does no harm.
        }
    }

    /// <summary>Writes the state, if it is time.</summary>
    internal void Save(TrainingState state)
    {
        if (DateTime.UtcNow - saved < Interval)
            return;
        MakeFolder();
        var optimizer = state.Optimizer!;
        new CheckpointState(
            Stored(state.Model.state_dict()), Stored(state.Kept.Copies), Stored(Moments(optimizer)),
            new(optimizer.Steps, state.Seconds, state.History)).Write(path);
        saved = DateTime.UtcNow;
    }

    /// <summary>
    /// Puts weights, copies and history back as they were written; a state that is damaged, or of another model, is as good as none. The
    /// moments of the phase that was stopped follow with <see cref="Resume"/>, once its optimizer is there.
    /// </summary>
    internal void Restore(TrainingState state)
    {
        var weights = state.Model.state_dict();
        if (CheckpointState.Read(path) is not { } read || !Fit(read.Weights, weights) || (read.Kept.Count > 0 && !Fit(read.Kept, weights)))
            return;
        found = read;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (found.Kept.Count > 0)
        {
            Put(found.Kept, weights);   // by way of the model, which says where and of what type they are
            state.Kept.Copy(weights);
        }

        Put(found.Weights, weights);
        state.Resume(found.Progress.History, found.Progress.Seconds);
    }

    /// <summary>Puts the moments back into the optimizer of a phase that was stopped.</summary>
    /// <exception cref="MedTransferException">They are of another phase or plan.</exception>
    internal void Resume(FlatAdam optimizer)
    {
        if (found is null)
            return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var moments = Moments(optimizer);
        if (!Fit(found.Moments, moments))
            throw new MedTransferException($"The checkpoint in {folder} is of another plan: delete that folder and run again.");
        Put(found.Moments, moments);
        optimizer.Steps = found.Progress.Steps;
        found = null;
    }

    private void MakeFolder()
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"The folder {folder} can't be made: {e.Message.TrimEnd('.')}; free its place.", e);
        }
    }

    private static Dictionary<string, Tensor> Moments(FlatAdam optimizer) => new()
    {
        [CheckpointState.FirstMoment] = optimizer.FirstMoment,
        [CheckpointState.SecondMoment] = optimizer.SecondMoment,
    };

    private static Dictionary<string, SafeTensor> Stored(IReadOnlyDictionary<string, Tensor> tensors) =>
        tensors.ToDictionary(tensor => tensor.Key, tensor => tensor.Value.ToStored());

    private static bool Fit(IReadOnlyDictionary<string, SafeTensor> stored, Dictionary<string, Tensor> places) =>
        stored.Count == places.Count
        && stored.All(tensor => places.TryGetValue(tensor.Key, out var place) && tensor.Value.Fits(place));

    private static void Put(IReadOnlyDictionary<string, SafeTensor> stored, Dictionary<string, Tensor> places)
    {
        foreach (var (name, tensor) in stored)
            tensor.CopyTo(places[name]);
    }
}
