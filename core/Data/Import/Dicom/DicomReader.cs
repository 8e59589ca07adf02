using MedTransfer.Data.Formats;
using MedTransfer.Data.Import.Dicom.Encodings;

namespace MedTransfer.Data.Import.Dicom;

/// <summary>
/// Reads images of DICOM files (PS3.10): implicit and explicit, little and big endian, deflated; native, run-length, and JPEG of eight bits or lossless pixel
/// data, and other kinds of JPEG with the programs of GDCM or dcmtk where they are installed. Stored values become those that are shown in the standard's order
/// (PS3.4 N.2): modality table or rescale, then VOI table or window.
/// </summary>
/// <remarks>
/// With a VOI table or a window, values are from 0 to 255 and so is <see cref="DecodedImage.Range"/>. Without, they are the device's; their range is then that of
/// the bits stored in images FOR PRESENTATION, and null in others. Colours have the range of their bits. MONOCHROME1 is told, never turned round. What cannot be read is
/// a <see cref="MedTransferException"/> of one line, which holds no value of a tag.
/// </remarks>
public static class DicomReader
{
    /// <summary>Reads the one frame of a file.</summary>
    public static DecodedImage Read(string path) => Read(path, frame: null);

    /// <summary>Reads one of the frames of a file.</summary>
    /// <param name="frame">From 1; of files of one frame that one is read, whatever is named. Null where files of several are refused.</param>
    /// <param name="admit">Told how many pixels it has before they are unpacked; may wait for memory.</param>
    public static DecodedImage Read(string path, int? frame, Action<long>? admit = null) => Read(path, frame, ExternalConverters.OnPath, admit);

    /// <summary>Whether the first bytes of a file, 132 or more if it has them, are those of a DICOM file, with its preamble or without.</summary>
    public static bool IsDicom(ReadOnlySpan<byte> head) => DicomFile.IsDicom(head);

    internal static DecodedImage Read(string path, int? frame, ExternalConverters converters, Action<long>? admit = null) => FileErrors.Reading(path, () =>
    {
        try
        {
            using var file = DicomFile.Open(path);
            return Read(file, frame, converters, admit);
        }
        catch (DicomException error)
        {
            throw new MedTransferException($"{path}: {error.Message}", error);
        }
    });

    private static DecodedImage Read(DicomFile file, int? frame, ExternalConverters converters, Action<long>? admit)
    {
        var dataSet = file.DataSet;
        if (file.Pixels is not { } pixels) throw new DicomException($"{WithoutPixels(file.SopClass)}: leave it out");
        var image = ImagePixels.Of(dataSet);
        var number = image.Choose(frame);
        admit?.Invoke(image.Pixels);
        var read = ReadFrame(file, pixels, image, number, converters);
        var decoded = read.Image.IsGrey ? GreyImage.Of(read, dataSet, number) : ColourImage.Of(read, dataSet);
        IEnumerable<string> burnedIn = dataSet.Text(DicomTag.BurnedInAnnotation) == "YES" ? ["may show who the patient is (BurnedInAnnotation)"] : [];
        return decoded with
        {
            Patient = dataSet.TextInCharacterSet(DicomTag.PatientId),
            Study = dataSet.Text(DicomTag.StudyInstanceUid),
            Series = dataSet.Text(DicomTag.SeriesInstanceUid),
            Remarks = [.. file.Remarks, .. read.Remarks, .. decoded.Remarks, .. burnedIn],
        };
    }

    private static Frame ReadFrame(DicomFile file, PixelElement pixels, ImagePixels image, int number, ExternalConverters converters)
    {
        try
        {
            return Frame.Read(file, pixels, image, number, converters);
        }
        catch (EndOfStreamException)
        {
            throw DicomException.TruncatedPixels();
        }
    }

    /// <summary>What a file without pixels is, by its SOP class (PS3.4, annex B, and PS3.3, annex F).</summary>
    private static string WithoutPixels(string? sopClass)
    {
        const string Storage = "1.2.840.10008.5.1.4.1.1.";
        return sopClass switch
        {
            Storage + "481.3" => "is a set of contours for radiotherapy (RTSTRUCT) and holds no image",
            Storage + "481.5" or Storage + "481.8" => "is a plan of radiotherapy (RTPLAN) and holds no image",
            Storage + "104.1" => "is a PDF in a DICOM file and holds no image",
            { } uid when uid.StartsWith(Storage + "104.", StringComparison.Ordinal) => "is a document in a DICOM file and holds no image",
            { } uid when uid.StartsWith(Storage + "88.", StringComparison.Ordinal) => "is a structured report (SR) and holds no image",
            { } uid when uid.StartsWith(Storage + "9.", StringComparison.Ordinal) => "is a waveform and holds no image",
            { } uid when uid.StartsWith(Storage + "11.", StringComparison.Ordinal) => "is a presentation state, which says how to show other files, and holds no image",
            "1.2.840.10008.1.3.10" => "is the directory of a medium (DICOMDIR) and holds no image",
            _ => "holds no pixel data",
        };
    }
}
