namespace MedTransfer.Data.Import.Pictures;

/// <summary>Markers of a JPEG file (ITU-T T.81, annex B).</summary>
internal static class JpegHeader
{
    // Progressive pictures have ten or so; each is a walk over the whole picture, however short it is.
    private const int MostScans = 200;

    public static PictureHeader Read(FileWindow file)
    {
        PictureHeader? header = null;
        var (orientation, scans) = (1, 0);
        var place = NextMarker(file, 2);
        while (file.Byte(place + 1) is not 0xD9 and var marker)
        {
            var length = file.UInt16(place + 2, true);
            if (length < 2) throw file.Damage("a segment of no length");
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) header = Frame(file, place, marker);
            else if (marker == 0xE1 && length >= 8 && file.At(place + 4, 6).SequenceEqual("Exif\0\0"u8)) orientation = TiffDirectory.Orientation(file, place + 10);
            else if (marker == 0xF7) throw Unread(file, "JPEG-LS");
            else if (marker == 0xDA && ++scans > MostScans) throw file.Damage($"more than {MostScans} scans");
            place = NextMarker(file, place + 2 + length);
        }
        return header is null || scans == 0 ? throw file.Damage("no picture in it") : header with { Orientation = orientation };
    }

    /// <summary>The header of a picture inside another file, whose tables may lie elsewhere in it.</summary>
    public static PictureHeader ReadStrip(FileWindow file, long start)
    {
        for (var place = NextMarker(file, start + 2); ; place = NextMarker(file, place + 2 + file.UInt16(place + 2, true)))
        {
            var marker = file.Byte(place + 1);
            if (marker is 0xC0 or 0xC1) return Frame(file, place, marker);
            if (marker is 0xC2 or 0xD9 or 0xDA) throw file.Damage("a strip is no sequential JPEG");
        }
    }

    private static PictureHeader Frame(FileWindow file, long place, byte marker)
    {
        var (precision, components) = (file.Byte(place + 4), file.Byte(place + 9));
        if (marker is 0xC3 or 0xC7 or 0xCB or 0xCF) throw Unread(file, "lossless JPEG");
        if (marker is not (0xC0 or 0xC1 or 0xC2)) throw Unread(file, "hierarchical or arithmetic-coded JPEG");
        if (precision != 8) throw Unread(file, $"JPEG of {precision} bits");
        if (components is not (1 or 3 or 4)) throw Unread(file, $"JPEG of {components} channels");
        return new PictureHeader(PictureFormat.Jpeg, file.UInt16(place + 7, true), file.UInt16(place + 5, true), 8 * components)
        {
            IsGrey = components == 1,
            IsCmyk = components == 4,
        };
    }

    private static MedTransferException Unread(FileWindow file, string what) => file.Refusal($"is a {what}, which is not read here: convert it to PNG");

    // Where the next marker begins. A scan's data has 0xFF before 0 where it means itself, and before D0 to D7, which start it anew;
    // without the marker that ends the picture the file ends early, and the library would fill the rest with grey.
    private static long NextMarker(FileWindow file, long place)
    {
        while (true)
        {
            var bytes = file.From(place);
            var found = bytes.IndexOf((byte)0xFF);
            if (found < 0 && bytes.Length > 0) place += bytes.Length;
            else if (file.Byte(place + found + 1) is 0 or 1 or (>= 0xD0 and <= 0xD8)) place += found + 2;
            else if (file.Byte(place + found + 1) == 0xFF) place += found + 1;
            else return place + found;
        }
    }
}
