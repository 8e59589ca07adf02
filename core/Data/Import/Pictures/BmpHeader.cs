namespace MedTransfer.Data.Import.Pictures;

/// <summary>Header of a Windows bitmap (BITMAPFILEHEADER, BITMAPCOREHEADER, BITMAPINFOHEADER and what follows it).</summary>
internal static class BmpHeader
{
    public static PictureHeader Read(FileWindow file)
    {
        var (pixels, size) = (file.UInt32(10, false), file.UInt32(14, false));
        if (size is not 12 and (< 16 or > 256)) throw file.Damage($"a header of {size} bytes");
        var isCore = size == 12;
        long width = isCore ? file.UInt16(18, false) : (int)file.UInt32(18, false);
        long height = isCore ? file.UInt16(20, false) : Math.Abs((long)(int)file.UInt32(22, false));
        var bits = file.UInt16(isCore ? 24 : 28, false);
        if (bits is not (1 or 2 or 4 or 8 or 16 or 24 or 32)) throw file.Damage($"{bits} bits a pixel");

        var compression = size < 20 ? 0 : file.UInt32(30, false);
        if (compression is 4 or 5) throw file.Refusal("is a bitmap with a JPEG or PNG in it, which is not read here: convert it to PNG");
        // rows are filled up to four bytes
        if (compression is 0 or 3 or 6 && (width * bits + 31) / 32 * 4 * (Int128)height > file.Length - pixels) throw new EndOfStreamException();
        return new PictureHeader(PictureFormat.Bmp, width, height, bits) { HasAlpha = bits is 16 or 32 };
    }
}
