using System.Runtime.InteropServices;
using MedTransfer.Data;
using TorchSharp;

namespace MedTransfer.Trials;

/// <summary>Where and when a trial ran, and how long it took: the one artefact that differs between two runs of a spec.</summary>
public sealed record TrialEnvironment
{
    public required string MedTransfer { get; init; }

    public required string TorchSharp { get; init; }

    public required string Runtime { get; init; }

    public required string System { get; init; }

    public required string Device { get; init; }

    /// <summary>Compute threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Path of the data file, and its MD5.</summary>
    public required string DataPath { get; init; }

    public required string DataDigest { get; init; }

    public required DateTimeOffset Finished { get; init; }

    /// <summary>Wall time of the optimisation, without validation.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>Wall time of the whole trial.</summary>
    public required double TotalSeconds { get; init; }

    /// <summary>This process, now.</summary>
    public static TrialEnvironment Now(TrialSpec spec, DatasetSource data, double trainingSeconds, double totalSeconds) => new()
    {
        MedTransfer = VersionOf(typeof(TrialEnvironment)),
        TorchSharp = VersionOf(typeof(torch)),
        Runtime = RuntimeInformation.FrameworkDescription,
        System = $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}",
        Device = spec.Device,
        Threads = spec.Threads,
        DataPath = data.Path,
        DataDigest = data.Md5,
        Finished = DateTimeOffset.UtcNow,
        TrainingSeconds = trainingSeconds,
        TotalSeconds = totalSeconds,
    };

    private static string VersionOf(Type type) => type.Assembly.GetName().Version?.ToString(3) ?? "";
}
