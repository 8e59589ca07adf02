namespace MedTransfer.Data.Import.Pictures;

/// <summary>Blocks of a GIF file (GIF89a, sections 17 to 27).</summary>
internal static class GifHeader
{
    public static PictureHeader Read(FileWindow file)
    {
        var (frames, place) = (0, 13 + ColourTable(file.Byte(10)));
        // writers forget the trailer, not the data
        while (place < file.Length && file.Byte(place) is not 0x3B and var block)
        {
            if (block == 0x2C)
            {
                if (++frames > 1) throw file.Refusal("is an animated GIF: save the frame that counts as a PNG of its own");
                place = AfterData(file, place + 11 + ColourTable(file.Byte(place + 9)));
            }
            else if (block == 0x21) place = AfterData(file, place + 2);
            else throw file.Damage($"a block of kind {block}");
        }
        if (frames == 0) throw file.Damage("no picture in it");
        return new PictureHeader(PictureFormat.Gif, file.UInt16(6, false), file.UInt16(8, false), 8) { HasAlpha = true };
    }

    private static long ColourTable(byte flags) => (flags & 0x80) == 0 ? 0 : 3L << ((flags & 7) + 1);

    private static long AfterData(FileWindow file, long place)
    {
        while (file.Byte(place) is > 0 and var length) place += 1 + length;
        return place + 1;
    }
}
