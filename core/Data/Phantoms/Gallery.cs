using System.Runtime.InteropServices;
using TorchSharp;

namespace MedTransfer.Data.Phantoms;

/// <summary>Takes all of a clinic's radiographs, several at a time.</summary>
internal static class Gallery
{
    /// <param name="threads">Most threads to use; null for every core.</param>
    public static unsafe Split Hang(Clinic clinic, int size, int? threads)
    {
        var count = clinic.Patients.Length;
        var images = torch.empty([count, 1, size, size], dtype: torch.ScalarType.Byte).DetachFromDisposeScope();
        byte* target;
        using (var first = images[0]) fixed (byte* start = first.bytes) target = start;
        var pixels = size * size;
        void Take(int image) => Marshal.Copy(clinic.Radiograph(image).Take(size), 0, (nint)(target + (long)image * pixels), pixels);
        if (threads == 1)
        {
            for (var image = 0; image < count; image++) Take(image);
        }
        else
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads ?? -1 }, Take);
        }

        return new(images, clinic.Labels, clinic.Patients);
    }
}
