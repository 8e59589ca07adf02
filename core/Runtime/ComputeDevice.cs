using MedTransfer.Runtime.Native;
using TorchSharp;

namespace MedTransfer.Runtime;

/// <summary>Where tensors are computed, and with how many threads.</summary>
public static class ComputeDevice
{
    /// <summary>
    /// Threads of a training that asks for no other number, the same on every machine: their number decides the last bits of a result, because
    /// oneDNN splits the sums of a convolution's gradients by it. One, because an experiment is many trainings, which run side by side.
    /// </summary>
    public const int Threads = 1;

    /// <summary>Loads libtorch and returns the device of that name.</summary>
    /// <param name="name"><c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="threads">Threads of what the calling thread computes; libtorch keeps their number for each thread that calls it.</param>
    /// <exception cref="MedTransferException">Another name, or no usable GPU.</exception>
    public static torch.Device Open(string name, int threads = Threads)
    {
        if (name is not ("cpu" or "cuda"))
            throw new MedTransferException($"There is no device '{name}': use cpu or cuda.") { IsUsage = true };
        var libtorch = NativeTorch.Load();
        torch.set_num_threads(threads);
        if (name == "cpu")
            return torch.CPU;
        if (!CudaIsUsable())
            throw new MedTransferException(
                $"There is no usable CUDA device: libtorch came from {libtorch}. Set {NativeTorch.FolderVariable} to the lib folder of a libtorch with CUDA "
                + "(that of a Python installation of PyTorch will do), check that nvidia-smi lists a GPU, or use --device cpu.");
        torch.backends.cudnn.allow_tf32 = false;   // whole float32 products, as on the CPU, not ten bits of each factor
        return torch.CUDA;
    }

    /// <summary>Fails where a device of one of these names can't be opened.</summary>
    public static void Require(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (var name in names)
            Open(name);
    }

    private static bool CudaIsUsable()
    {
        try
        {
            return torch.cuda.is_available();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;   // TorchSharp throws where the CUDA libraries are missing
        }
    }
}
