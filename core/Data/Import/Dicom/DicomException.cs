namespace MedTransfer.Data.Import.Dicom;

/// <summary>Why a DICOM file cannot be read: a clause that stands after the file's name, with what to do. It holds no value of the file.</summary>
internal sealed class DicomException : Exception
{
    public DicomException(string message) : base(message) { }

    public DicomException(string message, Exception inner) : base(message, inner) { }

    /// <summary>Tags that exclude each other, or values that no tag may have.</summary>
    public static DicomException Contradiction(string what) => new($"{what}, which cannot be: save it again with the program that made it");

    public static DicomException TruncatedPixels() => new("its pixel data ends early, the file is truncated: copy or download it again");

    public static DicomException DamagedPixels(string codec, Exception? inner = null)
    {
        var message = $"its {codec} pixel data is damaged: copy or download it again";
        return inner is null ? new(message) : new(message, inner);
    }
}
