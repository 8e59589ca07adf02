using System.Globalization;
using System.Text;
using System.Text.Json;
using MedTransfer.Runtime;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>
/// What one submission is made of, below <c>jobs</c> beside the trials: <c>trials.jsonl</c>, a job a line, those of a task together; <c>tasks.csv</c>, where each task's lines begin; the scripts; <c>submitted.json</c>, the
/// jobs' numbers; <c>logs/</c>; and, as they come, <c>failed/</c>, why a trial failed, and <c>requeued/</c>, how far a task was when it last ran out of time.
/// </summary>
internal sealed class SubmissionFolder
{
    private const string TrialsFile = "trials.jsonl", TasksFile = "tasks.csv", SubmittedFile = "submitted.json";

    private SubmissionFolder(string path) => FullPath = path;

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>The script of a task, given its layer and the number of tasks before its array.</summary>
    public string TaskScript => In("task.sh");

    /// <summary>The script of the job for the page.</summary>
    public string PageScript => In("page.sh");

    /// <summary>Where what tasks print goes.</summary>
    public string Logs => In("logs");

    /// <summary>That of an earlier process.</summary>
    public static SubmissionFolder At(string path) => new(Path.GetFullPath(path));

    /// <summary>Those of earlier processes that were submitted, oldest first; none where there is no such folder.</summary>
    public static IReadOnlyList<SubmissionFolder> All(string jobs) => !Directory.Exists(jobs)
        ? []
        : [.. Directory.GetDirectories(jobs).Order(StringComparer.Ordinal).Select(At).Where(folder => File.Exists(folder.In(SubmittedFile)))];

    /// <summary>Makes one and writes its trials.</summary>
    /// <param name="jobs">The folder that holds those of all submissions.</param>
    /// <exception cref="MedTransferException">It can't be made.</exception>
    public static SubmissionFolder Create(string jobs, TaskLayout layout, Func<Trial, Job> job)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..6]}");
        var folder = At(Path.Combine(jobs, name));
        try
        {
            Directory.CreateDirectory(folder.Logs);
            Directory.CreateDirectory(folder.In("failed"));
            Directory.CreateDirectory(folder.In("requeued"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"The folder {folder.FullPath} can't be made: {e.Message.TrimEnd('.')}; name another with --out.", e);
        }

        var tasks = new StringBuilder("layer,task,offset,trials\n");
        WholeFile.Write(folder.In(TrialsFile), stream =>
        {
            for (var layer = 0; layer < layout.Layers.Count; layer++)
            {
                for (var task = 0; task < layout.Layers[layer].Count; task++)
                {
                    var trials = layout.Layers[layer][task];
                    tasks.Append(CultureInfo.InvariantCulture, $"{layer},{task},{stream.Position},{trials.Count}\n");
                    foreach (var trial in trials)
                        stream.Write(Encoding.UTF8.GetBytes(JobLine.Of(job(trial)) + "\n"));
                }
            }
        });
        WholeFile.WriteText(folder.In(TasksFile), tasks.ToString());
        return folder;
    }

    /// <summary>The jobs of a task, in order.</summary>
    /// <exception cref="MedTransferException">There is no such task, or its file can't be read.</exception>
    public IReadOnlyList<Job> ReadTask(int layer, int task)
    {
        var row = Tasks().FirstOrDefault(row => row.Layer == layer && row.Task == task)
            ?? throw new MedTransferException(string.Create(CultureInfo.InvariantCulture, $"{In(TasksFile)} has no task {task} of layer {layer}."));
        return Reading(TrialsFile, path =>
        {
            using var file = File.OpenRead(path);
            file.Position = row.Offset;
            using var reader = new StreamReader(file, Encoding.UTF8);
            return (IReadOnlyList<Job>)[.. Enumerable.Range(0, row.Trials).Select(_ => JobLine.Read(reader.ReadLine() ?? throw new JsonException("it ends early")))];
        });
    }

    /// <summary>Where each trial is, by its name, of those that were submitted: where that was cut off, not all.</summary>
    public IReadOnlyDictionary<string, TrialPlace> Places() => Reading(TrialsFile, path =>
    {
        using var lines = File.ReadLines(path).GetEnumerator();
        var places = new Dictionary<string, TrialPlace>();
        var submitted = ReadSubmitted();
        foreach (var row in Tasks())
        {
            var array = submitted.Arrays.FirstOrDefault(array => array.Layer == row.Layer && row.Task >= array.First && row.Task < array.First + array.Tasks);
            for (var i = 0; i < row.Trials && lines.MoveNext(); i++)
            {
                if (array is null)
                    continue;
                var job = JobLine.Read(lines.Current);
                places[new Trial(job.Spec, job.Label).Name] = new(this, array.Job, row.Task - array.First);
            }
        }

        return (IReadOnlyDictionary<string, TrialPlace>)places;
    });

    /// <summary>Writes the script of a task.</summary>
    public void WriteTaskScript(string text) => WholeFile.WriteText(TaskScript, text);

    /// <summary>Writes the script of the job for the page.</summary>
    public void WritePageScript(string text) => WholeFile.WriteText(PageScript, text);

    /// <summary>Writes what was submitted, which makes it one that others find.</summary>
    public void WriteSubmitted(Submitted submitted) => WholeFile.WriteText(In(SubmittedFile), JsonSerializer.Serialize(submitted, TrialJson.Options) + "\n");

    /// <summary>What was submitted.</summary>
    public Submitted ReadSubmitted() => Reading(SubmittedFile, path => JsonSerializer.Deserialize<Submitted>(File.ReadAllText(path), TrialJson.Options) ?? throw new JsonException("it is empty"));

    /// <summary>Says why a trial failed.</summary>
    public void WriteFailure(string trial, string reason) => WholeFile.WriteText(Path.Combine(In("failed"), trial), reason + "\n");

    /// <summary>Why a trial failed; null where it did not, or not yet.</summary>
    public string? ReadFailure(string trial)
    {
        var path = Path.Combine(In("failed"), trial);
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).TrimEnd() : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Notes how far a task is as it runs out of time.</summary>
    /// <returns>Whether it is further than it was the last time.</returns>
    public bool NoteProgress(int layer, int task, TaskProgress progress)
    {
        var path = Path.Combine(In("requeued"), string.Create(CultureInfo.InvariantCulture, $"{layer}-{task}"));
        if (File.Exists(path) && JsonSerializer.Deserialize<TaskProgress>(File.ReadAllText(path), TrialJson.Options) is { } before && progress.CompareTo(before) <= 0)
            return false;
        WholeFile.WriteText(path, JsonSerializer.Serialize(progress, TrialJson.Options) + "\n");
        return true;
    }

    /// <summary>Names of the trials that failed.</summary>
    public IReadOnlyList<string> Failed => Directory.Exists(In("failed")) ? [.. Directory.GetFiles(In("failed")).Select(path => Path.GetFileName(path))] : [];

    /// <summary>The log of a task of an array.</summary>
    public string LogOf(long job, int index) => Path.Combine(Logs, string.Create(CultureInfo.InvariantCulture, $"{job}_{index}.out"));

    /// <summary>Removes it: nothing was submitted.</summary>
    public void Delete()
    {
        try
        {
            Directory.Delete(FullPath, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // what stays is of no submission
        }
    }

    private IReadOnlyList<TaskRow> Tasks() => Reading(TasksFile, path =>
        (IReadOnlyList<TaskRow>)[.. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Select(fields =>
            new TaskRow(int.Parse(fields[0], CultureInfo.InvariantCulture), int.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[2], CultureInfo.InvariantCulture), int.Parse(fields[3], CultureInfo.InvariantCulture)))]);

    private T Reading<T>(string file, Func<string, T> read)
    {
        try
        {
            return read(In(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw new MedTransferException($"{In(file)} can't be read: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}; end its jobs (scancel --name={SlurmCommands.TaskName} ends all of yours), delete its folder and run again.", e);
        }
    }

    private string In(string file) => Path.Combine(FullPath, file);

    private sealed record TaskRow(int Layer, int Task, long Offset, int Trials);
}
