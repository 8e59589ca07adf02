using MedTransfer.Trials.Artefacts;
using MedTransfer.Trials.Repetition;

namespace MedTransfer.Tests.Trials.Repetition;

/// <summary>What decides bits, told from what does not.</summary>
public class MachineDifferenceTests
{
    internal static readonly TrialEnvironment Here = new()
    {
        MedTransfer = "1.0.0",
        TorchSharp = "0.107.0",
        Libtorch = "2.10.0",
        Runtime = ".NET 10.0.12",
        System = "Debian X64",
        Processor = new("AuthenticAMD", "AMD EPYC", "avx2"),
        Device = "cpu",
        Threads = 1,
        DataPath = "a.npz",
        DataDigest = "0",
        Finished = DateTimeOffset.UnixEpoch,
        TrainingSeconds = 1,
        TotalSeconds = 2,
    };

    public static TheoryData<string, TrialEnvironment, MachineDifference?> Others => new()
    {
        { "vendor", Here with { Processor = new("GenuineIntel", "AMD EPYC", "avx2") }, new("processor", "AuthenticAMD avx2", "GenuineIntel avx2") },
        { "instruction set", Here with { Processor = new("AuthenticAMD", "AMD EPYC", "avx512") }, new("processor", "AuthenticAMD avx2", "AuthenticAMD avx512") },
        { "unknown processor", Here with { Processor = null }, new("processor", "AuthenticAMD avx2", "not recorded") },
        { "libtorch", Here with { Libtorch = "2.11.0" }, new("libtorch", "2.10.0", "2.11.0") },
        { "ONNX Runtime", Here with { OnnxRuntime = "1.2.3" }, new("ONNX Runtime", "not recorded", "1.2.3") },
        { "TorchSharp", Here with { TorchSharp = "0.108.0" }, new("TorchSharp", "0.107.0", "0.108.0") },
        { "MedTransfer", Here with { MedTransfer = "1.1.0" }, new("MedTransfer", "1.0.0", "1.1.0") },
        { "runtime", Here with { Runtime = ".NET 11.0.12" }, new("runtime", ".NET 10.0", ".NET 11.0") },
        { "system", Here with { System = "Ubuntu X64" }, new("system", "Debian X64", "Ubuntu X64") },
        { "device", Here with { Device = "cuda" }, new("device", "cpu", "cuda") },
        { "threads", Here with { Threads = 2 }, new("threads", "1", "2") },
        { "model of the processor", Here with { Processor = new("AuthenticAMD", "AMD Ryzen", "avx2") }, null },
        { "repair of .NET", Here with { Runtime = ".NET 10.0.13" }, null },
        { "times and places", Here with { DataPath = "b.npz", Finished = DateTimeOffset.MaxValue, TrainingSeconds = 3, TotalSeconds = 4 }, null },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void What_decides_bits_is_named_and_nothing_else(string what, TrialEnvironment there, MachineDifference? difference) =>
        Assert.True(MachineDifference.Between(Here, there).SequenceEqual(difference is null ? [] : [difference]), what);

    [Fact]
    public void Gpu_may_be_another_as_it_is_not_recorded()
    {
        var gpu = Here with { Device = "cuda" };
        Assert.Equal([new MachineDifference("GPU", "not recorded", "not recorded")], MachineDifference.Between(gpu, gpu));
    }
}
