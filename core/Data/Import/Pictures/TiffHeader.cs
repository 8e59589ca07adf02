namespace MedTransfer.Data.Import.Pictures;

/// <summary>
/// The tags of a TIFF file's one page (TIFF 6.0, part 1; tiles: section 15), and what they rule out: ImageSharp reads some kinds wrongly without a word
/// (a predictor with separate planes, fax compression with black as zero, strips that end early), which is worse than not at all.
/// </summary>
internal static class TiffHeader
{
    private const string SaveAgain = "save it as TIFF of 8 or 16 bits without layers, or as PNG";

    private enum Tag : ushort
    {
        SubfileType = 254, Width = 256, Height = 257, BitsPerSample = 258, Compression = 259, Photometric = 262, StripOffsets = 273, SamplesPerPixel = 277,
        RowsPerStrip = 278, StripByteCounts = 279, PlanarConfiguration = 284, Predictor = 317, TileWidth = 322, ExtraSamples = 338, SampleFormat = 339,
        JpegTables = 347,
    }

    public static PictureHeader Read(FileWindow file)
    {
        var pages = TiffDirectory.Read(file, 0).ToList();
        if (pages.Count == 0) throw file.Damage("no page in it");
        CheckPages(file, pages);

        var page = pages[0];
        var (width, height) = (Number(page, Tag.Width) ?? 0, Number(page, Tag.Height) ?? 0);
        var bits = Numbers(page, Tag.BitsPerSample) is { Length: > 0 } listed ? listed : [1];
        var samples = Number(page, Tag.SamplesPerPixel) ?? 1;
        var isGrey = Number(page, Tag.Photometric) is 0 or 1;
        CheckKind(file, page, bits, samples);
        var header = new PictureHeader(PictureFormat.Tiff, width, height, (int)(bits[0] * samples))
        {
            IsGrey = isGrey,
            IsDeep = bits[0] > 8,
            HasAlpha = samples == 4,
            Orientation = page.Orientation(),
        }.OfReadableSize(file);
        CheckStrips(file, page, header, samples);
        return header;
    }

    private static void CheckPages(FileWindow file, List<TiffDirectory> pages)
    {
        if (pages[0].Has((ushort)Tag.TileWidth))
        {
            throw file.Refusal(pages.Count > 1
                ? "is a whole-slide image (a TIFF of tiles at several sizes): cut out the regions that count with QuPath or OpenSlide and save them as PNG"
                : "is a TIFF in tiles, which are not read here: save it without tiles (tiffcp -s), or as PNG");
        }
        // a smaller copy of the first page, and masks, are no pages of their own
        var full = pages.Where(page => ((Number(page, Tag.SubfileType) ?? 0) & 5) == 0).ToList();
        if (full.Count > 1)
        {
            var isOneSize = full.All(page => Number(page, Tag.Width) == Number(full[0], Tag.Width) && Number(page, Tag.Height) == Number(full[0], Tag.Height));
            throw file.Refusal($"has {full.Count} pages{(isOneSize ? "" : " of different sizes")}: save those that count as files of their own");
        }
        if (full.Count == 1 && full[0] != pages[0]) throw file.Refusal($"has a smaller copy before its page: {SaveAgain}");
    }

    private static void CheckKind(FileWindow file, TiffDirectory page, long[] bits, long samples)
    {
        var photometric = Number(page, Tag.Photometric);
        var isSeparate = Number(page, Tag.PlanarConfiguration) == 2;
        var unread = bits.Any(depth => depth != bits[0]) ? "channels of different depths"
            : bits[0] is 0 or > 16 ? $"{bits[0]} bits a channel"
            : Numbers(page, Tag.SampleFormat).Any(format => format is not (1 or 4)) ? "signed or floating-point values"
            : photometric is 5 ? "CMYK colours"
            : photometric is 8 or 9 or 10 ? "CIELab colours"
            : photometric is not (0 or 1 or 2 or 3 or 6) ? $"photometric interpretation {photometric?.ToString() ?? "missing"}"
            : samples != bits.Length && bits.Length > 1 || samples != (photometric is 2 ? Math.Clamp(samples, 3, 4) : photometric is 6 ? 3 : 1)
                ? $"{samples} channels with photometric interpretation {photometric}"
            : Numbers(page, Tag.ExtraSamples) is { Length: > 0 } extra && (extra is not [1 or 2] || extra is [1] && bits[0] > 8) ? "channels besides red, green, blue and transparency"
            : isSeparate && bits[0] is not (8 or 16) ? $"separate planes of {bits[0]} bits"
            : Number(page, Tag.Predictor) is not (null or 1) && (isSeparate || photometric == 6 || bits[0] is not (8 or 16) || Number(page, Tag.Predictor) != 2)
                ? "a predictor that is not read with its kind of pixels"
            : Number(page, Tag.Compression) is not (null or 1 or 2 or 3 or 4 or 5 or 7 or 8 or 32946 or 32773) ? $"compression {Number(page, Tag.Compression)}"
            : Number(page, Tag.Compression) is 2 or 3 or 4 && photometric != 0 ? "fax compression that is not white on zero"
            : Number(page, Tag.Compression) == 7 && (bits[0] != 8 || isSeparate || photometric is not (1 or 2 or 6) || photometric == 1 && !page.Has((ushort)Tag.JpegTables))
                ? "JPEG compression of its kind of pixels"
            : null;
        if (unread is not null) throw file.Refusal($"is a TIFF with {unread}, which is not read here: {SaveAgain}");
    }

    private static void CheckStrips(FileWindow file, TiffDirectory page, PictureHeader header, long samples)
    {
        var (offsets, counts) = (Numbers(page, Tag.StripOffsets), Numbers(page, Tag.StripByteCounts));
        var rows = Math.Min(Number(page, Tag.RowsPerStrip) ?? header.Height, header.Height);
        if (rows < 1) throw file.Damage("strips of no rows");
        var planes = Number(page, Tag.PlanarConfiguration) == 2 ? samples : 1;
        var strips = (header.Height + rows - 1) / rows;
        if (offsets.Length != counts.Length || offsets.Length < strips * planes) throw file.Damage($"{offsets.Length} of {strips * planes} strips");

        var compression = Number(page, Tag.Compression) ?? 1;
        // colours at half the size: fewer bytes
        var rowBits = Number(page, Tag.Photometric) == 6 ? 0 : header.Width * header.BitsPerPixel / planes;
        for (var strip = 0; strip < strips * planes; strip++)
        {
            if (counts[strip] > file.Length || offsets[strip] > file.Length - counts[strip]) throw new EndOfStreamException();
            var last = strip % strips == strips - 1 ? header.Height - rows * (strips - 1) : rows;
            if (counts[strip] < (compression != 1 ? 1 : (rowBits + 7) / 8 * last)) throw file.Damage($"strip {strip + 1} has {counts[strip]} bytes");
            // the library makes room for what the strip's own header says
            if (compression == 7 && JpegHeader.ReadStrip(file, offsets[strip]) is var jpeg && (jpeg.Width != header.Width || jpeg.Height < last || jpeg.Height > rows))
                throw file.Damage($"strip {strip + 1} has {jpeg.Width} x {jpeg.Height} pixels");
        }
    }

    private static long? Number(TiffDirectory page, Tag tag) => page.Number((ushort)tag);

    private static long[] Numbers(TiffDirectory page, Tag tag) => page.Numbers((ushort)tag);
}
