using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace MedTransfer.Runtime;

/// <summary>The processor, as far as it decides the last bits of a result.</summary>
/// <param name="Vendor">Who made it, in the processor's own words: <c>AuthenticAMD</c>, <c>GenuineIntel</c>, ... Intel's MKL, which multiplies libtorch's matrices, goes by it.</param>
/// <param name="Model">What it is called, for people.</param>
/// <param name="InstructionSet">
/// The widest vectors that libtorch and oneDNN choose their kernels by: <c>avx512</c> (with BW, DQ and VL), <c>avx2</c> (with FMA), <c>avx</c>, <c>sse</c>;
/// <c>sve</c>, <c>neon</c>. Settings that hold them back follow it.
/// </param>
public sealed record Processor(string Vendor, string Model, string InstructionSet)
{
    private const string Unknown = "unknown";

    /// <summary>Variables of libtorch, oneDNN and MKL that choose other kernels than the processor would.</summary>
    private static readonly string[] Settings =
        ["ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR", "MKL_DEBUG_CPU_TYPE"];

    /// <summary>The one this process runs on.</summary>
    public static Processor Here { get; } = X86Base.IsSupported
        ? new(VendorOfX86(), ModelOfX86(), Widest() + SettingsOf(Environment.GetEnvironmentVariable))
        : new(VendorOfOthers(), RuntimeInformation.ProcessArchitecture.ToString(), Widest() + SettingsOf(Environment.GetEnvironmentVariable));

    /// <summary>What decides the bits.</summary>
    public string Kind => $"{Vendor} {InstructionSet}";

    /// <inheritdoc/>
    public override string ToString() => $"{Model} ({Kind})";

    /// <summary>Text of an x86 processor's registers: bytes from the lowest, up to the first zero.</summary>
    internal static string TextOf(params ReadOnlySpan<int> registers)
    {
        var bytes = MemoryMarshal.AsBytes(registers);
        var end = bytes.IndexOf((byte)0);
        var words = Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? Unknown : string.Join(' ', words);
    }

    /// <summary>Those of the settings that are made, in words.</summary>
    internal static string SettingsOf(Func<string, string?> value) =>
        string.Concat(Settings.Where(name => !string.IsNullOrEmpty(value(name))).Select(name => $", {name}={value(name)}"));

    private static string Widest() =>
        Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported ? "avx512"
        : Avx2.IsSupported && Fma.IsSupported ? "avx2"
        : Avx.IsSupported ? "avx"
        : X86Base.IsSupported ? "sse"
        : HasSve() ? "sve"
        : AdvSimd.IsSupported ? "neon" : Unknown;

#pragma warning disable SYSLIB5003 // only whether it is there: of no use of it could a later framework think otherwise
    private static bool HasSve() => Sve.IsSupported;
#pragma warning restore SYSLIB5003

    // CPUID, leaf 0: EBX, EDX, ECX
    private static string VendorOfX86()
    {
        var (_, ebx, ecx, edx) = X86Base.CpuId(0, 0);
        return TextOf(ebx, edx, ecx);
    }

    // CPUID, leaves 80000002 to 80000004: 48 characters
    private static string ModelOfX86()
    {
        const int First = unchecked((int)0x80000002), Last = unchecked((int)0x80000004);
        if ((uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < unchecked((uint)Last))
            return Unknown;
        var registers = new List<int>();
        for (var leaf = First; leaf <= Last; leaf++)
        {
            var (eax, ebx, ecx, edx) = X86Base.CpuId(leaf, 0);
            registers.AddRange([eax, ebx, ecx, edx]);
        }

        return TextOf([.. registers]);
    }

    // Linux names an ARM processor's maker by a number: 0x41 is Arm, 0xc0 Ampere
    private static string VendorOfOthers()
    {
        if (OperatingSystem.IsMacOS())
            return "Apple";
        try
        {
            return File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("CPU implementer", StringComparison.Ordinal)) is { } line
                ? $"implementer {line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()}"
                : Unknown;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unknown;
        }
    }
}
