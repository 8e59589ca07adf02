using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace MedTransfer.Runtime.Claims;

/// <summary>The process that holds a claim, as other processes, on this machine or another, know it again.</summary>
/// <param name="Place">The machine since it was started, and on Linux the space in which process numbers count: in a container they are others; where users see only their own processes (hidepid), the user's.</param>
/// <param name="Process">The process's number there.</param>
/// <param name="Started">When it started, by the system's own count (Linux: clock ticks since the machine started; else seconds): numbers of processes are given again.</param>
/// <param name="Id">Of this claim alone.</param>
internal sealed record ClaimHolder(string Place, int Process, long Started, Guid Id)
{
    // ended, and nobody has asked how
    private const string Zombie = "Z";

    // seconds, where they are computed anew by each process that asks
    private const long Rounding = 2;

    private static readonly string Here = PlaceOfThisProcess();

    // of this process: a claim that it let go without a word is nobody's
    private static readonly ConcurrentDictionary<Guid, bool> Held = new();

    /// <summary>This process, with a claim of its own.</summary>
    public static ClaimHolder Now() => new(Here, Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0, Guid.NewGuid());

    /// <summary>Whether it can be known from here whether it lives.</summary>
    public bool IsOfThisPlace => Place == Here;

    /// <summary>Whether its process is the one that runs here under its number, and where it is this one, still holds it; to be asked only where it is of this place.</summary>
    public bool IsAlive => StartOf(Process) is { } start && Math.Abs(start - Started) <= Rounding && (Process != Environment.ProcessId || Held.ContainsKey(Id));

    /// <summary>Notes that this process holds it.</summary>
    public void Hold() => Held[Id] = true;

    /// <summary>Notes that this process holds it no more.</summary>
    public void LetGo() => Held.TryRemove(Id, out _);

    /// <summary>As a file holds it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>The holder that a file names; null where it names none.</summary>
    public static ClaimHolder? OfJson(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ClaimHolder>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string PlaceOfThisProcess()
    {
        if (!OperatingSystem.IsLinux())
            return Environment.MachineName;
        try
        {
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            return $"{Environment.MachineName} {boot} {File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name}{(StartOf(1) is null ? " " + Environment.UserName : "")}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Environment.MachineName;
        }
    }

    private static long? StartOf(int process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // proc(5): field 22 is the start; field 2, the program's name in brackets, may hold anything
                var fields = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
                var rest = fields[(fields.LastIndexOf(')') + 2)..].Split(' ');
                return rest[0] == Zombie ? null : long.Parse(rest[19], CultureInfo.InvariantCulture);
            }

            using var known = System.Diagnostics.Process.GetProcessById(process);
            return new DateTimeOffset(known.StartTime).ToUnixTimeSeconds();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
