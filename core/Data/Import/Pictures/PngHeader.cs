namespace MedTransfer.Data.Import.Pictures;

/// <summary>Header and chunks of a PNG file (PNG, third edition, W3C 2025, sections 5 and 11).</summary>
internal static class PngHeader
{
    public static PictureHeader Read(FileWindow file)
    {
        if (file.UInt32(8, true) != 13 || !file.At(12, 4).SequenceEqual("IHDR"u8)) throw file.Damage("no IHDR chunk at its beginning");
        var (width, height) = (file.UInt32(16, true), file.UInt32(20, true));
        var (depth, colour) = (file.Byte(24), file.Byte(25));
        var channels = (colour, depth) switch
        {
            (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) => 1,
            (2, 8 or 16) => 3,
            (4, 8 or 16) => 2,
            (6, 8 or 16) => 4,
            _ => throw file.Damage($"colour type {colour} of {depth} bits"),
        };
        var (hasAlpha, orientation) = Chunks(file);
        return new PictureHeader(PictureFormat.Png, width, height, channels * depth)
        {
            IsGrey = colour == 0 && !hasAlpha,
            IsDeep = depth == 16,
            HasAlpha = hasAlpha || colour is 4 or 6,
            Orientation = orientation,
        };
    }

    // Every chunk up to the last is in the file, or it ends early: the library would fill the rest with black.
    private static (bool HasAlpha, int Orientation) Chunks(FileWindow file)
    {
        var (hasAlpha, orientation) = (false, 1);
        for (long place = 8; ; place += 12 + (long)file.UInt32(place, true))
        {
            var type = file.At(place + 4, 4);
            if (type.SequenceEqual("IEND"u8)) return (hasAlpha, orientation);
            if (type.SequenceEqual("tRNS"u8)) hasAlpha = true;
            else if (type.SequenceEqual("eXIf"u8)) orientation = TiffDirectory.Orientation(file, place + 8);
            else if (type.SequenceEqual("acTL"u8) && file.UInt32(place + 8, true) is > 1 and var frames)
                throw file.Refusal($"is an animated PNG of {frames} frames: save the one that counts as a PNG of its own");
        }
    }
}
