using System.Runtime.InteropServices;
using TorchSharp;

namespace MedTransfer.Data.Phantoms;

/// <summary>Takes a clinic's radiographs, several at a time.</summary>
internal static class Gallery
{
    /// <param name="excerpt">As <see cref="Dataset.Excerpt"/>; null for all.</param>
    /// <param name="threads">Most threads to use; null for every core.</param>
    public static unsafe Split Hang(Clinic clinic, int size, int? excerpt = null, int? threads = null)
    {
        var chosen = excerpt is { } most ? Dataset.ExcerptOf(clinic.Labels, most) : null;
        var count = chosen?.Length ?? clinic.Patients.Length;
        var images = torch.empty([count, 1, size, size], dtype: torch.ScalarType.Byte).DetachFromDisposeScope();
        byte* target;
        using (var first = images[0]) fixed (byte* start = first.bytes) target = start;
        var pixels = size * size;
        void Take(int place) => Marshal.Copy(
            clinic.Radiograph(chosen?[place] ?? place).Take(size), 0, (nint)(target + (long)place * pixels), pixels);
        if (threads == 1)
        {
            for (var place = 0; place < count; place++) Take(place);
        }
        else
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads ?? -1 }, Take);
        }

        return chosen is null
            ? new(images, clinic.Labels, clinic.Patients)
            : new(images, Rows(clinic.Labels, chosen), Array.ConvertAll(chosen, image => clinic.Patients[image])) { FileIndices = chosen };
    }

    private static byte[,] Rows(byte[,] labels, int[] chosen)
    {
        var rows = new byte[chosen.Length, labels.GetLength(1)];
        for (var row = 0; row < chosen.Length; row++)
        {
            for (var column = 0; column < rows.GetLength(1); column++) rows[row, column] = labels[chosen[row], column];
        }

        return rows;
    }
}
