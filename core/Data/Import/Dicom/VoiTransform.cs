namespace MedTransfer.Data.Import.Dicom;

/// <summary>From the device's values to those that are shown, 0 to 255 (PS3.3 C.11.2): a table, or a window.</summary>
internal sealed class VoiTransform
{
    private readonly Func<double, double> shown;

    private VoiTransform(Func<double, double> shown) => this.shown = shown;

    public double Apply(double value) => shown(value);

    /// <summary>The table where there is one, as viewers prefer it, or else the window, of several the first; null where there is neither.</summary>
    /// <param name="isSigned">Whether values may be below 0.</param>
    public static VoiTransform? Of(DataSet dataSet, bool isSigned, List<string> remarks)
    {
        var items = dataSet.Items(DicomTag.VoiLutSequence);
        if (items is [var item, ..] && LookupTable.Of(item, isSigned) is { } table)
        {
            if (items.Count > 1) remarks.Add("the first of its several VOI lookup tables was used");
            return new VoiTransform(value => table.At(value) * 255 / table.Most);
        }
        var (centers, widths) = (dataSet.Decimals(DicomTag.WindowCenter), dataSet.Decimals(DicomTag.WindowWidth));
        if (centers.Count == 0 && widths.Count == 0) return null;
        var function = dataSet.Text(DicomTag.VoiLutFunction)?.ToUpperInvariant();
        if (centers is not [{ } center, ..] || widths is not [{ } width, ..] || width <= 0 || (width < 1 && function is not ("LINEAR_EXACT" or "SIGMOID")))
        {
            remarks.Add("its window has no centre or no width and was not used");
            return null;
        }
        if (centers.Count > 1 || widths.Count > 1) remarks.Add("the first of its several windows was used");
        if (function is not (null or "LINEAR" or "LINEAR_EXACT" or "SIGMOID")) remarks.Add("its VOI LUT function is not known and was taken as LINEAR");
        return new VoiTransform(function switch
        {
            "LINEAR_EXACT" => value => LinearExact(value, center, width),
            "SIGMOID" => value => Sigmoid(value, center, width),
            _ => value => Linear(value, center, width),
        });
    }

    /// <summary>C.11.2.1.2.1: <c>((x - (c - 0.5)) / (w - 1) + 0.5) * 255</c>, w at least 1.</summary>
    public static double Linear(double value, double center, double width)
    {
        var (middle, half) = (center - 0.5, (width - 1) / 2);
        if (value <= middle - half) return 0;
        return value > middle + half ? 255 : (((value - middle) / (width - 1)) + 0.5) * 255;
    }

    /// <summary>C.11.2.1.3.2: <c>((x - c) / w + 0.5) * 255</c>, w more than 0.</summary>
    public static double LinearExact(double value, double center, double width)
    {
        if (value <= center - (width / 2)) return 0;
        return value > center + (width / 2) ? 255 : (((value - center) / width) + 0.5) * 255;
    }

    /// <summary>C.11.2.1.3.1: <c>255 / (1 + exp(-4 (x - c) / w))</c>, w more than 0.</summary>
    public static double Sigmoid(double value, double center, double width) => 255 / (1 + Math.Exp(-4 * (value - center) / width));
}
