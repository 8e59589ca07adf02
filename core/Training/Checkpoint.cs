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
        new CheckpointState(
            Stored(state.Model.state_dict()), Stored(state.Kept.Copies), Stored(Moments(state.Optimizer)),
            new(state.Optimizer.Steps, state.Seconds, state.History)).Write(path);
        saved = DateTime.UtcNow;
    }

    /// <summary>Puts the state back as it was written; one that is damaged, or of another model, is as good as none.</summary>
    internal void Restore(TrainingState state)
    {
        var (weights, moments) = (state.Model.state_dict(), Moments(state.Optimizer));
        if (CheckpointState.Read(path) is not { } found
            || !Fit(found.Weights, weights) || !Fit(found.Moments, moments) || (found.Kept.Count > 0 && !Fit(found.Kept, weights)))
            return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (found.Kept.Count > 0)
        {
            Put(found.Kept, weights);   // by way of the model, which says where and of what type they are
            state.Kept.Copy(weights);
        }

        Put(found.Weights, weights);
        Put(found.Moments, moments);
        state.Optimizer.Steps = found.Progress.Steps;
        state.Resume(found.Progress.History, found.Progress.Seconds);
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
