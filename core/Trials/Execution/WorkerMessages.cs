using System.Text.Json;
using MedTransfer.Data.Catalogue;
using MedTransfer.Training;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials.Execution;

/// <summary>What a worker is asked for, a line of JSON on its standard input.</summary>
/// <param name="Data">Where the data is that the spec names.</param>
/// <param name="Timed">Whether it is trained to see how long that takes, and nothing else.</param>
internal sealed record WorkerRequest(TrialSpec Spec, string Label, DataPlace Data, bool Timed = false)
{
    public string ToLine() => JsonSerializer.Serialize(this, TrialJson.Compact);

    public static WorkerRequest OfLine(string line) =>
        JsonSerializer.Deserialize<WorkerRequest>(line, TrialJson.Compact) ?? throw new JsonException("it is empty");
}

/// <summary>
/// What a worker answers, a line on its standard output: that it begins, each epoch that ended, then the end of the trial, whose results are in its
/// folder.
/// <para>
/// A report is a record of a JSON text sequence (RFC 7464): it starts with the character RS and ends with a line feed, and so can be told
/// from whatever native code prints.
/// </para>
/// </summary>
/// <param name="Epoch">The epoch that ended; null at the end of the trial.</param>
/// <param name="Error">Why the trial failed, one line; null otherwise.</param>
/// <param name="Trace">Where an unforeseen error came from; null otherwise.</param>
/// <param name="EpochSeconds">What each epoch of a timed training took; null otherwise.</param>
/// <param name="Begun">Whether it has read what it is asked for, and nothing more yet: from now on its death is the trial's.</param>
internal sealed record WorkerReport(
    EpochRecord? Epoch = null, string? Error = null, string? Trace = null, IReadOnlyList<double>? EpochSeconds = null, bool Begun = false)
{
    private const char Start = '\u001e';

    public string ToLine() => $"{Start}{JsonSerializer.Serialize(this, TrialJson.Compact)}\n";

    /// <summary>The report that a line ends with; null where it holds none.</summary>
    public static WorkerReport? OfLine(string line)
    {
        var start = line.LastIndexOf(Start);
        return start < 0 ? null : JsonSerializer.Deserialize<WorkerReport>(line.AsSpan(start + 1), TrialJson.Compact);
    }
}
