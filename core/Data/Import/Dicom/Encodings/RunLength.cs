using System.Buffers.Binary;

namespace MedTransfer.Data.Import.Dicom.Encodings;

/// <summary>RLE Lossless (PS3.5, annex G): the bytes of all samples' cells in planes, the uppermost first, each a segment of runs.</summary>
internal static class RunLength
{
    private const int HeaderLength = 64;

    // two bytes make a run of 128
    private const int BestRatio = 64;

    public static int[] Decode(byte[] data, ImagePixels image)
    {
        if (image.BitsAllocated < 8) throw DicomException.Contradiction("has single bits in run lengths");
        var bytes = image.BitsAllocated / 8;
        var segments = image.Samples * bytes;
        if (data.Length < HeaderLength) throw DicomException.TruncatedPixels();
        if (BinaryPrimitives.ReadUInt32LittleEndian(data) != segments) throw DicomException.DamagedPixels("RLE");
        if ((long)image.Pixels * segments > (long)BestRatio * data.Length) throw DicomException.TruncatedPixels();

        var samples = new int[image.Pixels * image.Samples];
        for (var segment = 0; segment < segments; segment++)
        {
            var start = Offset(data, segment);
            var end = segment + 1 < segments ? Offset(data, segment + 1) : data.Length;
            if (start < HeaderLength || start > end || end > data.Length) throw DicomException.DamagedPixels("RLE");
            Add(data.AsSpan((int)start, (int)(end - start)), samples, segment / bytes, image.Samples, 8 * (bytes - 1 - (segment % bytes)));
        }
        for (var i = 0; i < samples.Length; i++) samples[i] = image.Sample(samples[i]);
        return samples;
    }

    private static long Offset(byte[] data, int segment) => BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(4 * (segment + 1)));

    /// <summary>Unpacks a segment into every <paramref name="stride"/>th cell, from <paramref name="first"/> on, <paramref name="shift"/> bits up.</summary>
    private static void Add(ReadOnlySpan<byte> segment, int[] cells, int first, int stride, int shift)
    {
        var (target, source) = (first, 0);
        while (target < cells.Length)
        {
            if (source >= segment.Length) throw DicomException.TruncatedPixels();
            var control = segment[source++];
            if (control == 128) continue;
            var isRun = control > 128;
            var count = isRun ? 257 - control : control + 1;
            if (source + (isRun ? 1 : count) > segment.Length) throw DicomException.TruncatedPixels();
            for (; count > 0 && target < cells.Length; count--, target += stride)
            {
                cells[target] |= segment[source] << shift;
                if (!isRun) source++;
            }
            if (isRun) source++;
        }
    }
}
