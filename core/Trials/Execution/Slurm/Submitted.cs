using System.Text.Json.Serialization;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>What Slurm made of a submission.</summary>
/// <param name="Arrays">The arrays of all layers.</param>
/// <param name="Page">The job that makes the page; null where there is none.</param>
/// <param name="PageOf">What that job runs.</param>
internal sealed record Submitted(IReadOnlyList<SubmittedArray> Arrays, long? Page = null, PageCommand? PageOf = null)
{
    /// <summary>The arrays' numbers.</summary>
    [JsonIgnore]
    public IReadOnlyList<long> Jobs => [.. Arrays.Select(array => array.Job)];
}

/// <summary>An array of tasks of one layer.</summary>
/// <param name="Job">Slurm's number.</param>
/// <param name="Layer">From 0.</param>
/// <param name="First">The first of the layer's tasks that it has, from 0.</param>
/// <param name="Tasks">How many it has.</param>
internal sealed record SubmittedArray(long Job, int Layer, int First, int Tasks);

/// <summary>How far a task is when its time is up.</summary>
/// <param name="Done">Trials that are done.</param>
/// <param name="Epochs">Of the one that is not: epochs that ended.</param>
/// <param name="Steps">Steps of its phase.</param>
internal sealed record TaskProgress(int Done, int Epochs, long Steps) : IComparable<TaskProgress>
{
    /// <summary>Of a task whose trial that is not done has that checkpoint, or none.</summary>
    public static TaskProgress Of(int done, (int Epochs, long Steps)? position) => new(done, position?.Epochs ?? 0, position?.Steps ?? 0);

    /// <inheritdoc/>
    public int CompareTo(TaskProgress? other) => other is null ? 1 : (Done, Epochs, Steps).CompareTo((other.Done, other.Epochs, other.Steps));
}
