using System.Buffers.Binary;

namespace MedTransfer.Data.Import.Dicom.Encodings;

/// <summary>Pixel data that is not packed (PS3.5, clause 8 and annex D).</summary>
internal static class NativePixels
{
    public static Frame Read(DicomStream stream, PixelElement pixels, ImagePixels image, int frame)
    {
        var is422 = image.Photometric == Photometric.YbrFull422;
        if (is422 && (image.Columns % 2 != 0 || image.IsPlanar)) throw DicomException.Contradiction("has pairs of pixels in rows of an odd number, or in planes");
        // of two pixels: two luminances and one of each chrominance
        var cells = (long)image.Pixels * (is422 ? 2 : image.Samples);
        var bits = cells * image.BitsAllocated;
        var (firstBit, needed) = ((frame - 1) * bits, ((bits * image.Frames) + 7) / 8);
        if (pixels.Length < needed || !stream.Has(needed)) throw DicomException.TruncatedPixels();
        var (first, end) = (firstBit / 8, (firstBit + bits + 7) / 8);
        // PS3.5 annex D: bytes in words whose first byte is the upper one, which are read whole
        var isInWords = image.BitsAllocated <= 8 && stream.IsBigEndian && pixels.Representation != "OB";
        if (isInWords) (first, end) = (first & ~1L, Math.Min(end + (end & 1), pixels.Length));
        stream.Skip(first);
        var bytes = stream.ReadBytes(end - first);
        if (isInWords) SwapPairs(bytes);

        var samples = Cells(bytes, (int)(firstBit - (8 * first)), (int)cells, image.BitsAllocated, stream.IsBigEndian);
        for (var i = 0; i < samples.Length; i++) samples[i] = image.Sample(samples[i]);
        if (is422) samples = Expanded(samples);
        else if (image.IsPlanar) samples = Interleaved(samples, image.Pixels);
        // a byte more makes the length even
        return new Frame(image, samples) { Remarks = pixels.Length > needed + 1 ? ["more bytes than its pixels need were left out"] : [] };
    }

    private static int[] Cells(byte[] bytes, int firstBit, int count, int bits, bool isBigEndian)
    {
        var cells = new int[count];
        switch (bits)
        {
            case 1:
                for (var i = 0; i < count; i++) cells[i] = (bytes[(firstBit + i) / 8] >> ((firstBit + i) % 8)) & 1;
                break;
            case 8:
                for (var i = 0; i < count; i++) cells[i] = bytes[(firstBit / 8) + i];
                break;
            case 16:
                for (var i = 0; i < count; i++)
                {
                    var cell = bytes.AsSpan(2 * i, 2);
                    cells[i] = isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(cell) : BinaryPrimitives.ReadUInt16LittleEndian(cell);
                }
                break;
            default:
                for (var i = 0; i < count; i++)
                {
                    var cell = bytes.AsSpan(4 * i, 4);
                    cells[i] = isBigEndian ? BinaryPrimitives.ReadInt32BigEndian(cell) : BinaryPrimitives.ReadInt32LittleEndian(cell);
                }
                break;
        }
        return cells;
    }

    private static void SwapPairs(byte[] bytes)
    {
        for (var i = 0; i + 1 < bytes.Length; i += 2) (bytes[i], bytes[i + 1]) = (bytes[i + 1], bytes[i]);
    }

    /// <summary>Y, Y, Cb, Cr of two pixels to Y, Cb, Cr of each (PS3.3 C.7.6.3.1.2).</summary>
    private static int[] Expanded(int[] pairs)
    {
        var samples = new int[pairs.Length / 2 * 3];
        for (var pair = 0; pair < pairs.Length / 4; pair++)
        {
            var four = pairs.AsSpan(4 * pair, 4);
            var six = samples.AsSpan(6 * pair, 6);
            (six[0], six[3]) = (four[0], four[1]);
            six[1] = six[4] = four[2];
            six[2] = six[5] = four[3];
        }
        return samples;
    }

    private static int[] Interleaved(int[] planes, int pixels)
    {
        var samples = new int[planes.Length];
        for (var i = 0; i < pixels; i++)
        {
            samples[3 * i] = planes[i];
            samples[(3 * i) + 1] = planes[pixels + i];
            samples[(3 * i) + 2] = planes[(2 * pixels) + i];
        }
        return samples;
    }
}
