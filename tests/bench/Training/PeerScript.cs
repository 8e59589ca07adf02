using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MedTransfer.Bench;

/// <summary>A program that someone else would use instead, and the words it is started with.</summary>
/// <param name="Path">A Python script, or a program.</param>
internal sealed record PeerScript(string Path, IReadOnlyList<string> Words)
{
    /// <summary>Null where the options name no peer.</summary>
    internal static PeerScript? Of(CommandOptions options) => options.Text("--peer") is { } path ? new(path, options.ForPeer) : null;

    /// <summary>Wall time in seconds, and what was printed.</summary>
    internal (double Seconds, string Printed) Run(int threads)
    {
        var (program, words) = Path.EndsWith(".py", StringComparison.Ordinal) ? ("python3", Words.Prepend(Path)) : (Path, Words);
        var clock = Stopwatch.StartNew();
        var printed = Peer.Run(program, words, threads)
            ?? throw new MedTransferException($"The peer {Path} is missing or failed: run it by itself to see why.");
        return (clock.Elapsed.TotalSeconds, printed);
    }

    /// <summary>A number of the JSON object that a peer printed.</summary>
    internal static double Number(string printed, string name)
    {
        try
        {
            return JsonDocument.Parse(printed).RootElement.GetProperty(name).GetDouble();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new MedTransferException($"The peer printed no JSON object with a number '{name}'; name one of its numbers with --peer-seconds.", e);
        }
    }

    /// <summary>The number that a peer printed last.</summary>
    internal static double Number(string printed) =>
        double.TryParse(printed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).LastOrDefault(), CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new MedTransferException("The peer's last word is not a number of seconds; name one of its JSON object with --peer-seconds.");
}
