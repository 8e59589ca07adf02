using System.Runtime.Intrinsics.X86;
using MedTransfer.Runtime;

namespace MedTransfer.Tests.Runtime;

public sealed class ProcessorTests
{
    [Fact]
    public void Registers_are_read_as_text()
    {
        // CPUID of leaf 0 in the order EBX, EDX, ECX (Intel's and AMD's manuals)
        Assert.Equal("GenuineIntel", Processor.TextOf(0x756e6547, 0x49656e69, 0x6c65746e));
        Assert.Equal("AuthenticAMD", Processor.TextOf(0x68747541, 0x69746e65, 0x444d4163));
        Assert.Equal("A B", Processor.TextOf(0x20204120, 0x00004220, 0x43434343));   // blanks around it, and nothing after the zero
        Assert.Equal("unknown", Processor.TextOf(0x20202020, 0));
    }

    // /proc/cpuinfo is what the kernel read off the same registers
    [Fact]
    public void Processor_is_the_one_that_the_system_names()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && X86Base.IsSupported, "compares with Linux's /proc/cpuinfo on x86");
        var lines = File.ReadLines("/proc/cpuinfo").TakeWhile(line => line.Length > 0)
            .Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
        var flags = lines["flags"].Split(' ');

        Assert.Equal(lines["vendor_id"], Processor.Here.Vendor);
        Assert.DoesNotMatch("^$|unknown|^ | $|  ", Processor.Here.Model);   // a virtual machine's kernel may give it another name
        // as libtorch chooses: aten/src/ATen/native/DispatchStub.cpp
        var expected = new[] { "avx512bw", "avx512dq", "avx512vl", "fma" }.All(flags.Contains) ? "avx512"
            : flags.Contains("avx2") && flags.Contains("fma") ? "avx2" : flags.Contains("avx") ? "avx" : "sse";
        Assert.StartsWith(expected, Processor.Here.InstructionSet, StringComparison.Ordinal);
        Assert.Equal($"{Processor.Here.Vendor} {Processor.Here.InstructionSet}", Processor.Here.Kind);
    }

    [Fact]
    public void Settings_that_choose_other_kernels_are_named()
    {
        Assert.Equal("", Processor.SettingsOf(_ => null));
        Assert.Equal(
            ", ATEN_CPU_CAPABILITY=avx2, MKL_CBWR=COMPATIBLE",
            Processor.SettingsOf(name => name switch { "ATEN_CPU_CAPABILITY" => "avx2", "MKL_CBWR" => "COMPATIBLE", "DNNL_MAX_CPU_ISA" => "", _ => null }));
    }
}
