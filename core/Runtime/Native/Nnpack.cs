using System.Runtime.InteropServices;

namespace MedTransfer.Runtime.Native;

/// <summary>
/// NNPACK, which libtorch asks for convolutions of one image at a time. Where the processor is not to its liking it warns with each of them,
/// and where it is, it computes other last bits than the rest: switched off, there is neither.
/// </summary>
internal static unsafe class Nnpack
{
    /// <summary>Switches it off for this process. A libtorch without these symbols (another compiler's names) keeps it.</summary>
    /// <param name="libtorchCpu">The loaded <c>libtorch_cpu</c>.</param>
    public static void SwitchOff(nint libtorchCpu)
    {
        // at::globalContext() and at::Context::setUserEnabledNNPACK(bool); TorchSharp has no binding of them
        if (!NativeLibrary.TryGetExport(libtorchCpu, "_ZN2at13globalContextEv", out var context)
            || !NativeLibrary.TryGetExport(libtorchCpu, "_ZN2at7Context20setUserEnabledNNPACKEb", out var set))
        {
            return;
        }
        ((delegate* unmanaged<nint, byte, void>)set)(((delegate* unmanaged<nint>)context)(), 0);
    }
}
