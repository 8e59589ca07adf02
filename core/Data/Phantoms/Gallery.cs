using System.Runtime.InteropServices;
using TorchSharp;

namespace MedTransfer.Data.Phantoms;

/// <summary>Takes all of a clinic's radiographs, several at a time.</summary>
internal static class Gallery
{
    public static unsafe Split Hang(Clinic clinic, int size)
    {
        var count = clinic.Patients.Length;
        var images = torch.empty([count, 1, size, size], dtype: torch.ScalarType.Byte).DetachFromDisposeScope();
        byte* target;
        using (var first = images[0]) fixed (byte* start = first.bytes) target = start;
        var pixels = size * size;
        Parallel.For(0, count, image => Marshal.Copy(clinic.Radiograph(image).Take(size), 0, (nint)(target + (long)image * pixels), pixels));
        return new(images, clinic.Labels, clinic.Patients);
    }
}
