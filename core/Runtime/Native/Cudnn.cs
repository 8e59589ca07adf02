using System.Runtime.InteropServices;

namespace MedTransfer.Runtime.Native;

/// <summary>cuDNN, which computes convolutions on a GPU. Left alone it may sum a convolution's gradients in another order each time.</summary>
internal static unsafe class Cudnn
{
    /// <summary>
    /// Keeps it to algorithms that give the same bits every time, for this process; without a GPU it changes nothing. A libtorch without these
    /// symbols (another compiler's names) keeps the others.
    /// </summary>
    /// <param name="libtorchCpu">The loaded <c>libtorch_cpu</c>.</param>
    public static void MakeDeterministic(nint libtorchCpu)
    {
        // at::globalContext() and at::Context::setDeterministicCuDNN(bool); TorchSharp has no binding of them
        if (!NativeLibrary.TryGetExport(libtorchCpu, "_ZN2at13globalContextEv", out var context)
            || !NativeLibrary.TryGetExport(libtorchCpu, "_ZN2at7Context21setDeterministicCuDNNEb", out var set))
        {
            return;
        }
        ((delegate* unmanaged<nint, byte, void>)set)(((delegate* unmanaged<nint>)context)(), 1);
    }
}
