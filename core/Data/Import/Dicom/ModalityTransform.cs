namespace MedTransfer.Data.Import.Dicom;

/// <summary>From stored values to those of the device, Hounsfield units for one (PS3.3 C.11.1): a table, or a line.</summary>
/// <param name="Table">Null where it is a line.</param>
internal sealed record ModalityTransform(LookupTable? Table, double Slope, double Intercept)
{
    public double Apply(double stored) => Table?.At(stored) ?? ((stored * Slope) + Intercept);

    public static ModalityTransform Of(DataSet dataSet, ImagePixels image, List<string> remarks)
    {
        if (dataSet.Items(DicomTag.ModalityLutSequence) is [var item, ..])
        {
            var table = LookupTable.Of(item, image.IsSigned) ?? throw DicomException.Contradiction("has a modality lookup table without entries");
            return new ModalityTransform(table, 1, 0);
        }
        var slope = dataSet.Decimal(DicomTag.RescaleSlope) ?? 1;
        var intercept = dataSet.Decimal(DicomTag.RescaleIntercept) ?? 0;
        if (slope == 0)
        {
            remarks.Add("its rescale slope is 0 and was taken as 1");
            slope = 1;
        }
        var line = new ModalityTransform(null, slope, intercept);
        return float.IsFinite((float)line.Apply(image.Least)) && float.IsFinite((float)line.Apply(image.Most))
            ? line
            : throw DicomException.Contradiction("has a rescale slope or intercept beyond all bounds");
    }

    /// <summary>The values that stored ones can become, the lowest and the highest.</summary>
    public ValueRange Range(ImagePixels image)
    {
        if (Table is not null) return new ValueRange(0, Table.Most);
        var (a, b) = (Apply(image.Least), Apply(image.Most));
        return new ValueRange(Math.Min(a, b), Math.Max(a, b));
    }
}
