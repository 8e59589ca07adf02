namespace MedTransfer.Data.Import;

/// <summary>An image as its file shows it, upright, before it is made eight bits deep and of one size.</summary>
/// <param name="Width">Pixels, 1 or more.</param>
/// <param name="Height">Pixels, 1 or more.</param>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="Values">Row after row from the top, a pixel's channels beside each other: Height x Width x Channels numbers.</param>
public sealed record DecodedImage(int Width, int Height, int Channels, float[] Values)
{
    /// <summary>What becomes 0 and what becomes 255: 0 and 255 of eight bits, a window's ends; null where the file does not say and percentiles decide.</summary>
    public ValueRange? Range { get; init; }

    /// <summary>Whether the file means large values to be dark (MONOCHROME1): turned round last, after <see cref="Range"/>.</summary>
    public bool IsInverted { get; init; }

    /// <summary>A value that stands for no measurement, which percentiles leave out; null where there is none.</summary>
    public float? Padding { get; init; }

    /// <summary>Who is shown, as the file has it (DICOM's PatientID); never written anywhere but as a salted hash. Null where it does not say.</summary>
    public string? Patient { get; init; }

    /// <summary>Which images belong together where no patient is named (DICOM's StudyInstanceUID); kept no longer than <see cref="Patient"/>. Null where it does not say.</summary>
    public string? Study { get; init; }

    /// <summary>Which images are slices or views of one acquisition (DICOM's SeriesInstanceUID); kept no longer than <see cref="Patient"/>. Null where it does not say.</summary>
    public string? Series { get; init; }

    /// <summary>What was done to it or left out that one might not expect, each kind in the same words for every file, so that they can be counted: <c>transparency was dropped</c>.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}

/// <summary>The values that become black and white.</summary>
/// <param name="Low">Becomes 0, as does what is less.</param>
/// <param name="High">Becomes 255, as does what is more; more than <paramref name="Low"/>.</param>
public readonly record struct ValueRange(double Low, double High);
