namespace MedTransfer.Data.Import.Pictures;

/// <summary>Chunks of a WebP file (RFC 9649, sections 2, 3.4 and 3.7; RFC 6386, section 9.1).</summary>
internal static class WebpHeader
{
    public static PictureHeader Read(FileWindow file)
    {
        PictureHeader? header = null;
        var orientation = 1;
        var end = 8 + (long)file.UInt32(4, false);
        if (end > file.Length) throw new EndOfStreamException();
        for (long place = 12; place + 8 <= end; place += 8 + ((long)file.UInt32(place + 4, false) + 1) / 2 * 2)
        {
            var type = file.At(place, 4);
            if (type.SequenceEqual("VP8X"u8)) header = Extended(file, place + 8);
            else if (type.SequenceEqual("VP8 "u8)) header ??= Picture(file.UInt16(place + 14, false) & 0x3FFF, file.UInt16(place + 16, false) & 0x3FFF, false);
            else if (type.SequenceEqual("VP8L"u8)) header ??= Lossless(file.UInt32(place + 9, false));
            else if (type.SequenceEqual("EXIF"u8)) orientation = TiffDirectory.Orientation(file, place + 8);
        }
        return header is null ? throw file.Damage("no picture in it") : header with { Orientation = orientation };
    }

    private static PictureHeader Extended(FileWindow file, long place)
    {
        var flags = file.Byte(place);
        if ((flags & 2) != 0) throw file.Refusal("is an animated WebP: save the frame that counts as a PNG of its own");
        return Picture((file.UInt32(place + 3, false) >> 8) + 1, (file.UInt32(place + 6, false) >> 8) + 1, (flags & 16) != 0);
    }

    private static PictureHeader Lossless(uint bits) => Picture((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, (bits >> 28 & 1) != 0);

    private static PictureHeader Picture(long width, long height, bool hasAlpha) => new(PictureFormat.Webp, width, height, 24) { HasAlpha = hasAlpha };
}
