namespace MedTransfer.Data.Import.Dicom;

/// <summary>An image of colours (PS3.3 C.7.6.3.1.2 and C.7.9), in red, green and blue.</summary>
internal static class ColourImage
{
    public static DecodedImage Of(Frame frame, DataSet dataSet) =>
        frame.Image.Photometric == Photometric.Palette ? OfPalette(frame, dataSet) : OfSamples(frame);

    private static DecodedImage OfSamples(Frame frame)
    {
        var image = frame.Image;
        var values = new float[frame.Samples.Length];
        for (var i = 0; i < values.Length; i++) values[i] = (float)image.Number(frame.Samples[i]);
        if (image.Photometric != Photometric.Rgb)
        {
            for (var i = 0; i < values.Length; i += 3) ToRgb(values.AsSpan(i, 3), image.Most);
        }
        return new DecodedImage(image.Columns, image.Rows, 3, values) { Range = new ValueRange(0, image.Most) };
    }

    /// <summary>From luminance and chrominances, whose middle is half of the range, to whole numbers (ITU-R BT.601, all of the range).</summary>
    private static void ToRgb(Span<float> pixel, double most)
    {
        var middle = (most + 1) / 2;
        var (y, cb, cr) = ((double)pixel[0], pixel[1] - middle, pixel[2] - middle);
        pixel[0] = Whole(y + (1.402 * cr));
        pixel[1] = Whole(y - (0.114 * 1.772 / 0.587 * cb) - (0.299 * 1.402 / 0.587 * cr));
        pixel[2] = Whole(y + (1.772 * cb));

        float Whole(double value) => (float)Math.Clamp(Math.Floor(value + 0.5), 0, most);
    }

    private static DecodedImage OfPalette(Frame frame, DataSet dataSet)
    {
        var image = frame.Image;
        var tables = new LookupTable[3];
        for (var colour = 0u; colour < 3; colour++)
        {
            tables[colour] = LookupTable.Of(dataSet, DicomTag.PaletteDescriptor + colour, DicomTag.PaletteData + colour, image.IsSigned)
                ?? SegmentedPalette.Of(dataSet, colour, image.IsSigned)
                ?? throw DicomException.Contradiction("has colours of a palette, but no palette");
        }
        if (tables[1].Bits != tables[0].Bits || tables[2].Bits != tables[0].Bits) throw DicomException.Contradiction("has a palette whose colours differ in bits");
        var values = new float[image.Pixels * 3];
        for (var i = 0; i < values.Length; i++) values[i] = (float)tables[i % 3].At(image.Number(frame.Samples[i / 3]));
        return new DecodedImage(image.Columns, image.Rows, 3, values) { Range = new ValueRange(0, tables[0].Most) };
    }
}
