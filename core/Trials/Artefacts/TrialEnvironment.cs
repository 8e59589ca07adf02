using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using MedTransfer.Data.Catalogue;
using MedTransfer.Runtime;
using MedTransfer.Runtime.Native;
using TorchSharp;

namespace MedTransfer.Trials.Artefacts;

/// <summary>Where and when a trial ran, and how long it took: the one artefact that differs between two runs of a spec.</summary>
public sealed record TrialEnvironment
{
    public required string MedTransfer { get; init; }

    public required string TorchSharp { get; init; }

    /// <summary>Version of libtorch; null where it does not say.</summary>
    public string? Libtorch { get; init; }

    /// <summary>Version of ONNX Runtime; null where the features are no ONNX encoder's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OnnxRuntime { get; init; }

    public required string Runtime { get; init; }

    public required string System { get; init; }

    /// <summary>Vendor, model, and the instruction set that kernels are chosen by; null in what older versions wrote.</summary>
    public Processor? Processor { get; init; }

    public required string Device { get; init; }

    /// <summary>
    /// Whether the first steps of this training, done twice, gave the same bits: measured on a GPU, where nothing makes sure of it. Null on
    /// the CPU, where the same spec gives the same bits, and where nothing was trained.
    /// </summary>
    public bool? Repeats { get; init; }

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
    /// <param name="repeats">What <see cref="Repeats"/> is.</param>
    public static TrialEnvironment Now(TrialSpec spec, DatasetSource data, double trainingSeconds, double totalSeconds, bool? repeats = null) => new()
    {
        MedTransfer = VersionOf(typeof(TrialEnvironment)),
        TorchSharp = VersionOf(typeof(torch)),
        Libtorch = NativeTorch.Version(),
        OnnxRuntime = spec.Model.Onnx is null ? null : NativeOnnx.Load(),
        Runtime = RuntimeInformation.FrameworkDescription,
        System = $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}",
        Processor = Processor.Here,
        Device = spec.Device,
        Repeats = repeats,
        Threads = spec.Threads,
        DataPath = data.Path,
        DataDigest = data.Md5,
        Finished = DateTimeOffset.UtcNow,
        TrainingSeconds = trainingSeconds,
        TotalSeconds = totalSeconds,
    };

    private static string VersionOf(Type type) => type.Assembly.GetName().Version?.ToString(3) ?? "";
}
