using System.Runtime.InteropServices;
using System.Xml.Linq;
using MedTransfer.Recipes;
using MedTransfer.Runtime;
using MedTransfer.Runtime.Native;
using MedTransfer.Tests.Training;
using TorchSharp;

namespace MedTransfer.Tests.Runtime;

[Collection(OneAtATime.Name)]
public sealed class NativeTorchTests
{
    [Fact]
    public void Load_says_where_libtorch_is_and_does_so_again()
    {
        var folder = NativeTorch.Load();

        Assert.NotEmpty(Directory.GetFiles(folder, "*torch_cpu*"));
        Assert.Equal(folder, NativeTorch.Load());
        using var two = torch.ones(2).sum();
        Assert.Equal(2, two.item<float>());
    }

    // TORCH_ABI_VERSION of what was loaded; the package carries the version in its folder's name
    [Fact]
    public void Version_is_that_of_the_package()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(NativeTorch.FolderVariable) is not null, "another libtorch was named");

        Assert.Contains($"{Path.DirectorySeparatorChar}{NativeTorch.Version()}{Path.DirectorySeparatorChar}", NativeTorch.Load(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_libtorch_that_the_build_looks_for_is_the_one_that_is_restored_on_each_system()
    {
        var version = XDocument.Load(Path.Combine(Folder.project, "Directory.Build.targets")).Descendants("LibtorchVersion").Single().Value;
        var restored = File.ReadLines(Path.Combine(Folder.project, "paket.dependencies")).Select(line => line.Trim()).Where(line => line.StartsWith("nuget libtorch-cpu", StringComparison.Ordinal));

        Assert.Equal(new[] { "linux-x64", "osx-arm64", "win-x64" }.Select(system => $"nuget libtorch-cpu-{system} == {version}"), restored);
    }

    [Fact]
    public unsafe void Nnpack_which_warns_of_each_single_image_is_switched_off()
    {
        var library = Path.Combine(NativeTorch.Load(), OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so");
        Assert.SkipUnless(File.Exists(library), "another compiler's names");
        var torchCpu = NativeLibrary.Load(library);
        var context = (delegate* unmanaged<nint>)NativeLibrary.GetExport(torchCpu, "_ZN2at13globalContextEv");
        var enabled = (delegate* unmanaged<nint, byte>)NativeLibrary.GetExport(torchCpu, "_ZNK2at7Context17userEnabledNNPACKEv");

        Assert.Equal(0, enabled(context()));
    }

    [Fact]
    public void Cpu_opens_with_the_threads_of_a_training()
    {
        var two = ComputeDevice.Open("cpu", threads: 2);
        Assert.Equal(2, torch.get_num_threads());

        var device = ComputeDevice.Open("cpu");

        Assert.Equal((TorchSharp.DeviceType.CPU, TorchSharp.DeviceType.CPU), (two.type, device.type));
        Assert.Equal(1, torch.get_num_threads());
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("CPU")]
    [InlineData("")]
    public void Device_that_does_not_exist_is_a_usage_error(string name)
    {
        var error = Assert.Throws<MedTransferException>(() => ComputeDevice.Open(name));

        Assert.True(error.IsUsage);
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cuda_without_a_gpu_is_an_error_that_says_what_to_set()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(NativeTorch.FolderVariable) is not null, "another libtorch was named, maybe with CUDA");

        var error = Assert.Throws<MedTransferException>(() => ComputeDevice.Open("cuda"));

        Assert.False(error.IsUsage);
        Assert.Contains(NativeTorch.FolderVariable, error.Message, StringComparison.Ordinal);
        Assert.Contains(NativeTorch.Load(), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
