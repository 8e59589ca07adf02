namespace MedTransfer.Data.Import.Dicom;

/// <summary>A grey image in the order of PS3.4 N.2: stored values, those of the device, those that are shown; what turns dark and light round comes last, elsewhere.</summary>
internal static class GreyImage
{
    // up to here all stored values have their shown ones in a table
    private const int TableBits = 16;

    /// <param name="number">Of the frame, from 1.</param>
    public static DecodedImage Of(Frame frame, DataSet dataSet, int number)
    {
        var image = frame.Image;
        List<string> remarks = [];
        var modality = ModalityTransform.Of(dataSet.OfFrame(DicomTag.PixelValueTransformationSequence, number), image, remarks);
        var voi = VoiTransform.Of(dataSet.OfFrame(DicomTag.FrameVoiLutSequence, number), modality.Range(image).Low < 0, remarks);
        double Shown(double stored) => voi is null ? modality.Apply(stored) : voi.Apply(modality.Apply(stored));

        var padding = dataSet.Whole(DicomTag.PixelPaddingValue, image.IsSigned);
        if (voi is null && padding is { } value && dataSet.Whole(DicomTag.PixelPaddingRangeLimit, image.IsSigned) is { } limit)
        {
            MakeOne(frame, value, limit);
            remarks.Add("all values of its padding range count as one");
        }
        var isPresented = dataSet.Text(DicomTag.PresentationIntentType) == "FOR PRESENTATION";
        if (IsConflict(dataSet, image)) remarks.Add("its presentation LUT shape contradicts its photometric interpretation, which was followed");
        return new DecodedImage(image.Columns, image.Rows, 1, Values(frame, Shown))
        {
            Range = voi is not null ? new ValueRange(0, 255) : isPresented ? modality.Range(image) : null,
            IsInverted = image.Photometric == Photometric.Monochrome1,
            Padding = voi is null && padding is { } stored ? (float)Shown(stored) : null,
            Remarks = remarks,
        };
    }

    private static float[] Values(Frame frame, Func<double, double> shown)
    {
        var (image, samples) = (frame.Image, frame.Samples);
        var values = new float[samples.Length];
        if (image.BitsStored > TableBits || samples.Length < 1 << image.BitsStored)
        {
            for (var i = 0; i < values.Length; i++) values[i] = (float)shown(image.Number(samples[i]));
            return values;
        }
        var first = (int)image.Least;
        var table = new float[1 << image.BitsStored];
        for (var i = 0; i < table.Length; i++) table[i] = (float)shown(first + i);
        for (var i = 0; i < values.Length; i++) values[i] = table[samples[i] - first];
        return values;
    }

    /// <summary>Gives all stored values from <paramref name="padding"/> to <paramref name="limit"/>, which stand for no measurement, one of them (PS3.3 C.7.5.1.1.2).</summary>
    private static void MakeOne(Frame frame, int padding, int limit)
    {
        var (low, high) = (Math.Min(padding, limit), Math.Max(padding, limit));
        foreach (ref var sample in frame.Samples.AsSpan())
        {
            var number = frame.Image.Number(sample);
            if (number >= low && number <= high) sample = padding;
        }
    }

    /// <summary>PS3.3 C.8.11.1: MONOCHROME1 goes with INVERSE, MONOCHROME2 with IDENTITY.</summary>
    private static bool IsConflict(DataSet dataSet, ImagePixels image) =>
        dataSet.Text(DicomTag.PresentationLutShape) == (image.Photometric == Photometric.Monochrome1 ? "IDENTITY" : "INVERSE");
}
